/**
 * Follows a recorded run of a kernel and counts how often the rules of
 * {@linkcode FreeArea} name the page frame that the kernel took.
 *
 * The record says what happened but not how the free lists stood when it
 * began. So each request is performed where it was, and predicted only where
 * the lists are **known**: blocks pushed at a head since the beginning. The
 * prediction is the first known head of the type, from the order of the
 * request up to that of the block taken. A block put at a tail stays unknown,
 * since unknown ones may precede it.
 *
 * @module
 */
import { Counters, NULL } from "../../../allocators/allocator.ts";
import type { Pfn } from "../../../allocators/pages.ts";
import {
  FreeArea,
  PAGEBLOCK_ORDER,
  State,
  TOP,
} from "../../../allocators/buddy/linux_area.ts";

/** Stands for the migratetype of a block whose place in its list is unknown. */
const UNKNOWN = 3;

/** A zone that goes through what was recorded. */
export class LinuxWitness {
  /** Requests so far whose block was free. */
  found = 0;
  /** Of those, blocks taken at their low end. */
  lowEnd = 0;
  /** Requests skipped: the block was not free in the model. */
  missing = 0;
  /** Requests that could be predicted. */
  known = 0;
  /** Of those, predicted exactly. */
  exact = 0;
  private readonly area = new FreeArea(new Counters());

  /** A zone of `pages` page frames none of which is free. */
  constructor(pages: number) {
    this.area.extend(pages);
  }

  /** A run of pages that is free at the beginning. */
  addFree(pfn: Pfn, pages: number): void {
    this.area.addFree(pfn, pfn + pages, UNKNOWN);
  }

  /** The kernel took the block at `pfn`; `counted` unless by a fallback. */
  take(pfn: Pfn, order: number, type: number, counted = true): void {
    const from = this.orderAround(pfn);
    const start = pfn & -(1 << from);
    if (from < order) {
      if (counted) this.missing++;
      return;
    }
    if (counted) {
      this.found++;
      if (start === pfn) this.lowEnd++;
      this.predict(pfn, order, from, type);
    }
    if (start === pfn) this.area.take(pfn, from, order, type);
  }

  /** The kernel freed a block onto the lists of `type`. */
  give(pfn: Pfn, order: number, type: number): void {
    const whole = Math.min(order, PAGEBLOCK_ORDER);
    for (const end = pfn + (1 << order); pfn < end; pfn += 1 << whole) {
      const at = this.area.release(pfn, whole, type);
      const merged = this.area.state[at]! & State.ORDER;
      if (!this.area.mergeLikely(at, merged)) continue;
      this.area.unlink(at);
      this.area.link(at, merged, UNKNOWN, true);
    }
  }

  /** Free blocks of each order among the page frames `from` .. `to` - 1. */
  blocks(from: Pfn, to: Pfn): number[] {
    const blocks: number[] = new Array(TOP + 1).fill(0);
    for (const s of this.area.state.subarray(from, to)) {
      if ((s & State.KIND) === State.FREE) blocks[s & State.ORDER]!++;
    }
    return blocks;
  }

  private predict(pfn: Pfn, order: number, from: number, type: number): void {
    for (let k = order; k <= from; k++) {
      const head = this.area.first(k, type);
      if (head === NULL) continue;
      this.known++;
      if (head === pfn) this.exact++;
      return;
    }
  }

  /** Order of the free block that holds `pfn`; -1 if there is none. */
  private orderAround(pfn: Pfn): number {
    for (let order = 0; order <= TOP; order++) {
      const s = this.area.state[pfn & -(1 << order)]!;
      if ((s & (State.KIND | State.ORDER)) === (State.FREE | order)) {
        return order;
      }
    }
    return -1;
  }
}
