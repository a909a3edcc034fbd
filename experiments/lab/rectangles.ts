/**
 * The blocks of a heap over time as rectangles: from the operation that made a
 * block to the one that freed it, from its first byte to its last.
 *
 * They stand in the order of birth. A tree with 16 branches keeps the greatest
 * death of each run of 16, 256, ... of them, so that those which live in a
 * stretch of time are found without a look at all the others.
 *
 * @module
 */
import { resized } from "./resized.ts";

/** log2 of the branches of a node. */
const BITS = 4;
/** The death of a block that is never freed. */
export const NEVER = 0xffffffff;

/** Rectangles; appending is O(1). */
export class Rectangles {
  /** How many there are. */
  length = 0;
  // By rectangle, in order of birth; valid below `length`. Block i is there
  // after k operations if birth[i] <= k < death[i].
  /** Operations that are done once the block is there. */
  birth: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  /** Operations that are done once it is gone, or {@linkcode NEVER}. */
  death: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  /** Its first byte. */
  address: Float64Array<ArrayBuffer> = new Float64Array(1024);
  /** Bytes that were asked for. */
  bytes: Float64Array<ArrayBuffer> = new Float64Array(1024);
  /** levels[l][i] = greatest death of rectangles i 16^(l + 1) .. (i + 1) 16^(l + 1) - 1. */
  private levels: Uint32Array<ArrayBuffer>[] = [];

  /** Appends a block that is born as operation number `birth`; its number. */
  open(birth: number, address: number, bytes: number): number {
    const i = this.length;
    if (i === this.birth.length) this.resize(Math.ceil(1.5 * i));
    this.birth[i] = birth;
    this.death[i] = NEVER;
    this.address[i] = address;
    this.bytes[i] = bytes;
    this.length++;
    return i;
  }

  /** All blocks are known: builds the tree. */
  finish(): void {
    this.resize(this.length);
    this.levels = [];
    let below: Uint32Array<ArrayBuffer> = this.death;
    let length = this.length;
    do {
      const level = new Uint32Array(Math.ceil(length / (1 << BITS)));
      for (let i = 0; i < length; i++) {
        const node = i >> BITS;
        if (below[i]! > level[node]!) level[node] = below[i]!;
      }
      this.levels.push(level);
      below = level;
      length = level.length;
    } while (length > 1);
  }

  /** The first rectangle from `i` on that is there after `op` operations or later; `length`: none. */
  next(i: number, op: number): number {
    const { death, levels, length } = this;
    while (i < length) {
      if (death[i]! > op) return i;
      i++;
      // Where whole runs begin, passes over those that ended before.
      for (let l = 0; l < levels.length; l++) {
        const span = 1 << (BITS * (l + 1));
        if ((i & (span - 1)) !== 0) break;
        while (i < length && levels[l]![i >> (BITS * (l + 1))]! <= op) {
          i += span;
          if ((i & ((span << BITS) - 1)) === 0) break;
        }
      }
    }
    return length;
  }

  /** How many are born before or as operation number `op`. */
  bornBy(op: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.birth[middle]! <= op) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The end of the highest one. */
  top(): number {
    let top = 0;
    for (let i = 0; i < this.length; i++) {
      top = Math.max(top, this.address[i]! + this.bytes[i]!);
    }
    return top;
  }

  private resize(length: number): void {
    this.birth = resized(this.birth, length);
    this.death = resized(this.death, length);
    this.address = resized(this.address, length);
    this.bytes = resized(this.bytes, length);
  }
}
