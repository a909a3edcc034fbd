/**
 * Whether a zone's watermark lets a request pass.
 *
 * Free pages, less those the request may not use, must stay above the mark and
 * the reserve for requests that could also use a higher zone. Up to Linux 4.3
 * the mark, halved at each order, must also hold for what is free above that
 * order; from 4.4 on a single free block that is long enough will do. After
 * mm/page_alloc.c of 2.6.32 and 6.12.
 *
 * @module
 */
import type { Gfp } from "./gfp.ts";

/** Which kernels' rule: up to 4.3, or from 4.4 on. */
export type WatermarkRule = "old" | "new";

/** A zone as the rule sees it; all in pages. */
export interface ZoneState {
  /** Free pages. */
  free: number;
  /** Free pages that are kept for atomic requests of higher order. */
  reserved: number;
  /** Free pages in CMA areas. */
  cma: number;
  /** The watermark. */
  mark: number;
  /** What is kept for requests that could use a higher zone instead. */
  lowmemReserve: number;
  /** Free blocks of each order; empty if the text does not tell. */
  blocks: readonly number[];
  /** Whether a request may take a block of `order` from one of the lists. */
  takes(order: number): boolean;
}

/** What came of a check. */
export interface Check {
  /** Whether the request passes. */
  ok: boolean;
  /**
   * The order where it stops: 0 for the watermark as such. Under the new rule
   * the order of the request, if no block is long enough.
   */
  order: number;
  /** Pages left above that order. */
  left: number;
  /** More pages than these are needed. */
  needed: number;
}

/** The mark as far as `gfp` must respect it. */
export function lowered(mark: number, { high, harder }: Gfp): number {
  if (high) mark -= Math.floor(mark / 2);
  if (harder) mark -= Math.floor(mark / 4);
  return mark;
}

/** Checks a request of `order`. */
export function checkWatermark(
  zone: ZoneState,
  gfp: Gfp,
  order: number,
  rule: WatermarkRule,
): Check {
  let left = zone.free - (2 ** order - 1);
  if (rule === "new" && !gfp.harder) left -= zone.reserved;
  if (gfp.type !== "Movable") left -= zone.cma;
  let mark = lowered(zone.mark, gfp);
  const needed = mark + zone.lowmemReserve;
  if (left <= needed) return { ok: false, order: 0, left, needed };
  if (rule === "new") {
    const found = order === 0 || zone.takes(order);
    return { ok: found, order, left, needed };
  }
  for (let k = 0; k < order; k++) {
    left -= (zone.blocks[k] ?? 0) * 2 ** k;
    mark = Math.floor(mark / 2);
    if (left <= mark) return { ok: false, order: k + 1, left, needed: mark };
  }
  return { ok: true, order, left, needed: mark };
}
