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

/** The blocks in one line. */
export function heapLine(
  blocks: readonly Seen[],
  known: ReadonlyMap<number, Known>,
): string {
  let end = blocks[0]?.start ?? 0;
  return blocks.map((block) => {
    const { start, bytes, kind, list, header } = block;
    const gap = start - header === end || block === blocks[0] ? "" : "| ";
    end = start + bytes;
    return gap + textOf(addressText(start), bytes, kind, {
      list,
      object: known.get(start),
    });
  }).join(" ") || "nothing";
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
  let text = "";
  let end = NaN;
  for (const { start, bytes, kind, header } of blocks) {
    if (start - header !== end && text !== "") text += "|";
    const sign = { free: ".", cached: "~", meta: "-", foreign: "#", live: "" };
    const name = known.get(start)?.name.at(-1) ?? "?";
    text += "-".repeat(Math.round(header / unit)) +
      (sign[kind] || name).repeat(Math.max(1, Math.round(bytes / unit)));
    end = start + bytes;
  }
  return unit === 1 ? text : `${text}  (${unit} bytes a character)`;
}

/** An address as people read it. */
export function addressText(address: number): string {
  return address < FAR ? `${address}` : `0x${address.toString(16)}`;
}
