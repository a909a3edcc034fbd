/**
 * The way a request took, as bits of one integer, and in words.
 *
 * @module
 */

/** One bit per thing that can happen; in the order in which `inWords` names them. */
export const Path = {
  /** The class was next to empty: the next longer one serves. */
  LONGER_CLASS: 1 << 0,
  /** Freed slots of the ring's groups were made available. */
  REFILLED: 1 << 1,
  /** Slots of a group were used for the first time. */
  ACTIVATED: 1 << 2,
  /** A group was laid into a slot of a longer class. */
  NESTED: 1 << 3,
  /** A group was mapped. */
  MAPPED: 1 << 4,
  /** A group of one slot, as long as the request, was mapped. */
  INDIVIDUAL: 1 << 5,
  /** The class bounces: its groups are as long as they can be, and stay. */
  BOUNCING: 1 << 6,
  /** Served by a mapping of its own. */
  MMAP: 1 << 7,
  /** A mapping was resized. */
  MREMAP: 1 << 8,
  /** A block kept its slot. */
  IN_PLACE: 1 << 9,
  /** A block was copied elsewhere. */
  MOVED: 1 << 10,
  /** A slot was freed. */
  FREED: 1 << 11,
  /** The last slot in use of a group was freed: the group went. */
  GROUP_GONE: 1 << 12,
  /** A mapping was given back. */
  MUNMAP: 1 << 13,
  /** Refused. */
  REFUSED: 1 << 14,
} as const;

const WORDING = [
  "next longer class",
  "freed slots made available",
  "more slots activated",
  "new group in a slot",
  "new group mapped",
  "group of one slot mapped",
  "class bounces",
  "mmap",
  "mremap",
  "in place",
  "moved",
  "slot freed",
  "group given up",
  "munmap",
  "refused",
] as const;

/** The bits of `path` in words, separated by commas. */
export function inWords(path: number): string {
  const words = WORDING.filter((_, bit) => (path >> bit & 1) === 1);
  return words.join(", ") || "slot available";
}
