/**
 * The blocks of a view as rows.
 *
 * @module
 */
import { addressAt } from "./folds.ts";
import type { Lane } from "./lane.ts";
import type { View } from "./protocol.ts";

/** Columns of a row. */
export const COLUMNS = [
  "object",
  "address",
  "requested_bytes",
  "born_op",
  "freed_op",
] as const;

/** Rows that become text at once. */
const ROWS = 8192;

/** The blocks of a view whose x are operations, in order of birth. */
export function blocksIn({ rectangles }: Lane, view: View): number[] {
  const { birth, address, bytes } = rectangles;
  const found: number[] = [];
  const from = Math.floor(view.x0);
  const after = rectangles.bornBy(view.x1);
  for (
    let i = rectangles.next(0, from);
    i < after;
    i = rectangles.next(i + 1, from)
  ) {
    if (address[i]! >= view.y1 || birth[i]! >= view.x1) continue;
    if (address[i]! + Math.max(1, bytes[i]!) > view.y0) found.push(i);
  }
  return found;
}

/** Block `i` as a row: an address in place of a height, "" if it is never freed. */
export function rowOf(
  { rectangles: { birth, death, address, bytes }, folds, end }: Lane,
  i: number,
): (string | number)[] {
  return [
    i,
    addressAt(folds, address[i]!),
    bytes[i]!,
    birth[i]!,
    death[i]! <= end ? death[i]! : "",
  ];
}

/** The rows of `blocks` as lines of CSV, each behind the allocator, piece by piece. */
export function* csvOf(
  lane: Lane,
  blocks: readonly number[],
): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const { text: name } = lane.spec; // which has no comma
  for (let from = 0; from < blocks.length; from += ROWS) {
    let lines = "";
    for (const i of blocks.slice(from, from + ROWS)) {
      lines += `${name},${rowOf(lane, i).join()}\n`;
    }
    yield encoder.encode(lines);
  }
}
