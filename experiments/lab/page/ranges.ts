/**
 * Stretches of an axis: zooming, panning, round numbers along them, and numbers
 * as people read them.
 *
 * @module
 */

/** From `from` to `to`. */
export interface Range {
  from: number;
  to: number;
}

/** `range` so that it lies within `all` and is not shorter than `least`. */
export function within(range: Range, all: Range, least: number): Range {
  const length = Math.min(
    all.to - all.from,
    Math.max(least, range.to - range.from),
  );
  const middle = (range.from + range.to) / 2;
  const from = Math.min(
    Math.max(
      all.from,
      range.to - range.from < least ? middle - length / 2 : range.from,
    ),
    all.to - length,
  );
  return { from, to: from + length };
}

/** `range` with `factor` times its length; the point `at` stays where it is. */
export function zoomed({ from, to }: Range, factor: number, at: number): Range {
  return { from: at - (at - from) * factor, to: at + (to - at) * factor };
}

/** `range` moved by `share` of its length. */
export function moved({ from, to }: Range, share: number): Range {
  const by = share * (to - from);
  return { from: from + by, to: to + by };
}

/** `range` of the same length around `at`, if it does not hold that already. */
export function showing(range: Range, at: number): Range {
  if (range.from <= at && at < range.to) return range;
  const half = (range.to - range.from) / 2;
  return { from: at - half, to: at + half };
}

/** Up to `most` round numbers in a range, at least `least` apart. */
export function ticks(
  { from, to }: Range,
  most: number,
  least = 0,
): number[] {
  const rough = Math.max(least, (to - from) / most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const found: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    found.push(Number(at.toPrecision(12)));
  }
  return found;
}

const COUNT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A count: 1,234,567. */
export function countText(n: number): string {
  return COUNT.format(n);
}

/** A count of operations: 1 operation, 1,234 operations. */
export function operationsText(n: number): string {
  return `${countText(n)} operation${n === 1 ? "" : "s"}`;
}

/** Bytes: 512 B, 1.5 KiB, 20 MiB. */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let n = bytes;
  while (Math.abs(n) >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  const digits = unit === 0 || Math.abs(n) >= 100 ? 0 : 1;
  return `${n.toFixed(digits)} ${units[unit]}`;
}

/** An address: 0x5555555592a0. */
export function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

/** A share: 12.5 %. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
