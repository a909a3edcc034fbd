/**
 * What all arenas and threads of a process share.
 *
 * @module
 */
import { Counters } from "../allocator.ts";
import type { PageSource } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { Mappings } from "./mappings.ts";
import { type Geometry, MIN_WORDS, Settings, type Tunables } from "./params.ts";
import type { Tcache } from "./tcache.ts";
import type { Version } from "./versions.ts";

/** What serving a request returns for a mapping; see `Mappings.last`. */
export const MAPPED = -1;

/** Settings, mappings and the thread that is running. */
export class Process {
  readonly counters: Counters = new Counters();
  readonly settings: Settings;
  readonly mappings: Mappings;
  /** Every arena, in order of creation; the first is main. */
  readonly arenas: Arena[] = [];
  /** Whether main is the only one. */
  alone = true;
  /** The tcache of the running thread. */
  tcache!: Tcache;
  /** Makes the running thread's tcache, perhaps for a search `within` an arena. */
  makeTcache!: (within?: Arena) => void;
  /** Bytes in the segments of all arenas. */
  segmentBytes = 0;
  /** Bits of `Path`: what the last request did. */
  path = 0;
  /** Longest chunk that fast bins take, in words; 0: none. */
  maxFastWords: number;
  readonly word: number;
  // A chunk is as long as its request, padded and rounded down by the mask.
  private readonly padding: number;
  private readonly mask: number;
  private readonly wordShift: number;

  /** A process before its first request. */
  constructor(
    readonly geometry: Geometry,
    readonly version: Version,
    tunables: Readonly<Tunables>,
    readonly source: PageSource,
  ) {
    const { word, align } = geometry;
    this.word = word;
    this.wordShift = Math.log2(word);
    this.padding = word + align - 1;
    this.mask = -align;
    this.settings = new Settings(geometry, version, tunables);
    this.mappings = new Mappings(geometry, version, this.settings, source);
    this.maxFastWords = this.settings.maxFast / word;
  }

  /** Words of the chunk for `request` payload bytes; 0 if that is too much. */
  chunkWords(request: number): number {
    if (request < 2 ** 30) {
      const words = (request + this.padding & this.mask) >> this.wordShift;
      return words < MIN_WORDS ? MIN_WORDS : words;
    }
    const { word, align } = this.geometry;
    if (request >= 2 ** (8 * word - 1)) return 0;
    return Math.floor((request + this.padding) / align) * (align / word);
  }

  /** `bytes` as an unsigned number of the machine. */
  unsigned(bytes: number): number {
    return bytes < 0 ? bytes + 2 ** (8 * this.word) : bytes;
  }

  /** `bytes` as a signed number of the machine. */
  signed(bytes: number): number {
    const modulus = 2 ** (8 * this.word);
    if (bytes >= modulus / 2) return bytes - modulus;
    return bytes < -modulus / 2 ? bytes + modulus : bytes;
  }
}
