/**
 * glibc's malloc: the same addresses, request by request, as the real library.
 *
 * A request is served from the tcache of its thread if that holds a chunk of
 * its length; else by the search of the thread's arena (`search.ts`), which
 * takes from bins, from the top, or from the system. A freed chunk goes to the
 * tcache, else back to the arena it is from (`arena.ts`).
 *
 * Simplified: requests are made one at a time; no detection of corruption.
 *
 * Source: the behaviour of glibc 2.31 to 2.44 (Debian), observed.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type ArenaFigures,
  type BlockVisitor,
  type CensusRow,
  type Control,
  type Counters,
  type ListVisitor,
  type Mallinfo,
  notLive,
  NULL,
  type Place,
  type Threading,
  type Usage,
} from "../allocator.ts";
import type { PageSource } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { Chunk } from "./chunk.ts";
import { GlibcControl } from "./control.ts";
import { Inspection } from "./inspect.ts";
import {
  GEOMETRIES,
  type Geometry,
  NO_TUNABLES,
  type Tunables,
} from "./params.ts";
import { inWords, Path } from "./path.ts";
import { Process } from "./process.ts";
import { Resizing } from "./resize.ts";
import { State } from "./tcache.ts";
import { Threads } from "./threads.ts";
import { checkProcess } from "./verify.ts";
import { type Version, VERSIONS } from "./versions.ts";

const { MAPPED, MIN_WORDS } = Chunk;
const { MUNMAP, REFUSED, TCACHE, THRESHOLD, TO_TCACHE } = Path;

/** What a heap is made with. */
export interface GlibcOptions {
  /** The machine that the library is built for; x86-64. */
  geometry?: Geometry;
  /** The release; 2.36. */
  version?: Version;
  /** Tunables that are set. */
  tunables?: Readonly<Partial<Tunables>>;
  /** Off: a variant that files chunks into bins at once when freed. */
  unsorted?: boolean;
  /** Processors of the machine, which limit the arenas. */
  cores?: number;
}

/** Requests served by the tcache are O(1); others O(chunks looked at). */
export class Glibc implements Allocator {
  declare readonly control: Control;
  declare readonly threading: Threading;
  declare readonly counters: Counters;
  declare private readonly process: Process;
  declare private readonly threads: Threads;
  declare private readonly main: Arena;
  declare private readonly resizing: Resizing;
  declare private readonly view: Inspection;
  /** Longest request that can have a stack of the tcache, in bytes. */
  declare private readonly stackMax: number;
  /** Longest request that goes through the tcache at all. */
  declare private readonly tcacheMax: number;
  declare private readonly tcacheForAll: boolean;

  /** Starts without memory; the first request asks `source` for some. */
  constructor(
    source: PageSource,
    {
      geometry = GEOMETRIES.x86_64,
      version = VERSIONS["2.36"],
      tunables,
      unsorted = true,
      cores = 2,
    }: GlibcOptions = {},
  ) {
    const set = { ...NO_TUNABLES, ...tunables };
    const process = new Process(geometry, version, set, source);
    this.process = process;
    this.counters = process.counters;
    this.threads = new Threads(process, unsorted, cores);
    this.main = this.threads.main;
    const malloc = (size: number) => this.malloc(size);
    this.resizing = new Resizing(process, this.threads, malloc);
    this.view = new Inspection(process, this.threads);
    const { tcacheBins, tcacheLimit } = process.settings;
    this.stackMax = (MIN_WORDS - 1) * geometry.word +
      (tcacheBins - 1) * geometry.align;
    this.tcacheMax = Math.max(this.stackMax, tcacheLimit - geometry.word);
    this.tcacheForAll = version.tcacheForAll;
    this.control = new GlibcControl(process, this.threads);
    this.threading = this.threads;
  }

  malloc(size: number): Address {
    const { process } = this;
    const { tcache } = process;
    const words = process.chunkWords(size);
    const i = tcache.indexOf(words);
    let c;
    if (size <= this.stackMax && tcache.held[i] !== 0) {
      c = tcache.pop(i);
      this.counters.searchSteps++;
      process.path = TCACHE;
    } else c = this.serve(words, size);
    return c > 0 ? process.from.handOut(c) : this.resizing.handOut(c);
  }

