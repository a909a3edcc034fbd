/**
 * What chunks look like in the image of an arena.
 *
 * A chunk is named by the index c of its first word; with n its length:
 * ```
 * field[c]      length of the chunk below, valid only while that is free
 * field[c + 1]  n | BELOW_IN_USE | LIVE
 * field[c + 2]  next on its list: fd in a bin; in a fast bin; or stale
 * field[c + 3]  previous in its bin: bk; or stale
 * field[c + 4]  next smaller length in its large bin (fd_nextsize); or 0
 * field[c + 5]  next larger length in its large bin (bk_nextsize); or 0
 * ```
 * A payload starts at word c + 2 and ends with word c + n, the unused first
 * word of the chunk above. n is even, so bit 0 is spare. Chunk 0 is no chunk.
 *
 * Modules take these numbers apart at their top: V8 folds the constants of a
 * module itself, and looks up imported ones each time.
 *
 * @module
 */

/** Bits of a header, lengths in words, and what stands for a chunk. */
export const Chunk = {
  /** Set in a header while the chunk below is live or cached. */
  BELOW_IN_USE: 1,
  /** The sign bit, set in a header while the program holds the chunk. */
  LIVE: 1 << 31,
  /** Picks the length in words out of a header. */
  WORDS: 0x7ffffffe,
  /** Shortest chunk: header, two links (and the foot of the next). */
  MIN_WORDS: 4,
  /** What serving a request returns for a mapping; see `Mappings.last`. */
  MAPPED: -1,
} as const;
