/**
 * The binary logarithm of whole numbers, exact where Math.log2 rounds.
 *
 * @module
 */

/** floor(log2(`n`)) for whole `n`, 1 <= n < 2^53. */
export function log2(n: number): number {
  return n < 2 ** 32 ? 31 - Math.clz32(n) : 63 - Math.clz32(n / 2 ** 32);
}
