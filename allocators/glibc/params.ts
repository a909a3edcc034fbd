/**
 * What a glibc malloc goes by: the geometry, fixed when the library is built,
 * and the tunables, read when it starts.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import { Chunk } from "./chunk.ts";
import type { Version } from "./versions.ts";

const { MIN_WORDS } = Chunk;

/** A choice of word, alignment and bins; lengths in bytes. */
export interface Geometry {
  /** Length of size_t. */
  readonly word: 4 | 8;
  /** Chunk lengths and payload addresses are multiples of this. */
  readonly align: 8 | 16;
  /** Chunks from this length on go to large bins. */
  readonly firstLarge: number;
  /** Added to length / align for the index of a small bin. */
  readonly smallBase: 0 | 1;
  /** Large chunks with length >> 6 up to this lie 64 bytes apart. */
  readonly fineLimit: number;
  /** Added to length >> 6 for the index of those. */
  readonly fineBase: number;
  /** The mmap threshold does not grow past this by itself. */
  readonly thresholdCeiling: number;
  /** Longest heap of an arena but the main one; heaps lie at multiples of it. */
  readonly heapMax: number;
  /** Bytes before the arena's record in each of those heaps. */
  readonly heapInfo: number;
  /** Bytes of the arena's record, in its first heap. */
  readonly arenaBytes: number;
  /** Bytes of that for fast bins, where there are any. */
  readonly fastBinBytes: number;
}

/** x86-64; i386, whose payloads are aligned to four words; and armhf, the classical one. */
export const GEOMETRIES: Readonly<
  Record<"x86_64" | "i386" | "armhf", Geometry>
> = {
  x86_64: {
    word: 8,
    align: 16,
    firstLarge: 1024,
    smallBase: 0,
    fineLimit: 48,
    fineBase: 48,
    thresholdCeiling: 32 * 2 ** 20,
    heapMax: 64 * 2 ** 20,
    heapInfo: 48,
    arenaBytes: 2200,
    fastBinBytes: 88,
  },
  i386: {
    word: 4,
    align: 16,
    firstLarge: 1008,
    smallBase: 1,
    fineLimit: 45,
    fineBase: 49,
    thresholdCeiling: 512 * 1024,
    heapMax: 2 ** 20,
    heapInfo: 24,
    arenaBytes: 1116,
    fastBinBytes: 48,
  },
  armhf: {
    word: 4,
    align: 8,
    firstLarge: 512,
    smallBase: 0,
    fineLimit: 38,
    fineBase: 56,
    thresholdCeiling: 512 * 1024,
    heapMax: 2 ** 20,
    heapInfo: 24,
    arenaBytes: 1116,
    fastBinBytes: 44,
  },
};

/** tcache bins of one chunk length each, from the shortest on. */
export const TCACHE_BINS = 64;
/** log2 of the shortest length of the first tcache bin of several lengths. */
const FIRST_LARGE_TCACHE = 10;
/** The value of a tunable that is not set. */
export const UNSET = -1;

/** Settings as the environment gives them; {@linkcode UNSET} or >= 0. */
export interface Tunables {
  /** Chunks a tcache bin can hold. */
  tcache_count: number;
  /** Longest request served from the tcache, in bytes. */
  tcache_max: number;
  /** Chunks filed before a scan returns what it cached; 0: no limit. */
  tcache_unsorted_limit: number;
  /** Longest request served from fast bins, in bytes. */
  mxfast: number;
  /** Requests from this many bytes on are mapped. */
  mmap_threshold: number;
  /** Mappings that can be live at once. */
  mmap_max: number;
  /** Length of the top, in bytes, from which on it is trimmed. */
  trim_threshold: number;
  /** Bytes asked from the system beyond the need. */
  top_pad: number;
  /** Most arenas, the main one included. */
  arena_max: number;
  /** Arenas from which on their number is limited by that of the cores. */
  arena_test: number;
  /** 1: growth ends at multiples of 2 MiB. */
  hugetlb: number;
}

/** Tunables of which none is set. */
export const NO_TUNABLES: Readonly<Tunables> = {
  tcache_count: UNSET,
  tcache_max: UNSET,
  tcache_unsorted_limit: UNSET,
  mxfast: UNSET,
  mmap_threshold: UNSET,
  mmap_max: UNSET,
  trim_threshold: UNSET,
  top_pad: UNSET,
  arena_max: UNSET,
  arena_test: UNSET,
  hugetlb: UNSET,
};

/** Numbers of mallopt's parameters. */
export const MALLOPT = {
  MXFAST: 1,
  TRIM_THRESHOLD: -1,
  TOP_PAD: -2,
  MMAP_THRESHOLD: -3,
  MMAP_MAX: -4,
  ARENA_TEST: -7,
  ARENA_MAX: -8,
} as const;

const DEFAULT_THRESHOLD = 128 * 1024;
const MAX_TCACHE_COUNT = 65_535;
const DEFAULT_MMAP_MAX = 65_536;

