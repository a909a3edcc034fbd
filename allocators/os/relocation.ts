/**
 * Which frames were moved, and where to: host memory is a byte per frame and
 * what is moved.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import type { Pfn } from "../pages.ts";

/** The moves of one compaction; no frame moves twice. */
export class Relocation {
  // moved[f] = 1 where `to` has f.
  private readonly moved: Uint8Array;
  private readonly to = new Map<Pfn, Pfn>();

  /** Nothing has moved of frames 0 .. `frames` - 1. */
  constructor(frames: number) {
    this.moved = new Uint8Array(frames);
  }

  /** Notes that `pages` frames from `from` on are at `to` now. */
  add(from: Pfn, to: Pfn, pages: number): void {
    this.moved.fill(1, from, from + pages);
    for (let i = 0; i < pages; i++) this.to.set(from + i, to + i);
  }

  /** Where frame `pfn` is now; NULL if it was not moved. */
  of(pfn: Pfn): Pfn {
    return this.moved[pfn] === 1 ? this.to.get(pfn)! : NULL;
  }
}
