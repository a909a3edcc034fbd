/**
 * Regions of 2 MiB, and words of one bit per page: the arithmetic of a page
 * table.
 *
 * @module
 */
import type { Address } from "../allocator.ts";
import { PAGE } from "../pages.ts";

/** Bytes that one table, and one huge page, spans. */
export const REGION = 2 ** 21;
/** Pages of a region. */
export const PAGES: number = REGION / PAGE;
/** Words of 32 bits, one bit a page. */
export const WORDS: number = PAGES / 32;

/** Page of the byte before `end`, which is an offset in a region or above. */
export function lastPage(end: number): number {
  return Math.min(end, REGION) - 1 >> 12;
}

/** Bits of the pages `first` .. `last` that lie in word `w`. */
export function maskOf(w: number, first: number, last: number): number {
  const low = Math.max(first - 32 * w, 0);
  const high = Math.min(last - 32 * w, 31);
  return (-1 << low) & (-1 >>> (31 - high));
}

/** Number of bits set. */
export function population(word: number): number {
  let n = word - (word >>> 1 & 0x5555_5555);
  n = (n & 0x3333_3333) + (n >>> 2 & 0x3333_3333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Whether `low` .. `high` - 1 holds the region of `at`. */
export function isWhole(at: Address, low: Address, high: Address): boolean {
  const base = Math.floor(at / REGION) * REGION;
  return low <= base && base + REGION <= high;
}

/** The first byte of the region behind that of `address`. */
export function regionAfter(address: Address): Address {
  return (Math.floor(address / REGION) + 1) * REGION;
}
