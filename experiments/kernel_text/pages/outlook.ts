/**
 * What a request of an order can expect from the free blocks of a zone: to be
 * served now, after compaction, or not.
 *
 * A request takes blocks of its own type first, then of the other types that
 * may stand in (Linux, mm/page_alloc.c). If none is long enough, the kernel's
 * fragmentation index says why: above the threshold free memory lies in pieces
 * too small and compaction is tried, else memory is short and pages must be
 * reclaimed. Less free memory than one block cannot be compacted into it.
 * Simplified: watermarks are left out; see watermark.ts for them.
 *
 * @module
 */
import { fragmentationIndex } from "../../../allocators/buddy/indexes.ts";
import { pagesIn } from "./blocks.ts";

/** Index above which the kernel compacts rather than reclaims, thousandths. */
export const EXTFRAG_THRESHOLD = 500;

/** What a request can expect. */
export type Outlook =
  /** A block of its own type is free. */
  | "now"
  /** Only blocks in CMA areas are, which movable requests may take. */
  | "from CMA"
  /** Those are, and blocks of another type that it may take. */
  | "CMA or fallback"
  /** Only blocks of another type are, and the request may take one. */
  | "fallback"
  /** Enough is free, in pieces too small. */
  | "compaction"
  /** The same, and compaction has nothing that it could move. */
  | "stuck"
  /** Too little is free for compaction to be worth a try. */
  | "reclaim"
  /** Less is free than the request asks for. */
  | "short";

/** Free blocks as a type of request sees them, of each order. */
export interface Sources {
  /** On the lists of its own type. */
  own: readonly number[];
  /** In CMA areas, if it may use them. */
  cma: readonly number[];
  /** On the lists of types that stand in. */
  others: readonly number[];
  /** Whether the zone has movable pageblocks; undefined: not known. */
  movable?: boolean;
}

/** What a request of `order` can expect. */
export function outlook(
  { own, cma, others, movable }: Sources,
  order: number,
): Outlook {
  const reaches = (blocks: readonly number[]) =>
    blocks.some((n, k) => k >= order && n > 0);
  if (reaches(own)) return "now";
  if (reaches(cma)) return reaches(others) ? "CMA or fallback" : "from CMA";
  if (reaches(others)) return "fallback";
  const all = own.map((n, k) => n + (cma[k] ?? 0) + (others[k] ?? 0));
  if (pagesIn(all) < 2 ** order) return "short";
  const fragmented = fragmentationIndex(all, order) > EXTFRAG_THRESHOLD;
  if (!fragmented) return "reclaim";
  return movable === false ? "stuck" : "compaction";
}

/** Whether a request with this outlook gets its block at once. */
export function isServed(outlook: Outlook): boolean {
  return ["now", "from CMA", "CMA or fallback", "fallback"].includes(outlook);
}

/** What each outlook means, for a reader. */
export const MEANING: Readonly<Record<Outlook, string>> = {
  now: "served now",
  "from CMA": "served now, from a CMA area only",
  "CMA or fallback": "served now, by a CMA area or a block of another type",
  fallback: "served now, by a block of another type",
  compaction: "not now: free memory is fragmented; compaction can help",
  stuck: "not now: free memory is fragmented, and no pageblock is movable",
  reclaim: "not now: memory is short; reclaim must come first",
  short: "not now: memory is short, less is free than one block",
};