  free(address: Address, _size: number): void {
    const { process, main } = this;
    process.path = 0;
    const c = main.image.chunkAt(address);
    if (c === 0) return this.freeElsewhere(address);
    const words = main.takeBack(c);
    const { tcache } = process;
    const i = tcache.indexOf(words);
    if (tcache.takes(i)) {
      process.path = TO_TCACHE;
      tcache.push(main, c, i);
    } else this.freeUncached(main, c, words);
  }

  realloc(address: Address, oldSize: number, size: number): Address {
    if (size === 0) {
      this.free(address, oldSize);
      return NULL;
    }
    const { process } = this;
    process.path = 0;
    const arena = this.arenaOf(address);
    const c = arena.image.chunkAt(address);
    if (c === 0) this.requireMapping(address);
    if (this.resizing.sparesTails) {
      const spare = this.usableSize(address) - size;
      if (this.resizing.isSpare(spare, c === 0)) return address;
    }
    if (c !== 0) this.prepareTcache();
    const words = process.chunkWords(size);
    if (words === 0) return this.refused();
    return c === 0
      ? this.resizing.resizeMapping(address, words, size)
      : this.resizing.resize(arena, c, words, size);
  }

  calloc(size: number): Address {
    const { process } = this;
    process.path = 0;
    const words = process.chunkWords(size);
    if (words === 0) return this.resizing.handOut(this.tooLong(size));
    this.prepareTcache();
    const c = this.tcacheForAll ? this.fromTcache(words, 1) : 0;
    if (c === 0) return this.clear(words, size);
    const address = this.resizing.handOut(c);
    process.source.touch(address, this.usableSize(address));
    return address;
  }

  memalign(alignment: number, size: number): Address {
    const { process } = this;
    const { word, align } = process.geometry;
    if (alignment <= align) return this.malloc(size);
    process.path = 0;
    const words = process.chunkWords(size);
    if (
      alignment > 2 ** (8 * word - 1) ||
      words === 0 && process.version.refusedInArena === "none"
    ) return this.refused();
    let power = MIN_WORDS * word;
    while (power < alignment) power *= 2;
    const c = this.tcacheForAll && words > 0
      ? this.fromTcache(words, power)
      : 0;
    return c === 0
      ? this.resizing.allocateAligned(power, words, size)
      : this.resizing.handOut(c);
  }

  usableSize(address: Address): number {
    const { image } = this.arenaOf(address);
    const c = image.chunkAt(address);
    if (c > 0) return (image.wordsOf(c) - 1) * image.word;
    this.requireMapping(address);
    return this.process.mappings.usable(address);
  }

  isMapped(address: Address): boolean {
    return this.process.mappings.length.has(address);
  }

  placeOf(address: Address): Place | undefined {
    return this.view.placeOf(this.arenaOf(address), address);
  }

  explain(): string {
    return inWords(this.process.path);
  }

  get footprint(): number {
    return this.process.segmentBytes + this.process.mappings.bytes;
  }

  usage(): Usage {
    return this.view.usage();
  }

  walk(visit: BlockVisitor): void {
    this.view.walk(visit);
  }

  census(): CensusRow[] {
    return this.view.census();
  }

  eachCached(visit: ListVisitor): void {
    this.view.eachCached(visit);
  }

  eachBinned(visit: ListVisitor): void {
    this.view.eachBinned(visit);
  }

  mallinfo(): Mallinfo {
    return this.view.mallinfo();
  }

  arenaFigures(): ArenaFigures[] {
    return this.view.arenaFigures();
  }

  check(): void {
    checkProcess(this.process, this.threads);
  }

  /** The arena in whose memory `address` would be; main if in none. */
  private arenaOf(address: Address): Arena {
    return this.process.alone ? this.main : this.threads.arenaAt(address);
  }

  private tooLong(size: number): 0 {
    const late = this.process.version.refusedInArena === "all";
    if (late) this.threads.refuse(this.process.signed(size));
    return 0;
  }

  private refused(): Address {
    this.process.path |= REFUSED;
    return NULL;
  }

