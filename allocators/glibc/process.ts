/**
 * What all arenas and threads of a process share.
 *
 * Fields here and in the files beside it are declared, not defined, where the
 * constructor sets them: a defined field begins as undefined, and V8 then
 * checks what it holds at each access.
 *
 * @module
 */
import { Counters } from "../allocator.ts";
import type { PageSource } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { Chunk } from "./chunk.ts";
import { Mappings } from "./mappings.ts";
import { type Geometry, Settings, type Tunables } from "./params.ts";
import type { Tcache } from "./tcache.ts";
import type { Version } from "./versions.ts";

const { MIN_WORDS } = Chunk;

/** Settings, mappings and the thread that is running. */
export class Process {
  readonly counters: Counters = new Counters();
  declare readonly settings: Settings;
  declare readonly mappings: Mappings;
  /** Every arena, in order of creation; the first is main. */
  readonly arenas: Arena[] = [];
  /** Whether main is the only one. */
  alone = true;
  /** Arena of the chunk that was taken last, by a search or from a tcache. */
  declare from: Arena;
  /** The tcache of the running thread. */
  declare tcache: Tcache;
  /** Makes the running thread's tcache, perhaps for a search `within` an arena. */
  declare makeTcache: (within?: Arena) => void;
  /** Bytes in the segments of all arenas. */
  segmentBytes = 0;
  /** Bits of `Path`: what the last request did. */
  path = 0;
  /** Longest chunk that fast bins take, in words; 0: none. */
  declare maxFastWords: number;
  declare readonly word: number;
  // A chunk is as long as its request, padded and rounded down by the mask.
  declare private readonly padding: number;
  declare private readonly mask: number;
  declare private readonly wordShift: number;

  declare readonly geometry: Geometry;
  declare readonly version: Version;
  declare readonly source: PageSource;

  /** A process before its first request. */
  constructor(
    geometry: Geometry,
    version: Version,
    tunables: Readonly<Tunables>,
    source: PageSource,
  ) {
    this.geometry = geometry;
    this.version = version;
    this.source = source;
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
    if (request >= 2 ** 30) return this.longChunkWords(request);
    const words = (request + this.padding & this.mask) >> this.wordShift;
    return words < MIN_WORDS ? MIN_WORDS : words;
  }

  /** As `chunkWords`, where 32 bits may not do. */
  private longChunkWords(request: number): number {
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
