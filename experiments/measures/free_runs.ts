/**
 * Free blocks that lie side by side: what a buddy system may not merge.
 *
 * @module
 */
import type { PageAllocator } from "../../allocators/pages.ts";
import { type Column, count, ratio } from "./columns.ts";

/** What walking the pages finds. */
export interface FreeRuns {
  /** Free pages. */
  free: number;
  /** Free blocks. */
  blocks: number;
  /** Longest sequences of free blocks without a gap. */
  runs: number;
  /** Pages of free blocks below the top order beside another free block. */
  besideFree: number;
  /** Pairs of free neighbours. */
  neighbours: number;
  /** Free pairs that are buddies, below the top order: an eager system has none. */
  buddies: number;
  /** Blocks of the wanted length that free blocks hold. */
  heldByBlocks: number;
  /** Blocks of the wanted length that free runs hold. */
  heldByRuns: number;
}

/** Walks `pages`; blocks of `wanted` pages are what is wanted. O(pages). */
export function freeRuns(pages: PageAllocator, wanted: number): FreeRuns {
  const found: FreeRuns = {
    free: 0,
    blocks: 0,
    runs: 0,
    besideFree: 0,
    neighbours: 0,
    buddies: 0,
    heldByBlocks: 0,
    heldByRuns: 0,
  };
  const top = pages.orders - 1;
  let run: { pfn: number; order: number }[] = [];
  const close = () => {
    if (run.length === 0) return;
    const length = run.reduce((sum, b) => sum + pages.pagesOf(b.order), 0);
    found.runs++;
    found.neighbours += run.length - 1;
    found.heldByRuns += Math.floor(length / wanted);
    for (const { order } of run) {
      if (run.length === 1 || order === top) continue;
      found.besideFree += pages.pagesOf(order);
    }
    run = [];
  };
  pages.walkPages((pfn, order, kind) => {
    if (kind !== "free") return close();
    const before = run.at(-1);
    const length = pages.pagesOf(order);
    found.free += length;
    found.blocks++;
    found.heldByBlocks += Math.floor(length / wanted);
    if (
      before?.order === order && order < top &&
      (before.pfn ^ length) === pfn
    ) found.buddies++;
    run.push({ pfn, order });
  });
  close();
  return found;
}

/** Meaning of {@linkcode freeRunMeasures}. */
export const FREE_RUN_COLUMNS: readonly Column[] = [
  ratio(
    "beside_free_ratio",
    "Share of free memory that lies beside other free memory and may not merge.",
  ),
  ratio(
    "lost_ratio",
    "Share of free memory that would serve the wanted blocks if it could merge.",
  ),
  count("neighbour_pairs", "pair", "Pairs of free neighbours."),
  count(
    "buddy_pairs",
    "pair",
    "Of these, pairs of buddies below the top order.",
  ),
];

/** What was found, for requests of `wanted` pages. */
export function freeRunMeasures(
  { free, besideFree, heldByBlocks, heldByRuns, neighbours, buddies }: FreeRuns,
  wanted: number,
): Record<string, number> {
  const share = (pages: number) => free > 0 ? pages / free : 0;
  return {
    beside_free_ratio: share(besideFree),
    lost_ratio: share((heldByRuns - heldByBlocks) * wanted),
    neighbour_pairs: neighbours,
    buddy_pairs: buddies,
  };
}

/** Free blocks of each order, as the census lists them. */
export function freeBlocks(pages: PageAllocator): number[] {
  return pages.census().filter(({ list }) => list.startsWith("order"))
    .map(({ blocks }) => blocks);
}
