/**
 * What the parts of a jemalloc heap share: extents, the system below, the
 * clock, and the sums.
 *
 * @module
 */
import { type Address, Counters, NULL } from "../allocator.ts";
import { FreeHistogram } from "../histogram.ts";
import type { PageSource } from "../pages.ts";
import { Extents, NONE } from "./extents.ts";

/** The state that all parts see. */
export class Memory {
  readonly counters: Counters = new Counters();
  readonly extents: Extents = new Extents();
  /** Free extents, and free blocks in slabs. */
  readonly free: FreeHistogram = new FreeHistogram();
  /** Mappings for its own data: start, bytes. */
  readonly own: [start: Address, bytes: number][] = [];
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

  /** Nothing yet, over `source`. */
  constructor(readonly source: PageSource) {}

  /** A new mapping, at `hint` if there is room; {@linkcode NULL} if the system refuses. */
  map(bytes: number, hint?: Address): Address {
    const start = this.source.mmap(bytes, hint);
    if (start !== NULL) this.footprint += bytes;
    return start;
  }

  /** Maps `bytes` for its own data; whether the system grants it. */
  mapOwn(bytes: number, hint?: Address): boolean {
    const start = this.map(bytes, hint);
    if (start === NULL) return false;
    this.own.push([start, bytes]);
    return true;
  }

  /** A new mapping as one active extent; {@linkcode NONE} if the system refuses. */
  mapExtent(
    bytes: number,
    serial: number,
    arena: number,
    hint?: Address,
  ): number {
    const start = this.map(bytes, hint);
    if (start === NULL) return NONE;
    return this.extents.mapped(start, bytes, serial, arena);
  }
}
