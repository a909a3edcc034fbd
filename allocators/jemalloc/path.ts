/**
 * The way a request took, as bits of one integer, and in words.
 *
 * @module
 */

/** One bit per thing that can happen; in the order in which `inWords` names them. */
export const Path = {
  /** From the thread's cache. */
  CACHE: 1 << 0,
  /** The cache was filled from slabs. */
  FILLED: 1 << 1,
  /** A slab was made. */
  NEW_SLAB: 1 << 2,
  /** A block with an extent of its own. */
  LARGE: 1 << 3,
  /** In the arena of huge blocks. */
  HUGE: 1 << 4,
  /** An extent with resident pages was used again. */
  DIRTY: 1 << 5,
  /** An extent without pages was used. */
  RETAINED: 1 << 6,
  /** Memory was mapped. */
  MAPPED: 1 << 7,
  /** A block kept its place. */
  IN_PLACE: 1 << 8,
  /** A block was copied elsewhere. */
  MOVED: 1 << 9,
  /** Into the thread's cache. */
  CACHED: 1 << 10,
  /** Part of a cache was flushed. */
  FLUSHED: 1 << 11,
  /** A slab without blocks was freed. */
  SLAB_GONE: 1 << 12,
  /** An extent was freed. */
  FREED: 1 << 13,
  /** Free extents were merged. */
  MERGED: 1 << 14,
  /** The collector looked at the cache. */
  COLLECTED: 1 << 15,
  /** Pages were given back. */
  PURGED: 1 << 16,
  /** Refused. */
  REFUSED: 1 << 17,
} as const;

const WORDING = [
  "cached block",
  "cache filled from slabs",
  "new slab",
  "extent of its own",
  "huge arena",
  "dirty extent",
  "retained extent",
  "mmap",
  "in place",
  "moved",
  "to the cache",
  "cache flushed",
  "slab freed",
  "extent freed",
  "merged",
  "cache collected",
  "pages purged",
  "refused",
] as const;

/** The bits of `path` in words, separated by commas. */
export function inWords(path: number): string {
  return WORDING.filter((_, bit) => (path >> bit & 1) === 1).join(", ");
}
