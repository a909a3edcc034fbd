/**
 * The way a request took, as bits of one integer, and in words.
 *
 * @module
 */

/** One bit per thing that can happen; in the order in which `inWords` names them. */
export const Path = {
  /** Served by a pop from the tcache. */
  TCACHE: 1 << 0,
  /** Served from the fast bin of its length. */
  FAST: 1 << 1,
  /** Served from the small bin of its length. */
  SMALL: 1 << 2,
  /** Served by a chunk of its length met on the unsorted list. */
  EXACT: 1 << 3,
  /** Served by the last remainder, alone on the unsorted list. */
  LAST_REMAINDER: 1 << 4,
  /** Served from its own large bin. */
  LARGE: 1 << 5,
  /** Served from a bin of longer chunks found in the bitmap. */
  BITMAP: 1 << 6,
  /** Served from the top. */
  TOP: 1 << 7,
  /** The break moved up first. */
  BRK: 1 << 8,
  /** A mapping took the place of the break. */
  BRK_BY_MMAP: 1 << 9,
  /** Served by a mapping of its own. */
  MMAP: 1 << 10,
  /** A mapping was resized. */
  MREMAP: 1 << 11,
  /** A block grew into what lies above it. */
  IN_PLACE: 1 << 12,
  /** A block was copied elsewhere. */
  MOVED: 1 << 13,
  /** A chunk was cut. */
  SPLIT: 1 << 14,
  /** Fast bins were emptied. */
  CONSOLIDATED: 1 << 15,
  /** A chunk was pushed onto the tcache. */
  TO_TCACHE: 1 << 16,
  /** A chunk was pushed onto a fast bin. */
  TO_FAST: 1 << 17,
  /** Free neighbours were joined. */
  COALESCED: 1 << 18,
  /** A chunk went to the unsorted list. */
  TO_UNSORTED: 1 << 19,
  /** A chunk became part of the top. */
  TO_TOP: 1 << 20,
  /** The top was trimmed. */
  TRIMMED: 1 << 21,
  /** A mapping was given back. */
  MUNMAP: 1 << 22,
  /** The dynamic mmap threshold grew. */
  THRESHOLD: 1 << 23,
  /** Refused. */
  REFUSED: 1 << 24,
  /** A chunk went to its small bin, past the unsorted list. */
  TO_SMALL: 1 << 25,
  /** Another heap was mapped for an arena. */
  HEAP: 1 << 26,
  /** A heap of an arena was given back. */
  HEAP_GONE: 1 << 27,
  /** Another arena was asked, because the first had nothing. */
  RETRIED: 1 << 28,
} as const;

const WORDING = [
  "tcache",
  "fast bin",
  "small bin",
  "unsorted list",
  "last remainder",
  "large bin",
  "bitmap scan",
  "top",
  "brk",
  "mmap in place of brk",
  "mmap",
  "mremap",
  "grown in place",
  "moved",
  "split",
  "consolidated",
  "put into tcache",
  "put into fast bin",
  "coalesced",
  "put on unsorted list",
  "merged into top",
  "trimmed",
  "munmap",
  "threshold raised",
  "refused",
  "put into small bin",
  "new heap",
  "heap given back",
  "retried in another arena",
] as const;

/** The bits of `path` in words, separated by commas. */
export function inWords(path: number): string {
  const words = WORDING.filter((_, bit) => (path >> bit & 1) === 1);
  return words.join(", ") || "nothing to do";
}
