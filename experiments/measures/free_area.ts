/**
 * The free blocks of each order as rows of a table, with the kernel's indexes.
 *
 * @module
 */
import {
  fragmentationIndex,
  unusableFreeIndex,
} from "../../allocators/buddy/indexes.ts";
import type { PageAllocator } from "../../allocators/pages.ts";
import { type Column, count, ratio } from "./columns.ts";

/** Meaning of the columns of {@linkcode freeAreaRows}. */
export const FREE_AREA_COLUMNS: readonly Column[] = [
  count("order", "order", "Order of the blocks."),
  count("blocks", "block", "Free blocks of the order."),
  ratio("unusable_ratio", "Share of free memory in shorter blocks."),
  ratio(
    "fragmentation_index",
    "-1: the order is served; near 0 memory is short, near 1 fragmented.",
  ),
];

/** One order at one instant. */
export type FreeAreaRow = {
  op: number;
  order: number;
  blocks: number;
  unusable_ratio: number;
  fragmentation_index: number;
};

/** A row for each order after `op` operations; O(blocks). */
export function freeAreaRows(op: number, pages: PageAllocator): FreeAreaRow[] {
  const blocks: number[] = new Array(pages.orders).fill(0);
  pages.walkPages((_pfn, order, kind) => {
    if (kind === "free") blocks[order]!++;
  });
  return blocks.map((count, order) => ({
    op,
    order,
    blocks: count,
    unusable_ratio: unusableFreeIndex(blocks, order) / 1000,
    fragmentation_index: fragmentationIndex(blocks, order) / 1000,
  }));
}
