/**
 * Memory fills up page by page; one page in every 2^order stays, the others go.
 *
 * @module
 */
import { MigrateType } from "../../allocators/buddy/linux_area.ts";
import { PageTraceBuilder } from "../traces/page_builder.ts";
import type { Trace } from "../traces/trace.ts";

/** How much is taken, and what stays. */
export interface OnePageStays {
  /** Pages of the memory. */
  pages: number;
  /** The first page of every 2^order stays. */
  order: number;
  /** Migratetype of the pages that stay; the others are movable. */
  type: number;
}

/** Takes all pages, then frees all but those that stay. */
export function onePageStays({ pages, order, type }: OnePageStays): Trace {
  const trace = new PageTraceBuilder();
  const gone: number[] = [];
  for (let i = 0; i < pages; i++) {
    const stays = i % 2 ** order === 0;
    const slot = trace.alloc(0, stays ? type : MigrateType.MOVABLE);
    if (!stays) gone.push(slot);
  }
  gone.forEach((slot) => trace.free(slot));
  return trace.build("one_page_stays");
}
