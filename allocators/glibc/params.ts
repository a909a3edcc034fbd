/**
 * What distinguishes one glibc 2.36 malloc from another: the geometry, fixed
 * when the library is built, and the tunables, read when it starts.
 *
 * @module
 */

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
  },
  i386: {
    word: 4,
    align: 16,
    firstLarge: 1008,
    smallBase: 1,
    fineLimit: 45,
    fineBase: 49,
    thresholdCeiling: 512 * 1024,
  },
  armhf: {
    word: 4,
    align: 8,
    firstLarge: 512,
    smallBase: 0,
    fineLimit: 38,
    fineBase: 56,
    thresholdCeiling: 512 * 1024,
  },
};

/** Shortest chunk, in words: header, two links (and the foot of the next). */
export const MIN_WORDS = 4;
/** tcache bins there are: one per chunk length from the shortest on. */
export const TCACHE_BINS = 64;
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
}

/** Numbers of mallopt's parameters. */
export const MALLOPT = {
  MXFAST: 1,
  TRIM_THRESHOLD: -1,
  TOP_PAD: -2,
  MMAP_THRESHOLD: -3,
  MMAP_MAX: -4,
} as const;

const DEFAULT_THRESHOLD = 128 * 1024;
const DEFAULT_TCACHE_COUNT = 7;
const MAX_TCACHE_COUNT = 65_535;
const DEFAULT_MMAP_MAX = 65_536;

/** What the allocator goes by at an instant. */
export class Settings {
  /** Chunks a tcache bin can hold. */
  tcacheCount = DEFAULT_TCACHE_COUNT;
  /** tcache bins in use, 1..64. */
  tcacheBins = TCACHE_BINS;
  /** Chunks filed before a scan returns what it cached; 0: no limit. */
  tcacheUnsortedLimit = 0;
  /** Longest chunk that goes to a fast bin, in bytes. */
  maxFast: number;
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

  private readonly geometry: Geometry;

  /** The defaults of `geometry`, changed by `tunables`. */
  constructor(geometry: Geometry, tunables: Readonly<Tunables>) {
    this.geometry = geometry;
    this.maxFast = this.fastLimit(16 * geometry.word);
    const set = (value: number, apply: (value: number) => void) => {
      if (value !== UNSET) apply(value);
    };
    set(tunables.tcache_count, (value) => {
      if (value <= MAX_TCACHE_COUNT) this.tcacheCount = value;
    });
    set(tunables.tcache_max, (value) => this.limitTcache(value));
    set(tunables.tcache_unsorted_limit, (value) => {
      this.tcacheUnsortedLimit = value;
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
  }

  /** Sets a parameter by its number; unknown ones change nothing. */
  mallopt(parameter: number, value: number): void {
    const unsigned = value < 0 ? value + 2 ** (8 * this.geometry.word) : value;
    switch (parameter) {
      case MALLOPT.MXFAST:
        if (unsigned <= 20 * this.geometry.word) {
          this.maxFast = this.fastLimit(value);
        }
        return;
      case MALLOPT.TRIM_THRESHOLD:
        this.trimThreshold = unsigned;
        break;
      case MALLOPT.TOP_PAD:
        this.topPad = value;
        break;
      case MALLOPT.MMAP_THRESHOLD:
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
    const longest = shortest + (TCACHE_BINS - 1) * align - word;
    if (request > longest) return;
    const chunk = Math.max(shortest, (request + word + align - 1) & -align);
    this.tcacheBins = Math.ceil((chunk - shortest) / align) + 1;
  }
}
