/**
 * The binary logarithm of whole numbers, exact where Math.log2 rounds.
 *
 * @module
 */

/** floor(log2(`n`)) for whole `n`, 1 <= n < 2^53. */
export function log2(n: number): number {
  return n < 2 ** 32 ? 31 - Math.clz32(n) : 63 - Math.clz32(n / 2 ** 32);
}

/** Throws `RangeError` unless `alignment` is a power of two, of any length. */
export function checkAlignment(alignment: number): void {
  if (
    alignment >= 1 && alignment < Infinity &&
    2 ** Math.round(Math.log2(alignment)) === alignment
  ) return;
  throw new RangeError(`Alignment ${alignment} is not a power of two`);
}
