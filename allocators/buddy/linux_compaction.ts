/**
 * Memory compaction: a migrate scanner goes up from the bottom of the zone and
 * empties one aligned range after another, a free scanner comes down from the
 * top and supplies the frames, until a block of the wanted order is free or
 * the two meet.
 *
 * A range with a page that cannot move is skipped, and only MOVABLE pageblocks
 * that are not free as a whole receive pages. After the idea of Linux 6.12,
 * mm/compaction.c. Simplified: no cached scanner positions; each run starts at
 * both ends.
 *
 * @module
 */
import { type Counters, NULL } from "../allocator.ts";
import { PAGE, type PageMoved, type Pfn } from "../pages.ts";
import {
  type FreeArea,
  MigrateType,
  PAGEBLOCK_ORDER,
  State,
  TOP,
  TYPES,
} from "./linux_area.ts";

const MOVABLE_LIVE = State.LIVE | (MigrateType.MOVABLE << State.TYPE_SHIFT);

/**
 * Moves MOVABLE blocks until a block of `order` is free, and says whether one
 * is; `counters.bytesMoved` grows by what was copied. O(pages).
 */
export function compact(
  area: FreeArea,
  counters: Counters,
  order: number,
  moved: PageMoved,
): boolean {
  const range = 1 << order;
  const free = new FreeScanner(area);
  for (let low = 0; !hasBlock(area, order); low += range) {
    if (low + range > free.lowest) return false;
    if (!canEmpty(area, low, range)) continue;
    for (let p = low; p < low + range;) {
      const s = area.state[p]!;
      const size = s & State.ORDER;
      if ((s & State.KIND) === State.LIVE) {
        const to = free.take(size, low + range);
        if (to === NULL) return false;
        area.state[to] = s;
        area.state[p] = 0;
        area.release(p, size, area.typeAt(p));
        counters.bytesMoved += PAGE << size;
        moved(p, to, size);
      }
      p += 1 << size;
    }
  }
  return true;
}

/** Requests for which a failed run puts off the next one: 2^6 at most. */
const MOST_DEFERRED = 6;

/** Compaction that requests ask for before they fail. */
export class DirectCompaction {
  private readonly area: FreeArea;
  private readonly counters: Counters;
  private readonly moved: PageMoved;
  /** Failures in a row, up to MOST_DEFERRED. */
  private failures = 0;
  /** Requests that are still put off. */
  private deferred = 0;

  /** Compacts `area`; `moved` hears of every block. */
  constructor(area: FreeArea, counters: Counters, moved: PageMoved) {
    this.area = area;
    this.counters = counters;
    this.moved = moved;
  }

  /** Whether a block of `order` is free, maybe after a run. */
  run(order: number): boolean {
    if (this.deferred > 0) {
      this.deferred--;
      return false;
    }
    if (compact(this.area, this.counters, order, this.moved)) {
      this.failures = 0;
      return true;
    }
    this.failures = Math.min(this.failures + 1, MOST_DEFERRED);
    this.deferred = (1 << this.failures) - 1;
    return false;
  }
}

/** Whether a free block of `order` or above exists. */
function hasBlock(area: FreeArea, order: number): boolean {
  for (let list = order * TYPES; list < (TOP + 1) * TYPES; list++) {
    if (area.lists.length[list]! > 0) return true;
  }
  return false;
}

/** Whether all that is live in the range can move. */
function canEmpty(area: FreeArea, low: Pfn, pages: number): boolean {
  for (let p = low; p < low + pages;) {
    const s = area.state[p]!;
    const fixed = (s & State.KIND) !== State.FREE &&
      (s & ~State.ORDER) !== MOVABLE_LIVE;
    if (fixed || 1 << (s & State.ORDER) >= pages) return false;
    p += 1 << (s & State.ORDER);
  }
  return true;
}

/** Finds frames for moved blocks, from the last pageblock downward. */
class FreeScanner {
  /** First page of the pageblock that is being scanned. */
  lowest: Pfn;
  private at: Pfn;
  private readonly area: FreeArea;

  constructor(area: FreeArea) {
    this.area = area;
    const blocks = Math.ceil(area.pages / 2 ** PAGEBLOCK_ORDER);
    this.lowest = this.at = blocks * 2 ** PAGEBLOCK_ORDER;
  }

  /** A free block of `order` at or above `bottom`, taken off; NULL if none. */
  take(order: number, bottom: Pfn): Pfn {
    const { state, pages } = this.area;
    for (;;) {
      const end = Math.min(pages, this.lowest + (1 << PAGEBLOCK_ORDER));
      while (this.at < end) {
        const pfn = this.at;
        const s = state[pfn]!;
        const from = s & State.ORDER;
        if ((s & State.KIND) === State.FREE && from >= order) {
          this.area.take(pfn, from, order, this.area.typeAt(pfn));
          this.at = pfn + (1 << order);
          return pfn;
        }
        this.at = pfn + (1 << from);
      }
      do {
        this.lowest -= 1 << PAGEBLOCK_ORDER;
        if (this.lowest < bottom) return NULL;
      } while (!this.suitable(this.lowest));
      this.at = this.lowest;
    }
  }

  private suitable(pfn: Pfn): boolean {
    const s = this.area.state[pfn]!;
    const whole = (s & State.KIND) === State.FREE &&
      (s & State.ORDER) >= PAGEBLOCK_ORDER;
    // an order-10 block starts in the pageblock before
    const inside = (s & State.KIND) === 0;
    return !whole && !inside &&
      this.area.typeAt(pfn) === MigrateType.MOVABLE;
  }
}
