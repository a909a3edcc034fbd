/**
 * Numbers as words, and columns side by side.
 *
 * @module
 */
import { textTable } from "../measures/text_table.ts";

export { plural } from "../traces/plural.ts";

/** A share, in per cent. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** An index of the kernel's, which counts in thousandths. */
export function thousandths(index: number): string {
  return (index / 1000).toFixed(3);
}

/** Bytes in MiB. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Bytes in MiB, or in KiB if they are less than one. */
export function memory(bytes: number): string {
  return bytes < 2 ** 20
    ? `${Number((bytes / 2 ** 10).toFixed(1))} KiB`
    : mebibytes(bytes);
}

/** Bytes in the largest unit that leaves a whole number: `64 KiB`. */
export function exactBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  for (; unit < 5 && bytes > 0 && bytes % 1024 === 0; unit++) bytes /= 1024;
  return `${bytes} ${units[unit]}`;
}

/** Ascending whole numbers, neighbours joined: `0..3, 5`. */
export function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length;) {
    let end = i;
    while (numbers[end + 1] === numbers[end]! + 1) end++;
    parts.push(
      end === i ? `${numbers[i]}` : `${numbers[i]}..${numbers[end]}`,
    );
    i = end + 1;
  }
  return parts.join(", ");
}

/** `order 3`, `orders 0..2, 5`. */
export function ordersIn(orders: readonly number[]): string {
  return `${orders.length === 1 ? "order" : "orders"} ${ranges(orders)}`;
}

/** `order 3 is`, `orders 0..2, 5 are`. */
export function ordersAre(orders: readonly number[]): string {
  return `${ordersIn(orders)} ${orders.length === 1 ? "is" : "are"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], join = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${join} ${words.at(-1)}`;
}

/** Rows as lines: the first column and the last to the left, others right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const last = rows[0]!.length - 1;
  const align = rows[0]!.map((_, i) =>
    i === 0 || i === last ? "left" : "right"
  );
  return textTable(rows, align).slice(0, -1).split("\n");
}
