/**
 * The core allocator: finds a chunk of a given length.
 *
 * In this order: the fast bin or small bin of just that length; the unsorted
 * list, which is filed into bins on the way until a chunk fits exactly; for
 * large requests the shortest chunk of the request's own bin that is long
 * enough; the lowest bin of longer chunks that holds any, by bitmap; the top;
 * the system. A longer chunk is split and the remainder becomes unsorted.
 *
 * @module
 */
import { BINS, UNSORTED } from "./bins.ts";
import { BELOW_IN_USE, WORDS } from "./image.ts";
import { MIN_WORDS } from "./params.ts";
import { Path } from "./path.ts";
import { System } from "./system.ts";

/** Chunks that one scan of the unsorted list files at most. */
const MAX_FILED = 10_000;
/** In words: longer than any chunk of the heap; stands for all such requests. */
const UNREACHABLE = 0x7ffffff0;

/** The search; O(chunks looked at). */
export class Search extends System {
  /** Chunks filed since something was cached; see `tcacheUnsortedLimit`. */
  private filed = 0;

  /**
   * Finds a chunk of `words` and takes it. Returns the chunk, `MAPPED`, or 0.
   */
  protected allocate(words: number): number {
    return words < UNREACHABLE
      ? this.find(words, words)
      : this.find(UNREACHABLE, words);
  }

  /** As `allocate`; the system is asked for `exact` words. */
  private find(words: number, exact: number): number {
    if (words <= this.maxFastWords) {
      const c = this.popFast(words);
      if (c !== 0) {
        this.counters.searchSteps++;
        this.path |= Path.FAST;
        this.stashFast(words);
        return c;
      }
    }
    const index = this.binOf(words);
    if (words < this.firstLargeWords) {
      const c = this.fromSmallBin(index, words);
      if (c !== 0) return c;
    } else if (this.haveFast) {
      this.consolidate();
    }
    this.filed = 0;
    for (;;) {
      const c = this.fromUnsorted(words) ||
        words >= this.firstLargeWords && this.fromLargeBin(index, words) ||
        this.fromLongerBin(index + 1, words) || this.takeTop(words);
      if (c !== 0) return c;
      if (!this.haveFast) return this.fromSystem(exact);
      this.consolidate();
    }
  }

  private fromSmallBin(index: number, words: number): number {
    const bin = 2 * index;
    const c = this.image[bin + 3]!;
    if (c === bin) return 0;
    this.counters.searchSteps++;
    this.path |= Path.SMALL;
    this.takeWhole(c, words);
    this.stashSmall(bin, words);
    return c;
  }

  /** Files the unsorted list from its back; returns what fits, or 0. */
  private fromUnsorted(words: number): number {
    const { image } = this;
    const { tcacheUnsortedLimit } = this.settings;
    const i = this.tcacheIndex(words);
    let cached = false;
    for (let filed = 0; filed < MAX_FILED;) {
      const c = image[UNSORTED + 3]!;
      if (c === UNSORTED) break;
      const have = image[c + 1]! & WORDS;
      this.counters.searchSteps++;
      if (
        c === this.lastRemainder && image[c + 3] === UNSORTED &&
        words < this.firstLargeWords && have > words + MIN_WORDS
      ) {
        this.path |= Path.LAST_REMAINDER;
        this.unlink(c, have);
        this.lastRemainder = this.split(c, have, words);
        return c;
      }
      if (have === words) {
        this.takeWhole(c, words);
        this.path |= Path.UNSORTED;
        if (!this.tcacheTakes(i)) return c;
        this.cache(c, i);
        cached = true;
        continue;
      }
      this.leaveUnsorted(c);
      this.file(c, have);
      filed++;
      this.filed++;
      if (
        cached && tcacheUnsortedLimit > 0 && this.filed > tcacheUnsortedLimit
      ) break;
    }
    return cached ? this.uncache(i) : 0;
  }

  /** Takes the last chunk of the unsorted list off it, to be filed. */
  private leaveUnsorted(c: number): void {
    const { image } = this;
    const previous = image[c + 3]!;
    image[UNSORTED + 3] = previous;
    image[previous + 2] = UNSORTED;
  }

  private fromLargeBin(index: number, words: number): number {
    const { image } = this;
    const bin = 2 * index;
    const largest = image[bin + 2]!;
    if (largest === bin || (image[largest + 1]! & WORDS) < words) return 0;
    let c = image[largest + 5]!;
    let have = image[c + 1]! & WORDS;
    this.counters.searchSteps++;
    while (have < words) {
      c = image[c + 5]!;
      have = image[c + 1]! & WORDS;
      this.counters.searchSteps++;
    }
    // Sparing the holder of the ring saves relinking that.
    const next = image[c + 2]!;
    if (next !== bin && (image[next + 1]! & WORDS) === have) c = next;
    this.path |= Path.LARGE;
    this.takePart(c, have, words);
    return c;
  }

  /** Takes from the first bin at or after `from` that is not empty. */
  private fromLongerBin(from: number, words: number): number {
    const { image, binmap } = this;
    for (let index = from; index < BINS;) {
      const word = binmap[index >> 5]! & (-1 << (index & 31));
      if (word === 0) {
        index = (index | 31) + 1;
        continue;
      }
      index = (index & ~31) + 31 - Math.clz32(word & -word);
      const bin = 2 * index;
      const c = image[bin + 3]!;
      this.counters.searchSteps++;
      if (c !== bin) {
        this.path |= Path.BITMAP;
        const rest = this.takePart(c, image[c + 1]! & WORDS, words);
        if (rest !== 0 && words < this.firstLargeWords) {
          this.lastRemainder = rest;
        }
        return c;
      }
      binmap[index >> 5]! &= ~(1 << (index & 31));
      index++;
    }
    return 0;
  }

  /** Takes `words` of the free chunk `c`; returns the remainder, or 0. */
  private takePart(c: number, have: number, words: number): number {
    if (have - words < MIN_WORDS) {
      this.takeWhole(c, have);
      return 0;
    }
    this.unlink(c, have);
    return this.split(c, have, words);
  }

  /** Cuts an unlinked chunk; the remainder goes to the unsorted list. */
  private split(c: number, have: number, words: number): number {
    this.counters.splits++;
    this.path |= Path.SPLIT;
    this.image[c + 1] = words | BELOW_IN_USE;
    this.pushUnsorted(c + words, have - words);
    return c + words;
  }
}
