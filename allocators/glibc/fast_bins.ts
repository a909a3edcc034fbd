/**
 * Fast bins: stacks of short chunks, one per length, that count as in use for
 * their neighbours until they are consolidated.
 *
 * @module
 */
import { Chunk } from "./chunk.ts";
import type { Image } from "./image.ts";

const { MIN_WORDS } = Chunk;

/** Fast bins that can exist with the highest mxfast. */
const FAST_BINS = 16;

/** The fast bins of an arena. */
export class FastBins {
  // head[i]: newest chunk of 2 * i + MIN_WORDS words; 0: none.
  readonly head: Int32Array<ArrayBuffer> = new Int32Array(FAST_BINS);
  /** Chunks in all of them. */
  blocks = 0;
  /** Words of those. */
  words = 0;
  /** Whether a chunk was pushed since the last consolidation. */
  any = false;

  declare private readonly image: Image;

  /** Empty bins for the chunks of `image`. */
  constructor(image: Image) {
    this.image = image;
  }

  /** Pushes `c` onto the bin of its length. */
  push(c: number, words: number): void {
    const i = (words - MIN_WORDS) >> 1;
    this.image.field[c + 2] = this.head[i]!;
    this.head[i] = c;
    this.blocks++;
    this.words += words;
    this.any = true;
  }

  /** Pops the newest chunk of `words`; 0 if there is none. */
  pop(words: number): number {
    const i = (words - MIN_WORDS) >> 1;
    const c = this.head[i]!;
    if (c === 0) return 0;
    this.head[i] = this.image.field[c + 2]!;
    this.blocks--;
    this.words -= words;
    return c;
  }
}
