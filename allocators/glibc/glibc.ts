/**
 * The malloc of glibc 2.36 with one thread and its main arena: the same
 * addresses, request by request, as the real library.
 *
 * Requests up to 1,032 bytes (x86-64) are served from the tcache if their
 * bin holds a chunk; all others go to the search in `search.ts`. The files of
 * this folder are layers of one class, each building on the one before: image,
 * bins, caches, free, system, search, resize, inspect, verify, and this one,
 * the entry points.
 *
 * Simplified: one thread, one arena; no detection of corruption.
 *
 * Source: the behaviour of glibc 2.36 (Debian 12), observed on three machines.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type Control,
  notLive,
  NULL,
} from "../allocator.ts";
import { PAGE, type PageSource } from "../pages.ts";
import { BINS, UNSORTED } from "./bins.ts";
import { LIVE } from "./image.ts";
import {
  type Geometry,
  MIN_WORDS,
  TCACHE_BINS,
  type Tunables,
} from "./params.ts";
import { inWords, Path } from "./path.ts";
import { MAPPED } from "./system.ts";
import { Verification } from "./verify.ts";

/** Requests served by the tcache are O(1); others O(chunks looked at). */
export class Glibc extends Verification implements Allocator {
  readonly control: Control;

  /** Longest request that can have a tcache bin, in bytes. */
  private readonly tcacheMax: number;

  /**
   * Starts without memory; the first request asks `source` for some. The real
   * malloc has an `unsorted` list.
   */
  constructor(
    geometry: Geometry,
    tunables: Readonly<Tunables>,
    source: PageSource,
    unsorted = true,
  ) {
    super(geometry, tunables, source, unsorted);
    this.tcacheMax = (MIN_WORDS - 1) * geometry.word +
      (this.tcacheBins - 1) * geometry.align;
    this.control = {
      trim: (pad) => this.mallocTrim(pad),
      mallopt: (parameter, value) => this.mallopt(parameter, value),
    };
  }

  malloc(size: number): Address {
    const words = this.chunkWords(size);
    if (size <= this.tcacheMax) {
      const i = this.tcacheIndex(words);
      if (this.tcacheHead[i] !== 0) {
        const c = this.uncache(i);
        this.counters.searchSteps++;
        this.path = Path.TCACHE;
        this.image[c + 1]! |= LIVE;
        this.liveBlocks++;
        return this.addressOf(c);
      }
    }
    this.path = 0;
    if (words === 0) return this.handOut(0);
    if (!this.tcacheReady) this.prepareTcache();
    return this.handOut(this.allocate(words));
  }

  free(address: Address, _size: number): void {
    this.path = 0;
    const c = this.chunkAt(address);
    if (c === 0) {
      this.requireMapping(address);
      this.unmapChunk(address);
      return;
    }
    if (!this.tcacheReady) this.prepareTcache();
    this.release(c, this.takeBack(c));
  }

  realloc(address: Address, _oldSize: number, size: number): Address {
    if (size === 0) {
      this.free(address, _oldSize);
      return NULL;
    }
    this.path = 0;
    const c = this.chunkAt(address);
    if (c === 0) this.requireMapping(address);
    else this.prepareTcache();
    const words = this.chunkWords(size);
    if (words === 0) return this.handOut(0);
    return c === 0 ? this.resizeMapping(address, words) : this.resize(c, words);
  }

  calloc(size: number): Address {
    this.path = 0;
    const words = this.chunkWords(size);
    if (words === 0) return this.handOut(0);
    this.prepareTcache();
    const oldTop = this.top;
    const oldTopWords = this.wordsOf(oldTop);
    const c = this.allocate(words);
    if (c > 0 && this.source.lazy) {
      // Memory fresh from the system is zero already.
      const have = this.wordsOf(c);
      const dirty = c === oldTop ? Math.min(have, oldTopWords) : have;
      this.source.touch(this.addressOf(c), (dirty - 1) * this.word);
    }
    return this.handOut(c);
  }

  memalign(alignment: number, size: number): Address {
    const { word, align } = this.geometry;
    if (alignment <= align) return this.malloc(size);
    this.path = 0;
    const words = this.chunkWords(size);
    if (words === 0 || alignment > 2 ** (8 * word - 1)) {
      return this.handOut(0);
    }
    let power = MIN_WORDS * word;
    while (power < alignment) power *= 2;
    return this.allocateAligned(power, words);
  }

  usableSize(address: Address): number {
    const c = this.chunkAt(address);
    if (c > 0) return (this.wordsOf(c) - 1) * this.word;
    this.requireMapping(address);
    const length = this.mappings.get(address)!;
    return length - this.leadOf(address) - 2 * this.word;
  }

  /** Whether the live block at `address` is a mapping of its own. */
  isMapped(address: Address): boolean {
    return this.mappings.has(address);
  }

  /** The way the last request took. */
  explain(): string {
    return inWords(this.path);
  }

  /** Allocates the tcache's table, unless that is done. */
  private prepareTcache(): void {
    if (this.tcacheReady) return;
    const { word } = this;
    const bytes = TCACHE_BINS * (2 + word);
    const c = this.allocate(this.chunkWords(bytes));
    if (c === 0) return;
    this.tcacheReady = true;
    this.tcacheRoom = this.settings.tcacheCount;
    if (c === MAPPED) {
      this.tcacheMapping = this.mappedAt;
    } else {
      this.tcacheTable = c;
      this.fixedBytes += this.wordsOf(c) * word;
    }
    const address = c === MAPPED ? this.mappedAt : this.addressOf(c);
    if (this.source.lazy) this.source.touch(address, bytes);
  }

  private requireMapping(address: Address): void {
    if (address === this.tcacheMapping || !this.mappings.has(address)) {
      throw notLive(address);
    }
  }

  private mallopt(parameter: number, value: number): void {
    this.path = 0;
    this.consolidate();
    this.settings.mallopt(parameter, value);
    this.maxFastWords = this.settings.maxFast / this.word;
  }

  private mallocTrim(pad: number): void {
    this.path = 0;
    this.consolidate();
    if (this.source.lazy) this.discardPages();
    this.trim(pad);
  }

  /** Gives back the whole pages inside of free chunks. */
  private discardPages(): void {
    const { word } = this;
    const firstBin = 2 * this.binOf(PAGE / word);
    for (let bin = UNSORTED; bin < 2 * BINS; bin += 2) {
      if (bin !== UNSORTED && bin < firstBin) continue;
      for (const c of this.chunksIn(bin)) {
        // The first six words hold the links.
        const at = this.addressOf(c) - 2 * word;
        const start = Math.ceil((at + 6 * word) / PAGE) * PAGE;
        const end = at + this.wordsOf(c) * word;
        const bytes = Math.floor((end - start) / PAGE) * PAGE;
        if (bytes > 0) this.source.discard(start, bytes);
      }
    }
  }
}
