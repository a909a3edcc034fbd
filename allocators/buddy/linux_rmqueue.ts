/**
 * How a zone hands out a block: from the lists of the type, of CMA if that
 * will do, else by a fallback. Facts from Linux, mm/page_alloc.c, `__rmqueue`.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import type { Pfn } from "../pages.ts";
import { type FreeArea, MigrateType } from "./linux_area.ts";
import { claim, convert, Converted, steal } from "./linux_fallback.ts";
import type { LinuxRules } from "./linux_versions.ts";

const { MOVABLE, CMA } = MigrateType;

/** Where a refill goes on: what came before it is empty. */
const From = { LISTS: 0, CMA: 1, STEAL: 2 } as const;

/** Takes blocks off the free lists of a zone. */
export class Rmqueue {
  /** Requests that changed the type of a pageblock. */
  claims = 0;
  /** Requests served from a pageblock of another type. */
  steals = 0;
  /** Whether the zone has an area for CMA. */
  hasCma = false;
  /** Where the last block came from, as far as a refill remembers. */
  private from: number = From.LISTS;
  private readonly area: FreeArea;
  private readonly rules: LinuxRules;

  /** Takes from `area` as `rules` say. */
  constructor(area: FreeArea, rules: LinuxRules) {
    this.area = area;
    this.rules = rules;
  }

  /** A block; NULL if there is none. `noFragment`: whole pageblocks only. */
  take(order: number, type: number, noFragment: boolean): Pfn {
    this.from = From.LISTS;
    if (this.hasCma && type === MOVABLE && this.cmaIsMost()) {
      const pfn = this.area.smallest(order, CMA);
      if (pfn !== NULL) return pfn;
    }
    const pfn = this.area.smallest(order, type);
    return pfn === NULL ? this.fallback(order, type, noFragment) : pfn;
  }

  /** One of the blocks of a refill; `first`: it begins here. */
  refill(
    order: number,
    type: number,
    noFragment: boolean,
    first: boolean,
  ): Pfn {
    // after a steal nothing else is tried, after a claim everything is
    if (first || this.from === From.LISTS || this.rules.oneStep) {
      return this.take(order, type, noFragment);
    }
    if (this.hasCma && type === MOVABLE && this.cmaIsMost()) {
      const pfn = this.area.smallest(order, CMA);
      if (pfn !== NULL) return pfn;
    }
    return this.from === From.CMA
      ? this.fallback(order, type, noFragment)
      : this.steal(order, type);
  }

  /** A block of another type, when the lists of `type` are empty; or NULL. */
  fallback(order: number, type: number, noFragment: boolean): Pfn {
    if (this.hasCma && type === MOVABLE) {
      const pfn = this.area.smallest(order, CMA);
      if (pfn !== NULL) {
        this.from = From.CMA;
        return pfn;
      }
    }
    if (this.rules.oneStep) return this.convert(order, type, noFragment);
    const pfn = claim(this.area, order, type, noFragment);
    if (pfn !== NULL) {
      this.claims++;
      this.from = From.LISTS;
      return pfn;
    }
    return noFragment ? NULL : this.steal(order, type);
  }

  /** Whether more than half of what is free lies in the area for CMA. */
  private cmaIsMost(): boolean {
    return this.area.freeOf(CMA) > this.area.freePages >> 1;
  }

  private steal(order: number, type: number): Pfn {
    const pfn = steal(this.area, order, type);
    if (pfn !== NULL) {
      this.steals++;
      this.from = From.STEAL;
    }
    return pfn;
  }

  private convert(order: number, type: number, noFragment: boolean): Pfn {
    const converted = convert(this.area, order, type, noFragment);
    if (converted === Converted.NOTHING) return NULL;
    if (converted === Converted.PAGEBLOCK) this.claims++;
    else this.steals++;
    return this.area.smallest(order, type);
  }
}
