/**
 * The metrics, defined once for every layer.
 *
 * @module
 */
import type { Allocator, Usage } from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import type { Sample } from "./columns.ts";

/** What the driver counts itself, never an allocator. */
export interface Demand {
  /** Operations so far. */
  op: number;
  /** Bytes requested so far. */
  clock: number;
  /** Live bytes as asked for. */
  requested: number;
  /** Live objects. */
  live: number;
  /** Requests refused so far. */
  failures: number;
}

/** 1 - requested/allocated; 0 while nothing is allocated. */
export function internalRatio(requested: number, allocated: number): number {
  return allocated > 0 ? 1 - requested / allocated : 0;
}

/** 1 - largest free/min(free, largest serveable); 0 while nothing is free. */
export function externalRatio(usage: Usage): number {
  const best = Math.min(usage.free, usage.largestServeable);
  return best > 0 ? Math.max(0, 1 - usage.largestFree / best) : 0;
}

/** One row: `heap` as layer `layer` at the instant of `demand`. */
export function measure(
  layer: string,
  heap: Pick<Allocator, "usage" | "counters">,
  source: Partial<PageSource> | undefined,
  demand: Demand,
  phase = "",
): Sample {
  const usage = heap.usage();
  const { footprint, free } = usage;
  const share = (part: number, whole: number) => whole > 0 ? part / whole : 0;
  return {
    layer,
    phase,
    op: demand.op,
    clock_bytes: demand.clock,
    requested_bytes: demand.requested,
    allocated_bytes: usage.allocated,
    metadata_bytes: usage.metadata,
    cached_bytes: usage.cached,
    free_bytes: free,
    footprint_bytes: footprint,
    side_bytes: usage.side,
    resident_bytes: source?.residentBytes,
    largest_free_bytes: usage.largestFree,
    free_blocks: usage.freeBlocks,
    live_blocks: demand.live,
    internal_ratio: internalRatio(demand.requested, usage.allocated),
    external_ratio: externalRatio(usage),
    overhead_ratio: share(usage.metadata, footprint),
    retained_ratio: footprint > 0 ? 1 - usage.allocated / footprint : 0,
    unavailable_4k_ratio: share(usage.unavailable4k, free),
    unavailable_64k_ratio: share(usage.unavailable64k, free),
    unavailable_2m_ratio: share(usage.unavailable2m, free),
    failures: demand.failures,
    splits: heap.counters.splits,
    coalesces: heap.counters.coalesces,
    search_steps: heap.counters.searchSteps,
    moved_bytes: heap.counters.bytesMoved,
    system_calls: source?.systemCalls,
    page_faults: source?.pageFaults,
  };
}
