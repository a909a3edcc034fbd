/**
 * The HIGHATOMIC reserve: pageblocks, about 1 % of the zone, whose free pages
 * are kept for high-order requests that cannot wait. Facts from Linux 6.12,
 * mm/page_alloc.c.
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

const { HIGHATOMIC } = MigrateType;

/** The reserve of one zone. */
export class HighAtomicReserve {
  /** Pageblocks in the reserve. */
  pageblocks = 0;
  private readonly area: FreeArea;

  /** Nothing is reserved yet. */
  constructor(area: FreeArea) {
    this.area = area;
  }

  /** A block of `order` out of the reserve; NULL if there is none. */
  take(order: number): Pfn {
    return this.area.smallest(order, HIGHATOMIC);
  }

  /** Reserves the pageblocks of a block just granted, if there may be more. */
  add(pfn: Pfn, order: number): void {
    const area = this.area;
    const most = Math.ceil(area.pages / 2 ** PAGEBLOCK_ORDER / 100);
    if (this.pageblocks >= most || area.typeAt(pfn) === HIGHATOMIC) return;
    if (order < PAGEBLOCK_ORDER) {
      area.retypePageblock(pfn, HIGHATOMIC);
      this.pageblocks++;
    } else {
      area.retype(pfn, order, HIGHATOMIC);
      this.pageblocks += 1 << (order - PAGEBLOCK_ORDER);
    }
  }

  /** Gives a pageblock with free pages to `type`; false if there is none. */
  giveUp(type: number): boolean {
    const area = this.area;
    for (let order = 0; order <= TOP; order++) {
      const pfn = area.first(order, HIGHATOMIC);
      if (pfn === NULL) continue;
      if (order < PAGEBLOCK_ORDER) {
        area.retypePageblock(pfn, type);
        this.pageblocks--;
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
