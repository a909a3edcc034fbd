/**
 * A heap at an instant as text: its blocks in address order, and a picture of
 * it, so many bytes a character.
 *
 * @module
 */
import type { Allocator, BlockKind } from "../../allocators/allocator.ts";

/** What the signs mean. */
export const LEGEND: readonly (readonly [string, string])[] = [
  ["[address #object bytes]", "live; 20/24: 20 asked for, 24 usable"],
  ["(address bytes)", "free"],
  ["{address bytes list}", "cached: freed, and kept on a list"],
  ["<address bytes>", "the allocator's own"],
  ["|", "a gap: what follows lies elsewhere"],
];

/** Characters of the longest picture. */
const WIDTH = 72;
/** So many equal blocks are told one by one. */
const RUN = 8;
/** Addresses from here on are hexadecimal. */
const FAR = 2 ** 40;

/** A block as `walk` shows it; `bytes` of a live one are its payload. */
export interface Seen {
  start: number;
  bytes: number;
  kind: BlockKind;
  /** List of a cached block. */
  list?: string;
  /** Bytes of the header before it, of a live block. */
  header: number;
}

/** The object at an address. */
export interface Known {
  /** What the user calls it. */
  name: string;
  /** Bytes it was asked with. */
  size: number;
}

/** The blocks of `heap`; the header of a live block belongs to it. */
export function blocksOf(heap: Allocator): Seen[] {
  const lists = new Map<number, string>();
  heap.eachCached?.((list, start) => lists.set(start, list));
  const blocks: Seen[] = [];
  heap.walk((start, bytes, kind) => {
    const last = blocks.at(-1);
    const list = lists.get(start);
    const block = { start, bytes, kind, header: 0, ...(list && { list }) };
    const isHeader = last?.kind === "meta" && kind === "live" &&
      last.start + last.bytes === start;
    if (isHeader) block.header = blocks.pop()!.bytes;
    blocks.push(block);
  });
  return blocks;
}

/** The blocks in one line; of a long run of equal ones the first. */
export function heapLine(
  blocks: readonly Seen[],
  known: ReadonlyMap<number, Known>,
): string {
  const words: string[] = [];
  for (let i = 0; i < blocks.length;) {
    const { start, bytes, kind, list, header } = blocks[i]!;
    const below = blocks[i - 1];
    if (below && below.start + below.bytes !== start - header) words.push("|");
    words.push(textOf(addressText(start), bytes, kind, {
      list,
      object: known.get(start),
    }));
    let next = i + 1;
    while (next < blocks.length && follows(blocks[next - 1]!, blocks[next]!)) {
      next++;
    }
    const run = next - i;
    if (run > RUN) words.push(`and ${run - 1} more of these`);
    i = run > RUN ? next : i + 1;
  }
  return words.join(" ") || "nothing";
}

/** Whether `above` is right above `below`, equal to it and no object. */
function follows(below: Seen, above: Seen): boolean {
  return above.start === below.start + below.bytes && below.kind !== "live" &&
    below.kind === above.kind && below.bytes === above.bytes &&
    below.list === above.list;
}

function textOf(
  at: string,
  bytes: number,
  kind: BlockKind,
  { list, object }: { list: string | undefined; object: Known | undefined },
): string {
  switch (kind) {
    case "live": {
      const asked = object && object.size !== bytes ? `${object.size}/` : "";
      return `[${at} #${object?.name ?? "?"} ${asked}${bytes}]`;
    }
    case "free":
      return `(${at} ${bytes})`;
    case "cached":
      return `{${at} ${bytes}${list ? ` ${list}` : ""}}`;
    case "meta":
      return `<${at} ${bytes}>`;
    case "foreign":
      return `<${at} ${bytes} somebody else's>`;
  }
}

/** A picture of the blocks; "" if there are none. */
export function picture(
  blocks: readonly Seen[],
  known: ReadonlyMap<number, Known>,
): string {
  const total = blocks.reduce((sum, b) => sum + b.header + b.bytes, 0);
  if (total === 0) return "";
  const unit = 2 ** Math.max(0, Math.ceil(Math.log2(total / WIDTH)));
  const signs = { free: ".", cached: "~", meta: "-", foreign: "#", live: "" };
  let text = "";
  let [end, gaps, done] = [NaN, 0, 0];
  // Every object has a character; what else lies there has its share.
  const draw = (sign: string, bytes: number, least: number) => {
    done += bytes;
    const share = Math.round(done / unit) - (text.length - gaps);
    text += sign.repeat(Math.max(least, share));
  };
  for (const { start, bytes, kind, header } of blocks) {
    if (start - header !== end && text !== "") {
      text += "|";
      gaps++;
    }
    draw("-", header, 0);
    const name = known.get(start)?.name.at(-1) ?? "?";
    draw(signs[kind] || name, bytes, kind === "live" ? 1 : 0);
    end = start + bytes;
  }
  return unit === 1 ? text : `${text}  (${unit} bytes a character)`;
}

/** An address as people read it. */
export function addressText(address: number): string {
  return address < FAR ? `${address}` : `0x${address.toString(16)}`;
}