/** What the allocator goes by at an instant. */
export class Settings {
  /** Chunks a tcache bin can hold. */
  declare tcacheCount: number;
  /** tcache bins of one length in use, 1..64. */
  tcacheBins = TCACHE_BINS;
  /** Longest chunk that goes through the tcache, in bytes. */
  declare tcacheLimit: number;
  /** Chunks filed before a scan returns what it cached; 0: no limit. */
  tcacheUnsortedLimit = 0;
  /** Longest chunk that goes to a fast bin, in bytes; 0: none does. */
  declare maxFast: number;
  /** Shortest chunk that is mapped, in bytes, unsigned. */
  mmapThreshold = DEFAULT_THRESHOLD;
  /** Mappings that can be live at once; negative: none. */
  mmapMax = DEFAULT_MMAP_MAX;
  /** Shortest top that is trimmed, in bytes, unsigned. */
  trimThreshold = DEFAULT_THRESHOLD;
  /** Extra bytes at each growth, signed. */
  topPad = DEFAULT_THRESHOLD;
  /** Whether freeing a mapping can raise the mmap threshold. */
  dynamic = true;
  /** Most arenas; 0: as many as the cores allow. */
  arenaMax = 0;
  /** Arenas from which on the cores limit their number. */
  declare arenaTest: number;
  /** Growth and trims of main end at multiples of this. */
  declare readonly growthUnit: number;

  declare private readonly geometry: Geometry;
  declare private readonly version: Version;

  /** The defaults of `geometry` and `version`, changed by `tunables`. */
  constructor(
    geometry: Geometry,
    version: Version,
    tunables: Readonly<Tunables>,
  ) {
    this.geometry = geometry;
    this.version = version;
    const { word, align } = geometry;
    this.tcacheCount = version.tcacheCount;
    this.tcacheLimit = MIN_WORDS * word + (TCACHE_BINS - 1) * align;
    this.maxFast = version.fastBins ? this.fastLimit(16 * word) : 0;
    this.arenaTest = word === 8 ? 8 : 2;
    this.growthUnit = version.hugePages && tunables.hugetlb === 1
      ? 2 ** 21
      : PAGE;
    const set = (value: number, apply: (value: number) => void) => {
      if (value !== UNSET) apply(value);
    };
    set(tunables.tcache_count, (value) => {
      if (value <= MAX_TCACHE_COUNT) this.tcacheCount = value;
    });
    set(tunables.tcache_max, (value) => this.limitTcache(value));
    set(tunables.tcache_unsorted_limit, (value) => {
      if (version.unsortedLimit) this.tcacheUnsortedLimit = value;
    });
    set(tunables.mxfast, (value) => this.mallopt(MALLOPT.MXFAST, value));
    set(tunables.mmap_threshold, (value) => {
      this.mallopt(MALLOPT.MMAP_THRESHOLD, value);
    });
    set(tunables.mmap_max, (value) => this.mallopt(MALLOPT.MMAP_MAX, value));
    set(tunables.trim_threshold, (value) => {
      this.mallopt(MALLOPT.TRIM_THRESHOLD, value);
    });
    set(tunables.top_pad, (value) => this.mallopt(MALLOPT.TOP_PAD, value));
    set(tunables.arena_max, (value) => this.mallopt(MALLOPT.ARENA_MAX, value));
    set(tunables.arena_test, (value) => {
      this.mallopt(MALLOPT.ARENA_TEST, value);
    });
  }

  /** Sets a parameter by its number; unknown ones change nothing. */
  mallopt(parameter: number, value: number): void {
    const { word, thresholdCeiling } = this.geometry;
    const unsigned = value < 0 ? value + 2 ** (8 * word) : value;
    switch (parameter) {
      case MALLOPT.MXFAST:
        if (this.version.fastBins && unsigned <= 20 * word) {
          this.maxFast = this.fastLimit(value);
        }
        return;
      case MALLOPT.ARENA_TEST:
        if (value > 0) this.arenaTest = value;
        return;
      case MALLOPT.ARENA_MAX:
        if (value > 0) this.arenaMax = value;
        return;
      case MALLOPT.TRIM_THRESHOLD:
        this.trimThreshold = unsigned;
        break;
      case MALLOPT.TOP_PAD:
        this.topPad = value;
        break;
      case MALLOPT.MMAP_THRESHOLD:
        if (this.version.thresholdRefused && unsigned > thresholdCeiling) {
          return;
        }
        this.mmapThreshold = unsigned;
        break;
      case MALLOPT.MMAP_MAX:
        this.mmapMax = value;
        break;
      default:
        return;
    }
    this.dynamic = false;
  }

  /** A mapped chunk of `bytes` was freed: such blocks shall come from the heap. */
  raiseThreshold(bytes: number): void {
    this.mmapThreshold = bytes;
    this.trimThreshold = 2 * bytes;
  }

  private fastLimit(request: number): number {
    const { word, align } = this.geometry;
    // Requests below this would round to a chunk shorter than the shortest.
    if (request <= align - 1 - word) return 2 * word;
    return (request + word) & -align;
  }

  private limitTcache(request: number): void {
    const { word, align } = this.geometry;
    const shortest = MIN_WORDS * word;
    const longest = shortest + (TCACHE_BINS - 1) * align;
    const beyond = 2 ** (FIRST_LARGE_TCACHE + this.version.largeTcacheBins);
    if (request + word > longest && request + word + align > beyond) return;
    const chunk = Math.max(
      shortest,
      Math.floor((request + word + align - 1) / align) * align,
    );
    this.tcacheLimit = chunk;
    this.tcacheBins = chunk > longest
      ? TCACHE_BINS
      : Math.ceil((chunk - shortest) / align) + 1;
  }
}
