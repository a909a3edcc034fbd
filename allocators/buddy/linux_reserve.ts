/**
 * The HIGHATOMIC reserve: pageblocks, about 1 % of the zone, whose free pages
 * are kept for high-order requests that cannot wait. Facts from Linux 6.1 to
 * 7.2, mm/page_alloc.c.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import type { Pfn } from "../pages.ts";
import {
  type FreeArea,
  MigrateType,
  PAGEBLOCK_ORDER,
  TOP,
} from "./linux_area.ts";
import type { LinuxRules } from "./linux_versions.ts";

const { HIGHATOMIC } = MigrateType;

/** The reserve of one zone. */
export class HighAtomicReserve {
  /** Pageblocks in the reserve. */
  pageblocks = 0;
  private readonly area: FreeArea;
  private readonly rules: LinuxRules;

  /** Nothing is reserved yet. */
  constructor(area: FreeArea, rules: LinuxRules) {
    this.area = area;
    this.rules = rules;
  }

  /** A block of `order` out of the reserve; NULL if there is none. */
  take(order: number): Pfn {
    return this.area.smallest(order, HIGHATOMIC);
  }

  /** Pages that other requests may not count on. */
  get pages(): number {
    if (!this.rules.keepsFreeOnly) return this.pageblocks << PAGEBLOCK_ORDER;
    return this.area.freeOf(HIGHATOMIC);
  }

  /** Reserves the pageblocks of a block just granted, if there may be more. */
  add(pfn: Pfn, order: number): void {
    const { area, rules } = this;
    if (this.pageblocks >= rules.reserveLimit(area.pages)) return;
    if (area.typeAt(pfn) >= HIGHATOMIC || area.sticksOut(pfn)) return;
    if (order < PAGEBLOCK_ORDER || !rules.reservesWhole) {
      area.retypePageblock(pfn, HIGHATOMIC);
      this.pageblocks++;
    } else {
      area.retype(pfn, order, HIGHATOMIC);
      this.pageblocks += 1 << (order - PAGEBLOCK_ORDER);
    }
  }

  /**
   * Gives the pageblock of a free block to `type`; false if there is none. The
   * last one stays unless the caller is `desperate`.
   */
  giveUp(type: number, desperate: boolean): boolean {
    const { area, rules } = this;
    if (this.pageblocks <= 1 && !desperate) return false;
    for (let order = 0; order <= TOP; order++) {
      const pfn = area.first(order, HIGHATOMIC);
      if (pfn === NULL) continue;
      if (order < PAGEBLOCK_ORDER || !rules.reservesWhole) {
        // in 6.1 a list may hold blocks of pageblocks that were given up
        if (area.typeAt(pfn) === HIGHATOMIC) this.pageblocks--;
        area.retypePageblock(pfn, type);
      } else {
        area.unlink(pfn);
        area.retype(pfn, order, type);
        area.release(pfn, order, type);
        this.pageblocks -= 1 << (order - PAGEBLOCK_ORDER);
      }
      return true;
    }
    return false;
  }
}
