/**
 * What distinguishes the versions of glibc's malloc from each other.
 *
 * A column a fact, a row a version: reading down a column shows when a rule
 * changed. Whatever is not named here is the same in all of them.
 *
 * Source: glibc 2.31 to 2.44 as Debian builds them, observed.
 *
 * @module
 */

/** How many bytes a request needs where the break is refused. */
export type FallbackRule =
  /** As much as the break would have got; at least 1 MiB. */
  | "need"
  /** The same in whole MiB. */
  | "whole MiB"
  /** The request and the top pad, whatever the old top has; at least 1 MiB. */
  | "request";

/** The facts of one version. */
export interface Version {
  /** Chunks of one tcache bin by default. */
  readonly tcacheCount: number;
  /** tcache bins of several lengths, beyond the 64 of one length each. */
  readonly largeTcacheBins: 0 | 12;
  /** Whether the tcache's table comes with the first request, or when it is needed. */
  readonly tcacheFirst: boolean;
  /** Whether the table is padded twice when a request makes it. */
  readonly tcachePaddedTwice: boolean;
  /** Whether calloc and memalign look into the tcache. */
  readonly tcacheForAll: boolean;
  /** Whether an exact fit on the unsorted list goes to the tcache and the scan goes on. */
  readonly stashesUnsorted: boolean;
  /** Whether there are fast bins. */
  readonly fastBins: boolean;
  /** Whether a freed chunk of small length goes to its bin, past the unsorted list. */
  readonly filesSmall: boolean;
  /** Whether what memalign cuts off coalesces at once, and is cut off from the shortest length on. */
  readonly alignedEndsCoalesce: boolean;
  /** Which requests choose an arena before they are refused as too long. */
  readonly refusedInArena: "none" | "memalign" | "all";
  /** Whether all that malloc itself frees coalesces at once. */
  readonly ownFreesCoalesce: boolean;
  /** Whether a mapped chunk has room for the header of one above it. */
  readonly mappedHeadroom: boolean;
  /** Whether mmap_threshold is refused above its ceiling. */
  readonly thresholdRefused: boolean;
  /** Whether arena_test itself is the most arenas, however many cores there are. */
  readonly byTest: boolean;
  /** Length of a mapping in place of the break. */
  readonly fallback: FallbackRule;
  /** Whether the tunables tcache_unsorted_limit and hugetlb exist. */
  readonly unsortedLimit: boolean;
  readonly hugePages: boolean;
  /** Whether the text of GLIBC_TUNABLES moves the start of the heap. */
  readonly movesHeap: boolean;
  /** Whether figures are 32-bit numbers (mallinfo instead of mallinfo2). */
  readonly shortFigures: boolean;
}

/** 2.36, which the others are told apart from. */
const GLIBC_2_36: Version = {
  tcacheCount: 7,
  largeTcacheBins: 0,
  tcacheFirst: true,
  tcachePaddedTwice: false,
  tcacheForAll: false,
  stashesUnsorted: true,
  fastBins: true,
  filesSmall: false,
  alignedEndsCoalesce: false,
  refusedInArena: "memalign",
  ownFreesCoalesce: false,
  mappedHeadroom: false,
  thresholdRefused: false,
  byTest: false,
  fallback: "whole MiB",
  unsortedLimit: true,
  hugePages: true,
  movesHeap: false,
  shortFigures: false,
};

const GLIBC_2_41: Version = {
  ...GLIBC_2_36,
  tcacheForAll: true,
  filesSmall: true,
  alignedEndsCoalesce: true,
  refusedInArena: "none",
  fallback: "need",
};

const GLIBC_2_43: Version = {
  ...GLIBC_2_41,
  tcacheCount: 16,
  largeTcacheBins: 12,
  tcacheFirst: false,
  tcachePaddedTwice: true,
  fastBins: false,
  refusedInArena: "all",
  ownFreesCoalesce: true,
  mappedHeadroom: true,
  fallback: "request",
};

/** All versions, by name. */
export const VERSIONS = {
  "2.31": {
    ...GLIBC_2_36,
    thresholdRefused: true,
    fallback: "need",
    hugePages: false,
    movesHeap: true,
    shortFigures: true,
  },
  "2.36": GLIBC_2_36,
  "2.41": GLIBC_2_41,
  "2.43": GLIBC_2_43,
  "2.44": {
    ...GLIBC_2_43,
    tcachePaddedTwice: false,
    stashesUnsorted: false,
    byTest: true,
    unsortedLimit: false,
  },
} as const satisfies Record<string, Version>;

/** The name of a version. */
export type VersionName = keyof typeof VERSIONS;
