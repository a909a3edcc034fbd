/**
 * The collector of a thread's cache: whenever 64 KiB were allocated, or freed,
 * it flushes some of the blocks that were not needed since it last looked.
 *
 * Up to 5.3.0 one class is looked at in each run. 5.3.1 looks at several, not
 * more often than every 10 ms, and flushes what lies far from the slab that is
 * used next.
 *
 * @module
 */
import {
  CACHED,
  CAPACITY,
  SLAB_BYTES,
  SMALL,
  SMALL_CLASSES,
} from "./classes.ts";
import type { Cache } from "./cache.ts";
import { MOST_REGIONS, NONE } from "./extents.ts";
import type { Memory } from "./memory.ts";
import { Path } from "./path.ts";
import type { Slabs } from "./slabs.ts";

/** Bytes between runs. */
const INTERVAL = 65_536;
/** Nanoseconds between runs of 5.3.1, at least. */
const PAUSE = 10_000_000;
/** Bytes on either side of a slab that are near. */
const NEAR = 2 * 2 ** 20;
/** Classes of small and large blocks that a run of 5.3.1 flushes. */
const SMALL_FLUSHES = 4;
const LARGE_FLUSHES = 1;

const CLASSES = CACHED.length;

/** Bytes that go by, and the classes in turn. */
export class Collector {
  private allocatedBytes = 0;
  private freedBytes = 0;
  // The classes at which the next run begins.
  private nextSmall = 0;
  private nextLarge = SMALL_CLASSES;
  private last = -Infinity;

  /** Of `cache`; with `late` as 5.3.1 does. */
  constructor(
    private readonly memory: Memory,
    private readonly slabs: Slabs,
    private readonly cache: Cache,
    private readonly late: boolean,
  ) {}

  /** A block of `bytes` was allocated. */
  allocated(bytes: number): void {
    this.allocatedBytes += bytes;
    if (this.allocatedBytes < INTERVAL) return;
    this.allocatedBytes = 0;
    this.run();
  }

  /** A block of `bytes` was freed. */
  freed(bytes: number): void {
    this.freedBytes += bytes;
    if (this.freedBytes < INTERVAL) return;
    this.freedBytes = 0;
    this.run();
  }

  private run(): void {
    const { memory } = this;
    if (!this.late) {
      memory.path |= Path.COLLECTED;
      const c = this.nextSmall;
      this.nextSmall = (c + 1) % CLASSES;
      if (c < SMALL_CLASSES) this.collectSmall(c);
      else this.collectLarge(c);
      return;
    }
    if (memory.now - this.last < PAUSE) return;
    this.last = memory.now;
    memory.path |= Path.COLLECTED;
    for (
      let seen = 0, n = 0;
      seen < SMALL_CLASSES && n < SMALL_FLUSHES;
      seen++
    ) {
      const c = this.nextSmall;
      this.nextSmall = (c + 1) % SMALL_CLASSES;
      if (this.collectNear(c)) n++;
    }
    const large = CLASSES - SMALL_CLASSES;
    for (let seen = 0, n = 0; seen < large && n < LARGE_FLUSHES; seen++) {
      const c = this.nextLarge;
      this.nextLarge = c + 1 < CLASSES ? c + 1 : SMALL_CLASSES;
      if (this.collectLarge(c)) n++;
    }
  }

  private collectSmall(c: number): void {
    const { low, count } = this.cache;
    const unused = low[c]!;
    this.adaptFills(c);
    if (unused > 0) this.cache.flush(c, mostOf(unused));
    low[c] = count[c]!;
  }

  /** Whether anything was flushed. */
  private collectLarge(c: number): boolean {
    const { low, count } = this.cache;
    const unused = low[c]!;
    if (unused > 0) this.cache.flush(c, mostOf(unused));
    low[c] = count[c]!;
    return unused > 0;
  }

  /** As {@linkcode collectSmall}, with a preference for what is far; whether anything was flushed. */
  private collectNear(c: number): boolean {
    const { low, count } = this.cache;
    this.adaptFills(c);
    let flushed = mostOf(low[c]!);
    const slab = this.slabs.preferred(c);
    if (flushed !== count[c] && slab !== NONE) {
      flushed = Math.max(flushed, this.sinkFar(c, slab, flushed));
    }
    if (flushed > 0) this.cache.flush(c, flushed);
    low[c] = count[c]!;
    return flushed > 0;
  }

  /** Moves blocks far from `slab` to the bottom; how many they are. */
  private sinkFar(c: number, slab: number, wanted: number): number {
    const { cache } = this;
    const start = this.memory.extents.start[slab]!;
    const count = cache.count[c]!;
    let [from, to] = [start - NEAR, start + NEAR];
    const isFar = (block: number) => {
      const address = this.addressOf(c, block);
      return address < from || address >= to;
    };
    const far = () => {
      let sum = 0;
      for (let i = 0; i < count; i++) if (isFar(cache.at(c, i))) sum++;
      return sum;
    };
    let sum = far();
    if (sum < wanted) {
      [from, to] = [start, start + SLAB_BYTES[c]!];
      sum = far();
    }
    if (sum > 0 && sum < count) cache.sink(c, isFar, count - sum);
    return sum;
  }

  private addressOf(c: number, block: number): number {
    const slab = Math.floor(block / MOST_REGIONS);
    return this.memory.extents.start[slab]! + block % MOST_REGIONS * SMALL[c]!;
  }

  /** Fills get smaller where blocks were left over, larger where none were. */
  private adaptFills(c: number): void {
    const { low, share, burst, refilled } = this.cache;
    if (low[c]! > 0) {
      if (CAPACITY[c]! >> (share[c]! + 1) >= 1) share[c]!++;
    } else if (refilled[c]) {
      if (share[c]! > 1) share[c]!--;
      refilled[c] = 0;
    } else return;
    burst[c] = 0;
  }
}

/** Three quarters, rounded up. */
function mostOf(blocks: number): number {
  return blocks - (blocks >> 2);
}
