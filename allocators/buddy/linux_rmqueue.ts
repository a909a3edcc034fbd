/**
 * How a zone hands out a block: from the lists of the type, else by a fallback.
 * Facts from Linux, mm/page_alloc.c, `__rmqueue`.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import type { Pfn } from "../pages.ts";
import type { FreeArea } from "./linux_area.ts";
import { claim, convert, Converted, steal } from "./linux_fallback.ts";
import type { LinuxRules } from "./linux_versions.ts";

/** Takes blocks off the free lists of a zone. */
export class Rmqueue {
  /** Requests that changed the type of a pageblock. */
  claims = 0;
  /** Requests served from a pageblock of another type. */
  steals = 0;
  /** Whether the last page of the refill that goes on was stolen. */
  private stealing = false;
  private readonly area: FreeArea;
  private readonly rules: LinuxRules;

  /** Takes from `area` as `rules` say. */
  constructor(area: FreeArea, rules: LinuxRules) {
    this.area = area;
    this.rules = rules;
  }

  /** A block; NULL if there is none. `noFragment`: whole pageblocks only. */
  take(order: number, type: number, noFragment: boolean): Pfn {
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
    if (first) this.stealing = false;
    if (this.stealing) return this.steal(order, type);
    const steals = this.steals;
    const pfn = this.take(order, type, noFragment);
    // after a steal nothing else is tried, after a claim everything is
    this.stealing = this.steals > steals && !this.rules.oneStep;
    return pfn;
  }

  /** A block of another type, when the lists of `type` are empty; or NULL. */
  fallback(order: number, type: number, noFragment: boolean): Pfn {
    if (this.rules.oneStep) return this.convert(order, type, noFragment);
    const pfn = claim(this.area, order, type, noFragment);
    if (pfn !== NULL) {
      this.claims++;
      return pfn;
    }
    return noFragment ? NULL : this.steal(order, type);
  }

  private steal(order: number, type: number): Pfn {
    const pfn = steal(this.area, order, type);
    if (pfn !== NULL) this.steals++;
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
