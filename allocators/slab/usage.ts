/**
 * What slab caches hold, in the terms of every allocator.
 *
 * @module
 */
import type { Usage } from "../allocator.ts";
import type { KmemCache } from "./kmem_cache.ts";

/** What `caches` hold, as the usage of one allocator. O(caches). */
export function slabUsage(caches: readonly KmemCache[]): Usage {
  const usage: Usage = {
    allocated: 0,
    metadata: 0,
    cached: 0,
    free: 0,
    footprint: 0,
    largestFree: 0,
    freeBlocks: 0,
    unavailable4k: 0,
    unavailable64k: 0,
    unavailable2m: 0,
    largestServeable: 0,
    side: 0,
  };
  for (const cache of caches) {
    const { geometry: { size }, live, freeObjects, capacity } = cache;
    const free = freeObjects * size;
    usage.allocated += live * size;
    usage.cached += (capacity - live - freeObjects) * size;
    usage.metadata += cache.footprint - capacity * size;
    usage.free += free;
    usage.footprint += cache.footprint;
    usage.freeBlocks += freeObjects;
    if (freeObjects > 0) usage.largestFree = Math.max(usage.largestFree, size);
    if (size < 4096) usage.unavailable4k += free;
    if (size < 65_536) usage.unavailable64k += free;
    if (size < 2 ** 21) usage.unavailable2m += free;
    usage.largestServeable = Math.max(usage.largestServeable, size);
  }
  return usage;
}
