/**
 * The bins: doubly linked lists of free chunks, their heads in the image.
 *
 * Bin b is read as a chunk at word 2b, so that linking needs no special case.
 * Bin 1 is the unsorted list: chunks wait there, newest in front, until a
 * request passes by and files them. Small bins hold one length each. A large
 * bin is sorted by descending length; the first chunk of each length is also
 * on a ring that skips equal ones.
 *
 * @module
 */
import type { Counters } from "../allocator.ts";
import { FreeHistogram } from "../histogram.ts";
import { Chunk } from "./chunk.ts";
import type { Image } from "./image.ts";

const { BELOW_IN_USE, WORDS } = Chunk;

/** How bins are counted, and named. */
export const Bin = {
  /** Bins there are; 0 is not used. */
  BINS: 128,
  /** The unsorted list, as a chunk. */
  UNSORTED: 2,
} as const;

const { BINS, UNSORTED } = Bin;

/** Free chunks in lists; linking and unlinking are O(1), filing O(lengths). */
export class Bins {
  /** The free chunks outside of top, in bytes. */
  readonly histogram: FreeHistogram = new FreeHistogram();
  /** Bit b & 31 of bitmap[b >> 5]: bin b may hold chunks; clear: it is empty. */
  readonly bitmap: Int32Array<ArrayBuffer> = new Int32Array(4);
  /** Length of the shortest large chunk in words. */
  declare readonly firstLarge: number;
  declare private readonly smallShift: number;
  declare private readonly fineShift: number;
  declare private readonly smallBase: number;
  declare private readonly fineLimit: number;
  declare private readonly fineBase: number;

  declare private readonly image: Image;
  declare private readonly counters: Counters;
  declare private readonly unsorted: boolean;

  /** Empty bins; without an `unsorted` list chunks are filed when freed. */
  constructor(
    image: Image,
    counters: Counters,
    unsorted: boolean,
  ) {
    this.image = image;
    this.counters = counters;
    this.unsorted = unsorted;
    const { geometry, alignWords, field } = image;
    this.firstLarge = geometry.firstLarge / geometry.word;
    this.smallShift = Math.log2(alignWords);
    this.fineShift = 6 - Math.log2(geometry.word);
    this.smallBase = geometry.smallBase;
    this.fineLimit = geometry.fineLimit;
    this.fineBase = geometry.fineBase;
    for (let b = 1; b < BINS; b++) {
      field[2 * b + 2] = field[2 * b + 3] = 2 * b;
    }
  }

  /** The bin for chunks of `words`. */
  binOf(words: number): number {
    return words < this.firstLarge
      ? (words >> this.smallShift) + this.smallBase
      : this.largeBinOf(words >> this.fineShift);
  }

  /** Tags a chunk of `words` as free and puts it in front of the unsorted list. */
  pushUnsorted(c: number, words: number): void {
    this.tagFree(c, words);
    if (!this.unsorted) return this.file(c, words);
    const { field } = this.image;
    const next = field[UNSORTED + 2]!;
    field[c + 2] = next;
    field[c + 3] = UNSORTED;
    field[next + 3] = c;
    field[UNSORTED + 2] = c;
  }

  /** Tags a chunk of small length as free and puts it in front of its bin. */
  pushSmall(c: number, words: number): void {
    this.tagFree(c, words);
    this.file(c, words);
  }

  /** Takes chunk `c` of `words` off its list, for use as it is. */
  takeWhole(c: number, words: number): void {
    this.unlink(c, words);
    this.image.field[c + words + 1]! |= BELOW_IN_USE;
  }

  /** The chunks of a bin, from its front. */
  *chunksIn(bin: number): Generator<number> {
    const { image } = this;
    for (let c = image.field[bin + 2]!; c !== bin; c = image.field[c + 2]!) {
      yield c;
    }
  }

  private tagFree(c: number, words: number): void {
    const { image } = this;
    const { field } = image;
    const large = words >= this.firstLarge;
    field[c + 1] = words | BELOW_IN_USE;
    if (large) field[c + 4] = field[c + 5] = 0;
    field[c + words] = words;
    image.wrote(c, 1, large ? 5 : 3);
    image.wrote(c, words, 1);
    this.histogram.add(words * image.word);
  }

  /** Takes a free chunk of `words` off its list. */
  unlink(c: number, words: number): void {
    const { field } = this.image;
    const next = field[c + 2]!;
    const previous = field[c + 3]!;
    field[previous + 2] = next;
    field[next + 3] = previous;
    if (words >= this.firstLarge && field[c + 4] !== 0) {
      this.leaveRing(c, next);
    }
    this.histogram.remove(words * this.image.word);
  }

  /** Puts the free chunk `c`, which is on no list, into its bin. */
  file(c: number, words: number): void {
    const { field } = this.image;
    const index = this.binOf(words);
    const bin = 2 * index;
    const next = words < this.firstLarge
      ? field[bin + 2]!
      : this.placeInOrder(c, words, bin);
    const previous = field[next + 3]!;
    this.bitmap[index >> 5]! |= 1 << (index & 31);
    field[c + 2] = next;
    field[c + 3] = previous;
    field[next + 3] = c;
    field[previous + 2] = c;
  }

  private largeBinOf(fine: number): number {
    if (fine <= this.fineLimit) return this.fineBase + fine;
    if (fine >> 3 <= 20) return 91 + (fine >> 3);
    if (fine >> 6 <= 10) return 110 + (fine >> 6);
    if (fine >> 9 <= 4) return 119 + (fine >> 9);
    if (fine >> 12 <= 2) return 124 + (fine >> 12);
    return 126;
  }

  /** Joins the ring where due; returns what `c` has to stand in front of. */
  private placeInOrder(c: number, words: number, bin: number): number {
    const { field } = this.image;
    const largest = field[bin + 2]!;
    if (largest === bin) {
      field[c + 4] = field[c + 5] = c;
      return bin;
    }
    const last = field[bin + 3]!;
    if (words < (field[last + 1]! & WORDS)) {
      this.enterRing(c, largest);
      return bin;
    }
    let holder = largest;
    while (words < (field[holder + 1]! & WORDS)) {
      holder = field[holder + 4]!;
      this.counters.searchSteps++;
    }
    // The first of a length keeps the ring; others stand behind it.
    if (words === (field[holder + 1]! & WORDS)) return field[holder + 2]!;
    this.enterRing(c, holder);
    return holder;
  }

  /** Puts `c` on the ring between the next larger length and `smaller`. */
  private enterRing(c: number, smaller: number): void {
    const { field } = this.image;
    const larger = field[smaller + 5]!;
    field[c + 4] = smaller;
    field[c + 5] = larger;
    field[smaller + 5] = c;
    field[larger + 4] = c;
  }

  /** Hands the ring links of `c` to `next` if that has its length, else drops it. */
  private leaveRing(c: number, next: number): void {
    const { field } = this.image;
    const smaller = field[c + 4]!;
    const larger = field[c + 5]!;
    // A bin read as a chunk has a link here too, namely that of the next bin.
    if (field[next + 4] !== 0) {
      field[smaller + 5] = larger;
      field[larger + 4] = smaller;
    } else if (smaller === c) {
      field[next + 4] = field[next + 5] = next;
    } else {
      field[next + 4] = smaller;
      field[next + 5] = larger;
      field[smaller + 5] = next;
      field[larger + 4] = next;
    }
  }
}
