/**
 * A set of small integers that knows its lowest member: a bitmap with one
 * summary bit per word, level upon level.
 *
 * @module
 */
import { longer } from "../longer.ts";

/** Integers >= 0; every method is O(log32 of the largest). */
export class BitSet {
  // levels[0] has one bit per integer; bit w of levels[k + 1] is set if word w
  // of levels[k] is not zero. The last level is one word.
  private levels: Int32Array[] = [new Int32Array(1)];

  /** Makes room for the integers below `size`. */
  grow(size: number): void {
    const words = Math.max(1, Math.ceil(size / 32));
    const old = this.levels[0]!;
    if (words <= old.length) return;
    const bottom = longer(old, words);
    this.levels = [bottom];
    for (let below = bottom; below.length > 1;) {
      const level = new Int32Array(Math.ceil(below.length / 32));
      below.forEach((word, w) => {
        if (word !== 0) level[w >> 5]! |= 1 << (w & 31);
      });
      this.levels.push(level);
      below = level;
    }
  }

  /** Adds `i`, for which there is room. */
  add(i: number): void {
    for (const level of this.levels) {
      level[i >> 5]! |= 1 << (i & 31);
      i >>= 5;
    }
  }

  /** Takes `i` out. */
  delete(i: number): void {
    for (const level of this.levels) {
      if ((level[i >> 5]! &= ~(1 << (i & 31))) !== 0) return;
      i >>= 5;
    }
  }

  /** The lowest member; -1 if there is none. */
  lowest(): number {
    let i = 0;
    for (let k = this.levels.length - 1; k >= 0; k--) {
      const word = this.levels[k]![i]!;
      if (word === 0) return -1;
      i = (i << 5) + 31 - Math.clz32(word & -word);
    }
    return i;
  }
}
