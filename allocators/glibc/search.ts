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
import type { Arena } from "./arena.ts";
import { Bin, type Bins } from "./bins.ts";
import { Chunk } from "./chunk.ts";
import type { Image } from "./image.ts";
import { Path } from "./path.ts";
import type { Process } from "./process.ts";
import { State } from "./tcache.ts";

const { BELOW_IN_USE, WORDS, MIN_WORDS } = Chunk;
const { BINS, UNSORTED } = Bin;
const { BITMAP, EXACT, FAST, LARGE, LAST_REMAINDER, SMALL, SPLIT } = Path;

/** Chunks that one scan of the unsorted list files at most. */
const MAX_FILED = 10_000;
/** In words: longer than any chunk of the heap; stands for all such requests. */
const UNREACHABLE = 0x7ffffff0;

/** The search of one arena; O(chunks looked at). */
export class Search {
  declare private readonly process: Process;
  declare private readonly image: Image;
  declare private readonly bins: Bins;
  /** Chunks filed since something was cached; see `tcacheUnsortedLimit`. */
  private filed = 0;

  declare private readonly arena: Arena;

  /** The search of `arena`. */
  constructor(arena: Arena) {
    this.arena = arena;
    this.process = arena.process;
    this.image = arena.image;
    this.bins = arena.bins;
  }

  /**
   * Finds a chunk of `words` and takes it. Returns the chunk, `MAPPED`, or 0.
   */
  allocate(words: number): number {
    return words < UNREACHABLE
      ? this.find(words, words)
      : this.find(UNREACHABLE, words);
  }

  /** As `allocate`; the system is asked for `exact` words. */
  private find(words: number, exact: number): number {
    const { arena, bins, process } = this;
    const { fast } = arena;
    if (words <= process.maxFastWords) {
      const c = fast.pop(words);
      if (c !== 0) {
        process.counters.searchSteps++;
        process.path |= FAST;
        this.stashFast(words);
        return c;
      }
    }
    const index = bins.binOf(words);
    const large = words >= bins.firstLarge;
    if (!large) {
      const c = this.fromSmallBin(index, words);
      if (c !== 0) return c;
    } else if (fast.any) arena.consolidate();
    this.filed = 0;
    for (;;) {
      const c = this.fromUnsorted(words) ||
        large && this.fromLargeBin(index, words) ||
        this.fromLongerBin(index + 1, words) || arena.takeTop(words);
      if (c !== 0) return c;
      if (!fast.any) return arena.memory.serve(exact);
      arena.consolidate();
    }
  }

  private fromSmallBin(index: number, words: number): number {
    const { process } = this;
    const bin = 2 * index;
    const c = this.image.field[bin + 3]!;
    if (c === bin) return 0;
    process.counters.searchSteps++;
    process.path |= SMALL;
    this.bins.takeWhole(c, words);
    const i = process.tcache.indexOf(words);
    if (i < process.tcache.bins) this.wantTcache();
    this.stashSmall(bin, words, i);
    return c;
  }

  /** A fast hit moves what is left in the bin over, so that it is reversed. */
  private stashFast(words: number): void {
    const { tcache } = this.process;
    const i = tcache.indexOf(words);
    while (tcache.takes(i)) {
      const c = this.arena.fast.pop(words);
      if (c === 0) return;
      tcache.push(this.arena, c, i);
    }
  }

  /** A small-bin hit moves what is left there over, the oldest first. */
  private stashSmall(bin: number, words: number, i: number): void {
    const { tcache } = this.process;
    while (tcache.takes(i)) {
      const c = this.image.field[bin + 3]!;
      if (c === bin) return;
      this.bins.takeWhole(c, words);
      tcache.push(this.arena, c, i);
    }
  }

  /** Where the tcache is made when a request could fill it: makes it. */
  private wantTcache(): void {
    const { process } = this;
    if (process.tcache.state !== State.NONE) return;
    const { filed } = this;
    process.makeTcache(this.arena);
    this.filed = filed;
  }