  /** A chunk of `words`, or MAPPED, or 0, where no stack of the tcache serves. */
  private serve(words: number, size: number): number {
    const { process } = this;
    if (size > this.stackMax && size <= this.tcacheMax) {
      const c = this.fromSorted(words, 1);
      if (c !== 0) return c;
    }
    process.path = 0;
    if (words === 0) return this.tooLong(size);
    if (process.tcache.state === State.DUE) process.makeTcache();
    return this.threads.serve(words, size);
  }

  /** Frees what is not in main. */
  private freeElsewhere(address: Address): void {
    const arena = this.arenaOf(address);
    const c = arena.image.chunkAt(address);
    if (c === 0) this.freeMapping(address);
    else this.freeUncached(arena, c, arena.takeBack(c));
  }

  /** Frees chunk `c`; makes the tcache first if it has to. */
  private freeUncached(arena: Arena, c: number, words: number): void {
    const { process } = this;
    const { tcache } = process;
    if (
      tcache.state === State.DUE ||
      tcache.state === State.NONE && tcache.covers(words)
    ) process.makeTcache();
    arena.release(c, words);
  }

  /** A chunk of just `words` from a bin of several lengths, or MAPPED, or 0. */
  private fromSorted(words: number, alignment: number): number {
    const { process } = this;
    const { tcache, mappings } = process;
    if (!tcache.isSorted(words)) return 0;
    const kept = tcache.takeKept(words * process.word, alignment);
    if (!kept) return 0;
    process.counters.searchSteps++;
    process.path = TCACHE;
    if (kept.arena) {
      process.from = kept.arena;
      return kept.chunk;
    }
    mappings.cached.delete(kept.address);
    mappings.last = kept.address;
    return MAPPED;
  }

  /** Likewise from the whole tcache, its payload at a multiple of `alignment`. */
  private fromTcache(words: number, alignment: number): number {
    const { process } = this;
    const { tcache } = process;
    if (!tcache.covers(words)) return 0;
    const i = tcache.indexOf(words);
    if (i >= tcache.bins) return this.fromSorted(words, alignment);
    const c = tcache.popAligned(i, alignment);
    if (c === 0) return 0;
    process.counters.searchSteps++;
    process.path = TCACHE;
    return c;
  }

  /** Serves a request and clears it, but for what is zero already. */
  private clear(words: number, size: number): Address {
    const { process, threads } = this;
    const { source, word } = process;
    if (!source.lazy) {
      return this.resizing.handOut(threads.serve(words, size));
    }
    const before = threads.arena;
    const top = before.image.top;
    const end = before.memory.dirtyEnd;
    const c = threads.serve(words, size);
    const arena = process.from;
    if (c > 0) {
      const address = arena.image.addressOf(c);
      const whole = (arena.image.wordsOf(c) - 1) * word;
      // What was cut from the top is zero where no top has been before.
      const dirty = arena === before && c === top
        ? end - address + word
        : whole;
      source.touch(address, Math.min(whole, Math.max(0, dirty)));
    }
    return this.resizing.handOut(c);
  }

  private prepareTcache(): void {
    const { process } = this;
    if (process.tcache.state === State.DUE) process.makeTcache();
  }

  private freeMapping(address: Address): void {
    const { process } = this;
    const { mappings, tcache } = process;
    this.requireMapping(address);
    const bytes = mappings.chunkBytes(address);
    const words = bytes / process.word;
    if (!process.version.tcacheFirst && tcache.covers(words)) {
      if (tcache.state === State.NONE) process.makeTcache();
      const kept = { bytes, arena: undefined, chunk: 0, address };
      if (tcache.state === State.ON && tcache.keep(kept)) {
        process.path |= TO_TCACHE;
        mappings.cached.add(address);
        return;
      }
    }
    process.path |= MUNMAP;
    if (mappings.free(address)) process.path |= THRESHOLD;
  }

  private requireMapping(address: Address): void {
    const { mappings } = this.process;
    if (
      !mappings.length.has(address) || mappings.cached.has(address) ||
      this.view.isTable(address)
    ) throw notLive(address);
  }
}
