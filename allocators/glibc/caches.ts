/**
 * What keeps freed chunks from coalescing: the tcache and the fast bins.
 *
 * Both are stacks, one per chunk length, whose chunks still count as in use
 * for their neighbours. The tcache holds a few chunks of each length; its
 * table is a chunk of the heap itself, allocated by the first request. Fast
 * bins hold any number of short chunks until they are consolidated.
 *
 * @module
 */
import type { PageSource } from "../pages.ts";
import { Bins } from "./bins.ts";
import { BELOW_IN_USE } from "./image.ts";
import {
  type Geometry,
  MIN_WORDS,
  Settings,
  TCACHE_BINS,
  type Tunables,
} from "./params.ts";

/** Fast bins that can exist with the highest mxfast. */
const FAST_BINS = 16;

/** The stacks of chunks that are free and yet in use. */
export class Caches extends Bins {
  /** Tunables and what mallopt made of them. */
  protected readonly settings: Settings;

  // tcacheHead[i], tcacheHeld[i]: newest chunk (0: none) and number of chunks
  // of MIN_WORDS + i * alignWords words; valid for i < tcacheBins.
  protected readonly tcacheHead: Int32Array<ArrayBuffer> = new Int32Array(
    TCACHE_BINS,
  );
  protected readonly tcacheHeld: Int32Array<ArrayBuffer> = new Int32Array(
    TCACHE_BINS,
  );
  /** Whether the table has been allocated. */
  protected tcacheReady = false;
  /** Chunks a bin can hold: 0 until the table has been allocated. */
  protected tcacheRoom = 0;
  /** Lengths the tcache takes. */
  protected readonly tcacheBins: number;
  /** log2(alignWords). */
  protected readonly alignShift: number;

  // fastHead[i]: newest chunk of 2 * i + MIN_WORDS words; 0: none.
  protected readonly fastHead: Int32Array<ArrayBuffer> = new Int32Array(
    FAST_BINS,
  );
  /** Chunks in fast bins. */
  protected fastBlocks = 0;
  /** Words of those. */
  protected fastWords = 0;
  /** Whether a chunk was pushed since the last consolidation. */
  protected haveFast = false;
  /** Longest chunk that fast bins take, in words. */
  protected maxFastWords = 0;

  /** Empty caches. */
  constructor(
    geometry: Geometry,
    tunables: Readonly<Tunables>,
    source: PageSource,
    unsorted: boolean,
  ) {
    super(geometry, source, unsorted);
    this.settings = new Settings(geometry, tunables);
    this.tcacheBins = this.settings.tcacheBins;
    this.alignShift = Math.log2(this.alignWords);
    this.maxFastWords = this.settings.maxFast / this.word;
  }

  /** Index of the tcache bin for chunks of `words`. */
  protected tcacheIndex(words: number): number {
    return (words - MIN_WORDS) >> this.alignShift;
  }

  /** Whether tcache bin `i` exists and can take one more chunk. */
  protected tcacheTakes(i: number): boolean {
    return i < this.tcacheBins && this.tcacheHeld[i]! < this.tcacheRoom;
  }

  /** Pushes `c` onto tcache bin `i`. */
  protected cache(c: number, i: number): void {
    this.image[c + 2] = this.tcacheHead[i]!;
    this.tcacheHead[i] = c;
    this.tcacheHeld[i]!++;
  }

  /** Pops the newest chunk of tcache bin `i`, which is not empty. */
  protected uncache(i: number): number {
    const c = this.tcacheHead[i]!;
    this.tcacheHead[i] = this.image[c + 2]!;
    this.tcacheHeld[i]!--;
    return c;
  }

  /** Pushes `c` onto the fast bin of its length. */
  protected pushFast(c: number, words: number): void {
    const i = (words - MIN_WORDS) >> 1;
    this.image[c + 2] = this.fastHead[i]!;
    this.fastHead[i] = c;
    this.fastBlocks++;
    this.fastWords += words;
    this.haveFast = true;
  }

  /** Pops the newest chunk of `words` from its fast bin; 0 if there is none. */
  protected popFast(words: number): number {
    const i = (words - MIN_WORDS) >> 1;
    const c = this.fastHead[i]!;
    if (c === 0) return 0;
    this.fastHead[i] = this.image[c + 2]!;
    this.fastBlocks--;
    this.fastWords -= words;
    return c;
  }

  /** A fast hit moves what is left in the bin over, so that it is reversed. */
  protected stashFast(words: number): void {
    const i = this.tcacheIndex(words);
    while (this.tcacheTakes(i)) {
      const c = this.popFast(words);
      if (c === 0) return;
      this.cache(c, i);
    }
  }

  /** A small-bin hit moves what is left there over, the oldest first. */
  protected stashSmall(bin: number, words: number): void {
    const i = this.tcacheIndex(words);
    while (this.tcacheTakes(i)) {
      const c = this.image[bin + 3]!;
      if (c === bin) return;
      this.takeWhole(c, words);
      this.cache(c, i);
    }
  }

  /** Takes chunk `c` off its list, for use as it is. */
  protected takeWhole(c: number, words: number): void {
    this.unlink(c, words);
    this.image[c + words + 1]! |= BELOW_IN_USE;
  }
}
