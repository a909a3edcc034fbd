/**
 * How much free memory lies in blocks of which length: one class per power of
 * two, kept up to date at every link and unlink of a free block.
 *
 * @module
 */
import type { Usage } from "./allocator.ts";
import { log2 } from "./log2.ts";

/** Classes 0..52: class c holds the blocks of 2^c .. 2^(c+1) - 1 bytes. */
const CLASSES = 53;

/** Free bytes and blocks per power of two. */
export class FreeHistogram {
  // bytes[c], blocks[c]: sum and number of the free blocks in class c.
  private readonly classBytes = new Float64Array(CLASSES);
  private readonly classBlocks = new Float64Array(CLASSES);

  /** Notes a block of `bytes` >= 1, or so many of them, that became free. */
  add(bytes: number, blocks = 1): void {
    const c = log2(bytes);
    this.classBytes[c]! += bytes * blocks;
    this.classBlocks[c]! += blocks;
  }

  /** Notes that a free block of `bytes` >= 1 is free no more. */
  remove(bytes: number): void {
    const c = log2(bytes);
    this.classBytes[c]! -= bytes;
    this.classBlocks[c]! -= 1;
  }

  /** Free bytes in all blocks. */
  get bytes(): number {
    return this.bytesBelow(CLASSES);
  }

  /** Number of free blocks. */
  get blocks(): number {
    return this.classBlocks.reduce((sum, n) => sum + n, 0);
  }

  /** Bytes of the blocks shorter than 2^`exponent` bytes. */
  bytesBelow(exponent: number): number {
    let sum = 0;
    for (let c = 0; c < exponent; c++) sum += this.classBytes[c]!;
    return sum;
  }

  /**
   * The fields of {@linkcode Usage} that depend on lengths alone, with one
   * more free block of `top` bytes if that is not 0.
   */
  usage(top = 0): Pick<
    Usage,
    "free" | "freeBlocks" | "unavailable4k" | "unavailable64k" | "unavailable2m"
  > {
    const { classBytes, classBlocks } = this;
    const topClass = top > 0 ? log2(top) : CLASSES;
    let free = 0;
    let freeBlocks = top > 0 ? 1 : 0;
    let [unavailable4k, unavailable64k, unavailable2m] = [0, 0, 0];
    for (let c = 0; c < CLASSES; c++) {
      if (c === 12) unavailable4k = free;
      else if (c === 16) unavailable64k = free;
      else if (c === 21) unavailable2m = free;
      free += classBytes[c]! + (c === topClass ? top : 0);
      freeBlocks += classBlocks[c]!;
    }
    return { free, freeBlocks, unavailable4k, unavailable64k, unavailable2m };
  }
}
