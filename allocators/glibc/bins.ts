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
import { Counters } from "../allocator.ts";
import { FreeHistogram } from "../histogram.ts";
import type { PageSource } from "../pages.ts";
import { BELOW_IN_USE, HeapImage, WORDS } from "./image.ts";
import type { Geometry } from "./params.ts";

/** Bins there are; 0 is not used. */
export const BINS = 128;
/** The unsorted list, as a chunk. */
export const UNSORTED = 2;

/** Free chunks in lists; linking and unlinking are O(1), filing O(lengths). */
export class Bins extends HeapImage {
  readonly counters: Counters = new Counters();
  /** The free chunks outside of top, in bytes. */
  protected readonly binned: FreeHistogram = new FreeHistogram();
  /** Bit b & 31 of binmap[b >> 5]: bin b may hold chunks; clear: it is empty. */
  protected readonly binmap: Int32Array<ArrayBuffer> = new Int32Array(4);
  /** What the last split of a small request left; stale if used up since. */
  protected lastRemainder = 0;
  /** Length of the shortest large chunk in words. */
  protected readonly firstLargeWords: number;

  private readonly unsorted: boolean;
  private readonly smallShift: number;
  private readonly fineShift: number;
  private readonly smallBase: number;
  private readonly fineLimit: number;
  private readonly fineBase: number;

  /** Empty bins; without an `unsorted` list chunks are filed when freed. */
  constructor(geometry: Geometry, source: PageSource, unsorted: boolean) {
    super(geometry, source);
    this.unsorted = unsorted;
    this.firstLargeWords = geometry.firstLarge / geometry.word;
    this.smallShift = Math.log2(this.alignWords);
    this.fineShift = 6 - Math.log2(geometry.word);
    this.smallBase = geometry.smallBase;
    this.fineLimit = geometry.fineLimit;
    this.fineBase = geometry.fineBase;
    for (let b = 1; b < BINS; b++) {
      this.image[2 * b + 2] = this.image[2 * b + 3] = 2 * b;
    }
  }

  /** The bin for chunks of `words`. */
  protected binOf(words: number): number {
    return words < this.firstLargeWords
      ? (words >> this.smallShift) + this.smallBase
      : this.largeBinOf(words >> this.fineShift);
  }

  /** Tags a chunk of `words` as free and puts it in front of the unsorted list. */
  protected pushUnsorted(c: number, words: number): void {
    const { image } = this;
    const large = words >= this.firstLargeWords;
    image[c + 1] = words | BELOW_IN_USE;
    if (large) image[c + 4] = image[c + 5] = 0;
    image[c + words] = words;
    this.wrote(c, 1, large ? 5 : 3);
    this.wrote(c, words, 1);
    this.binned.add(words * this.word);
    if (!this.unsorted) return this.file(c, words);
    const next = image[UNSORTED + 2]!;
    image[c + 2] = next;
    image[c + 3] = UNSORTED;
    image[next + 3] = c;
    image[UNSORTED + 2] = c;
  }

  /** Takes a free chunk of `words` off its list. */
  protected unlink(c: number, words: number): void {
    const { image } = this;
    const next = image[c + 2]!;
    const previous = image[c + 3]!;
    image[previous + 2] = next;
    image[next + 3] = previous;
    if (words >= this.firstLargeWords && image[c + 4] !== 0) {
      this.leaveRing(c, next);
    }
    this.binned.remove(words * this.word);
  }

  /** Puts the free chunk `c`, which is on no list, into its bin. */
  protected file(c: number, words: number): void {
    const { image } = this;
    const index = this.binOf(words);
    const bin = 2 * index;
    const next = words < this.firstLargeWords
      ? image[bin + 2]!
      : this.placeInOrder(c, words, bin);
    const previous = image[next + 3]!;
    this.binmap[index >> 5]! |= 1 << (index & 31);
    image[c + 2] = next;
    image[c + 3] = previous;
    image[next + 3] = c;
    image[previous + 2] = c;
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
    const { image } = this;
    const largest = image[bin + 2]!;
    if (largest === bin) {
      image[c + 4] = image[c + 5] = c;
      return bin;
    }
    const last = image[bin + 3]!;
    if (words < (image[last + 1]! & WORDS)) {
      this.enterRing(c, largest);
      return bin;
    }
    let holder = largest;
    while (words < (image[holder + 1]! & WORDS)) {
      holder = image[holder + 4]!;
      this.counters.searchSteps++;
    }
    // The first of a length keeps the ring; others stand behind it.
    if (words === (image[holder + 1]! & WORDS)) return image[holder + 2]!;
    this.enterRing(c, holder);
    return holder;
  }

  /** Puts `c` on the ring between the next larger length and `smaller`. */
  private enterRing(c: number, smaller: number): void {
    const { image } = this;
    const larger = image[smaller + 5]!;
    image[c + 4] = smaller;
    image[c + 5] = larger;
    image[smaller + 5] = c;
    image[larger + 4] = c;
  }

  /** Hands the ring links of `c` to `next` if that has its length, else drops it. */
  private leaveRing(c: number, next: number): void {
    const { image } = this;
    const smaller = image[c + 4]!;
    const larger = image[c + 5]!;
    // A bin read as a chunk has a link here too, namely that of the next bin.
    if (image[next + 4] !== 0) {
      image[smaller + 5] = larger;
      image[larger + 4] = smaller;
    } else if (smaller === c) {
      image[next + 4] = image[next + 5] = next;
    } else {
      image[next + 4] = smaller;
      image[next + 5] = larger;
      image[smaller + 5] = next;
      image[larger + 4] = next;
    }
  }
}
