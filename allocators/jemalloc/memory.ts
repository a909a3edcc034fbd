/**
 * What the parts of a jemalloc heap share: extents, the system below, the
 * clock, and the sums.
 *
 * @module
 */
import { type Address, Counters, NULL } from "../allocator.ts";
import { FreeHistogram } from "../histogram.ts";
import type { PageSource } from "../pages.ts";
import { Extents } from "./extents.ts";
import { OwnMemory } from "./own.ts";

/** The state that all parts see. */
export class Memory {
  readonly counters: Counters = new Counters();
  /** Data of its own, for each arena. */
  readonly own: readonly OwnMemory[];
  readonly extents: Extents;
  /** Free extents, and free blocks in slabs. */
  readonly free: FreeHistogram = new FreeHistogram();
  /** Bytes of live blocks. */
  allocated = 0;
  /** Bytes of blocks in the thread's cache. */
  cached = 0;
  /** Bytes of mappings. */
  footprint = 0;
  /** Nanoseconds since the start. */
  now = 0;
  /** Bits of `Path`: what the last request did. */
  path = 0;

  // Where the first mappings go if there is room, the next one first.
  private readonly hints: Address[];

  /** Nothing yet, over `source`; the first mappings go to `hints` if there is room. */
  constructor(readonly source: PageSource, hints: readonly Address[]) {
    this.hints = [...hints];
    this.own = [new OwnMemory(this), new OwnMemory(this)];
    this.extents = new Extents(this.own);
  }

  /** A new mapping; {@linkcode NULL} if the system refuses. */
  map(bytes: number): Address {
    const start = this.source.mmap(bytes, this.hints.shift());
    if (start !== NULL) this.footprint += bytes;
    return start;
  }

  /** Bytes are written. */
  touch(address: Address, bytes: number): void {
    this.source.touch(address, bytes);
  }
}
