/**
 * The cache of the thread: a stack of free blocks for each class up to 32 KiB.
 *
 * An empty one is filled from slabs by a share of its capacity; of a full one
 * the older half is flushed.
 *
 * @module
 */
import type { Address } from "../allocator.ts";
import { CACHED, CAPACITY, SMALL_CLASSES } from "./classes.ts";
import { MOST_REGIONS, NONE } from "./extents.ts";
import type { Memory } from "./memory.ts";
import { Path } from "./path.ts";
import type { Slabs } from "./slabs.ts";
import type { Ticker } from "./ticker.ts";

/** No block; others are extent x {@linkcode MOST_REGIONS} + number. */
export const NO_BLOCK = 0;
/** Places of a stack. */
const STRIDE = 200;
const CLASSES = CACHED.length;

/** Bytes of a place, and of a word before the first stack and behind the last. */
const WORD = 8;

/**
 * Stacks of blocks, by class.
 *
 * They lie one behind the other in the order of classes, between two words that
 * are written at the start. Each grows downward from its end: what a stack never
 * held is never written.
 */
export class Cache {
  /** Blocks of class c at c x 200 .. + count[c] - 1, the oldest first. */
  readonly blocks: Int32Array = new Int32Array(CLASSES * STRIDE);
  readonly count: Int32Array = new Int32Array(CLASSES);
  /** The least count since the collector last looked. */
  readonly low: Int32Array = new Int32Array(CLASSES);
  /** A fill takes the capacity over two to the power of `share` - `burst`. */
  readonly share: Int32Array = new Int32Array(CLASSES).fill(1);
  readonly burst: Int32Array = new Int32Array(CLASSES);
  /** 1: filled since the collector last looked. */
  readonly refilled: Uint8Array = new Uint8Array(CLASSES);
  /** The greatest count that there was. */
  private readonly high = new Int32Array(CLASSES);
  /** Where the stack of a class ends. */
  private readonly ends = new Float64Array(CLASSES);
  private readonly emptied: number[] = [];

  /** Empty; its stacks begin at `start`. With `bursts` it fills as 5.3.1 does. */
  constructor(
    start: Address,
    private readonly memory: Memory,
    private readonly slabs: Slabs,
    private readonly ticker: Ticker,
    private readonly bursts: boolean,
  ) {
    let end = start + WORD;
    for (let c = 0; c < CLASSES; c++) {
      end += CAPACITY[c]! * WORD;
      this.ends[c] = end;
    }
    memory.touch(start, WORD);
    memory.touch(end, WORD);
  }

  /** The newest block of class `c`; {@linkcode NO_BLOCK} if there is none. */
  pop(c: number): number {
    const count = this.count[c]! - 1;
    if (count < 0) {
      this.low[c] = 0;
      return NO_BLOCK;
    }
    this.count[c] = count;
    if (count < this.low[c]!) this.low[c] = count;
    this.memory.cached -= CACHED[c]!;
    return this.blocks[c * STRIDE + count]!;
  }

  /** A block of the small class `c`; {@linkcode NO_BLOCK} if there is no memory. */
  take(c: number): number {
    const block = this.pop(c);
    if (block !== NO_BLOCK) {
      this.memory.path |= Path.CACHE;
      return block;
    }
    this.fill(c);
    return this.pop(c);
  }

  /** Puts a block of class `c` on top. */
  push(c: number, block: number): void {
    const capacity = CAPACITY[c]!;
    if (this.count[c] === capacity) {
      this.flush(c, capacity - (capacity >> 1));
    }
    const n = this.count[c]! + 1;
    this.blocks[c * STRIDE + n - 1] = block;
    this.count[c] = n;
    if (n > this.high[c]!) this.grow(c, n);
    this.memory.cached += CACHED[c]!;
    this.memory.path |= Path.CACHED;
  }

  /** Gives the `k` >= 1 oldest blocks of class `c` back, the newest of them first. */
  flush(c: number, k: number): void {
    const { memory, blocks, count, low } = this;
    const base = c * STRIDE;
    memory.path |= Path.FLUSHED;
    memory.cached -= k * CACHED[c]!;
    if (c < SMALL_CLASSES) this.flushSmall(c, k);
    else {
      for (let i = k - 1; i >= 0; i--) {
        this.ticker.arena.give(blocks[base + i]! / MOST_REGIONS);
      }
      this.ticker.tick(k);
    }
    blocks.copyWithin(base, base + k, base + count[c]!);
    count[c]! -= k;
    low[c] = Math.min(low[c]!, count[c]!);
  }

  /** Moves the blocks for which `far` is true to the bottom, as 5.3.1 does. */
  sink(c: number, far: (block: number) => boolean, kept: number): void {
    const { blocks } = this;
    // The i-th newest block is h(i).
    const top = c * STRIDE + this.count[c]! - 1;
    const count = this.count[c]!;
    const swap = (i: number, j: number) => {
      const block = blocks[top - i]!;
      blocks[top - i] = blocks[top - j]!;
      blocks[top - j] = block;
    };
    const isFar = (i: number) => far(blocks[top - i]!);
    let first = 0;
    for (let i = 0; i < kept; i++) {
      if (isFar(i)) continue;
      if (first < i) swap(first, i);
      first++;
    }
    for (let i = kept; i < count && first < kept; i++) {
      if (isFar(i)) continue;
      swap(first, i);
      first++;
    }
  }

  /** The i-th oldest block of class `c`. */
  at(c: number, i: number): number {
    return this.blocks[c * STRIDE + i]!;
  }

  /** The stack of class `c` holds `n` blocks, more than ever before. */
  private grow(c: number, n: number): void {
    const more = n - this.high[c]!;
    this.memory.touch(this.ends[c]! - n * WORD, more * WORD);
    this.high[c] = n;
  }

  private flushSmall(c: number, k: number): void {
    const { blocks, slabs, emptied } = this;
    const base = c * STRIDE;
    for (let i = k - 1; i >= 0; i--) {
      const block = blocks[base + i]!;
      if (slabs.freeBlock(c, block)) {
        emptied.push(Math.floor(block / MOST_REGIONS));
      }
    }
    this.ticker.tick(k);
    for (const slab of emptied) slabs.dissolve(c, slab);
    emptied.length = 0;
    this.burst[c] = 0;
  }

  private fill(c: number): void {
    const { memory, blocks, slabs, bursts, share, burst } = this;
    memory.path |= Path.FILLED;
    const want = Math.max(1, CAPACITY[c]! >> (share[c]! - burst[c]!));
    const least = bursts ? (want >> 1) + 1 : want;
    const base = c * STRIDE;
    let n = 0;
    while (n < least) {
      const slab = slabs.next(c);
      if (slab === NONE) break;
      const there = memory.extents.free[slab]!;
      let take = Math.min(there, least - n);
      if (bursts && n + there <= want) take = there;
      for (; take > 0; take--) blocks[base + n++] = slabs.takeBlock(c, slab);
    }
    blocks.subarray(base, base + n).reverse();
    this.count[c] = n;
    if (n > this.high[c]!) this.grow(c, n);
    memory.cached += n * CACHED[c]!;
    this.ticker.tick(1);
    this.refilled[c] = 1;
    if (bursts && burst[c]! + 1 < share[c]!) burst[c]!++;
  }
}
