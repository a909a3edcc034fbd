/**
 * What the watermarks of a zone say to a request. Facts from Linux 6.1 to 7.2,
 * mm/page_alloc.c. Simplified: no reclaim, so the min watermark refuses
 * requests, and the others only count and shorten per-CPU lists.
 *
 * @module
 */
import { type FreeArea, MigrateType } from "./linux_area.ts";
import type { HighAtomicReserve } from "./linux_reserve.ts";
import { type Watermarks, watermarks } from "./linux_watermarks.ts";

const { MOVABLE, CMA } = MigrateType;

/** Watches the free pages of a zone; each call is O(orders). */
export class WatermarkCheck {
  /** Times that free pages fell below the low watermark, from above the high. */
  wakeups = 0;
  /** Whether reclaim would run. */
  private awake = false;
  private readonly area: FreeArea;
  private readonly reserve: HighAtomicReserve;
  private readonly min: number;

  /** `min`: the min watermark, in pages; 0: there are no watermarks. */
  constructor(area: FreeArea, reserve: HighAtomicReserve, min: number) {
    this.area = area;
    this.reserve = reserve;
    this.min = min;
  }

  /** Whether a request for 2^`order` pages of `type` may be served. */
  allows(order: number, type: number, atomic: boolean): boolean {
    if (this.min === 0) return true;
    if (!atomic) return this.leaves(order, type, this.min);
    const half = this.min - (this.min >> 1);
    const least = half - (half >> 2); // 3/8 of min
    return this.area.freePages - this.lent(type) - (1 << order) >= least;
  }

  /** Whether an ordinary request for a page would pass the high watermark. */
  isHigh(): boolean {
    return this.min === 0 || this.leaves(0, MOVABLE, this.marks().high);
  }

  /** Counts when the kernel would start reclaim. */
  count(): void {
    if (this.min === 0) return;
    const free = this.area.freePages;
    const { low, high } = this.marks();
    if (this.awake) this.awake = free < high;
    else if (free < low) {
      this.awake = true;
      this.wakeups++;
    }
  }

  private marks(): Watermarks {
    return watermarks(this.min, this.area.pages);
  }

  /** Whether `pages` pages outside the reserve stay free. */
  private leaves(order: number, type: number, pages: number): boolean {
    const free = this.area.freePages - this.reserve.pages - this.lent(type);
    return free - (1 << order) >= pages;
  }

  /** Free pages of CMA, which only MOVABLE requests may have. */
  private lent(type: number): number {
    return type === MOVABLE ? 0 : this.area.freeOf(CMA);
  }
}