  /** Files the unsorted list from its back; returns what fits, or 0. */
  private fromUnsorted(words: number): number {
    const { arena, bins, process, image } = this;
    const { tcacheUnsortedLimit } = process.settings;
    const { tcache } = process;
    const i = tcache.indexOf(words);
    let cached = false;
    for (let filed = 0; filed < MAX_FILED;) {
      const { field } = image;
      const c = field[UNSORTED + 3]!;
      if (c === UNSORTED) break;
      const have = field[c + 1]! & WORDS;
      process.counters.searchSteps++;
      if (
        c === arena.lastRemainder && field[c + 3] === UNSORTED &&
        words < bins.firstLarge && have > words + MIN_WORDS
      ) {
        process.path |= LAST_REMAINDER;
        bins.unlink(c, have);
        arena.lastRemainder = this.split(c, have, words);
        return c;
      }
      if (have === words) {
        bins.takeWhole(c, words);
        process.path |= EXACT;
        if (!process.version.stashesUnsorted) return c;
        this.wantTcache();
        if (!tcache.takes(i)) return c;
        tcache.push(arena, c, i);
        cached = true;
        continue;
      }
      this.leaveUnsorted(c);
      bins.file(c, have);
      filed++;
      this.filed++;
      if (
        cached && tcacheUnsortedLimit > 0 && this.filed > tcacheUnsortedLimit
      ) break;
    }
    return cached ? tcache.pop(i) : 0;
  }

  /** Takes the last chunk of the unsorted list off it, to be filed. */
  private leaveUnsorted(c: number): void {
    const { field } = this.image;
    const previous = field[c + 3]!;
    field[UNSORTED + 3] = previous;
    field[previous + 2] = UNSORTED;
  }

  private fromLargeBin(index: number, words: number): number {
    const { field } = this.image;
    const bin = 2 * index;
    const largest = field[bin + 2]!;
    if (largest === bin || (field[largest + 1]! & WORDS) < words) return 0;
    let c = field[largest + 5]!;
    let have = field[c + 1]! & WORDS;
    this.process.counters.searchSteps++;
    while (have < words) {
      c = field[c + 5]!;
      have = field[c + 1]! & WORDS;
      this.process.counters.searchSteps++;
    }
    // Sparing the holder of the ring saves relinking that.
    const next = field[c + 2]!;
    if (next !== bin && (field[next + 1]! & WORDS) === have) c = next;
    this.process.path |= LARGE;
    this.takePart(c, have, words);
    return c;
  }

  /** Takes from the first bin at or after `from` that is not empty. */
  private fromLongerBin(from: number, words: number): number {
    const { field } = this.image;
    const { bitmap } = this.bins;
    for (let index = from; index < BINS;) {
      const word = bitmap[index >> 5]! & (-1 << (index & 31));
      if (word === 0) {
        index = (index | 31) + 1;
        continue;
      }
      index = (index & ~31) + 31 - Math.clz32(word & -word);
      const bin = 2 * index;
      const c = field[bin + 3]!;
      this.process.counters.searchSteps++;
      if (c !== bin) {
        this.process.path |= BITMAP;
        const rest = this.takePart(c, field[c + 1]! & WORDS, words);
        if (rest !== 0 && words < this.bins.firstLarge) {
          this.arena.lastRemainder = rest;
        }
        return c;
      }
      bitmap[index >> 5]! &= ~(1 << (index & 31));
      index++;
    }
    return 0;
  }

  /** Takes `words` of the free chunk `c`; returns the remainder, or 0. */
  private takePart(c: number, have: number, words: number): number {
    if (have - words < MIN_WORDS) {
      this.bins.takeWhole(c, have);
      return 0;
    }
    this.bins.unlink(c, have);
    return this.split(c, have, words);
  }

  /** Cuts an unlinked chunk; the remainder goes to the unsorted list. */
  private split(c: number, have: number, words: number): number {
    this.process.counters.splits++;
    this.process.path |= SPLIT;
    this.image.field[c + 1] = words | BELOW_IN_USE;
    this.bins.pushUnsorted(c + words, have - words);
    return c + words;
  }
}
