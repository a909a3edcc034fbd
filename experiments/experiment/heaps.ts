/**
 * The heaps that experiments compare unless their question needs others.
 *
 * @module
 */

/** Specs that serve any size and grow as they must. */
export const HEAPS: readonly string[] = [
  "first_fit",
  "best_fit",
  "next_fit",
  "worst_fit",
  "kingsley",
  "tlsf",
  "glibc",
];

/**
 * glibc without what holds chunks out of coalescing, mappings and trimming:
 * every free chunk is in a bin, all memory in one piece.
 */
export const GLIBC_UNCACHED =
  "glibc:tcache_count=0:mxfast=0:mmap_threshold=1073741824:trim_threshold=1073741824";

/** The same with the tcache as it comes. */
export const GLIBC_CACHED =
  "glibc:mxfast=0:mmap_threshold=1073741824:trim_threshold=1073741824";

/** A sequential fit as the literature has it: no headers, no alignment. */
export function pure(policy: string): string {
  return `${policy}:header=0:align=1`;
}
