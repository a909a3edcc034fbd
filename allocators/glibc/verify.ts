/**
 * The invariants of a heap, as a check of everything against everything.
 *
 * @module
 */
import { invariant } from "../allocator.ts";
import { BINS, UNSORTED } from "./bins.ts";
import { BELOW_IN_USE, type Segment } from "./image.ts";
import { Inspection } from "./inspect.ts";
import { MIN_WORDS } from "./params.ts";

/** A heap that can prove itself consistent, in O(chunks). */
export class Verification extends Inspection {
  /**
   * Throws unless
   * - chunks tile each segment, and no two free ones touch;
   * - the foot of a free chunk repeats its length;
   * - the chunks on the lists are just the ones that the tags call free or
   *   cached, and the counts agree;
   * - bins are sorted, rings skip equal lengths, the bitmap misses no bin.
   */
  check(): void {
    const free = new Set<number>();
    const cached = new Set<number>();
    let live = 0;
    for (const segment of this.segments) {
      live += this.checkSegment(segment, free, cached);
    }
    invariant(live === this.liveBlocks, `${live} live blocks`);
    this.checkBins(free);
    this.checkCaches(cached);
    invariant(free.size === 0, `Chunk ${[...free][0]} is on no list`);
    invariant(cached.size === 0, `Chunk ${[...cached][0]} is in no cache`);
  }

  private checkSegment(
    segment: Segment,
    free: Set<number>,
    cached: Set<number>,
  ): number {
    const { image } = this;
    const end = segment === this.segments.at(-1) ? this.top : segment.fence;
    let live = 0;
    let belowFree = false;
    let c = segment.first;
    while (c < end) {
      const words = this.wordsOf(c);
      const held = image[c + 1]! < 0;
      const used = this.inUse(c);
      invariant(words >= MIN_WORDS, `Chunk ${c} has ${words} words`);
      invariant(words % this.alignWords === 0, `Chunk ${c} is uneven`);
      invariant(used || !held, `Chunk ${c} is both live and free`);
      if (!used) {
        invariant(!belowFree, `Chunk ${c} and the one below are both free`);
        invariant(image[c + words] === words, `Chunk ${c} has a wrong foot`);
        free.add(c);
      } else if (held) {
        live++;
      } else if (c !== this.tcacheTable) {
        cached.add(c);
      }
      belowFree = !used;
      c += words;
    }
    invariant(c === end, `Chunks end at ${c}, not ${end}`);
    if (end === this.top) {
      invariant(!belowFree, "The chunk below the top is free");
    }
    return live;
  }

  private checkBins(free: Set<number>): void {
    let blocks = 0;
    let words = 0;
    for (let bin = UNSORTED; bin < 2 * BINS; bin += 2) {
      let count = 0;
      for (const c of this.chunksIn(bin)) {
        invariant(free.delete(c), `Chunk ${c} is binned but not free`);
        invariant(
          this.image[this.image[c + 3]! + 2] === c,
          `Chunk ${c} has a wrong link`,
        );
        if (bin !== UNSORTED) {
          invariant(
            2 * this.binOf(this.wordsOf(c)) === bin,
            `Chunk ${c} is in the wrong bin`,
          );
        }
        words += this.wordsOf(c);
        count++;
      }
      blocks += count;
      if (bin !== UNSORTED && count > 0) this.checkBin(bin);
    }
    invariant(blocks === this.binned.blocks, `${blocks} binned chunks`);
    invariant(
      words * this.word === this.binned.bytes,
      `${words} words in bins`,
    );
  }

  /** The bitmap bit, and for a large bin its order and ring. */
  private checkBin(bin: number): void {
    const { image } = this;
    const index = bin / 2;
    invariant(
      (this.binmap[index >> 5]! >> (index & 31) & 1) === 1,
      `Bin ${index} is not in the bitmap`,
    );
    const first = image[bin + 2]!;
    if (this.wordsOf(first) < this.firstLargeWords) return;
    let holder = first;
    for (const c of this.chunksIn(bin)) {
      const words = this.wordsOf(c);
      const above = this.wordsOf(holder);
      invariant(words <= above, `Chunk ${c} is out of order`);
      if (words < above || c === first) {
        invariant(c === first || image[holder + 4] === c, "Broken ring");
        invariant(c === first || image[c + 5] === holder, "Broken ring");
        holder = c;
      } else {
        invariant(image[c + 4] === 0, `Chunk ${c} is twice on the ring`);
      }
    }
    invariant(image[holder + 4] === first, "The ring is open");
    invariant(image[first + 5] === holder, "The ring is open");
  }

  private checkCaches(cached: Set<number>): void {
    const { image } = this;
    const take = (c: number, words: number) => {
      invariant(cached.delete(c), `Chunk ${c} is cached but not in use`);
      invariant(this.wordsOf(c) === words, `Chunk ${c} is in a wrong cache`);
      invariant((image[c + words + 1]! & BELOW_IN_USE) === 1, `Chunk ${c}`);
    };
    for (let i = 0; i < this.tcacheHead.length; i++) {
      let held = 0;
      for (let c = this.tcacheHead[i]!; c !== 0; c = image[c + 2]!, held++) {
        take(c, MIN_WORDS + i * this.alignWords);
      }
      invariant(held === this.tcacheHeld[i], `tcache bin ${i} holds ${held}`);
    }
    let fast = 0;
    for (let i = 0; i < this.fastHead.length; i++) {
      for (let c = this.fastHead[i]!; c !== 0; c = image[c + 2]!, fast++) {
        take(c, MIN_WORDS + 2 * i);
      }
    }
    invariant(fast === this.fastBlocks, `${fast} chunks in fast bins`);
    invariant(fast === 0 || this.haveFast, "Fast chunks without the flag");
  }
}
