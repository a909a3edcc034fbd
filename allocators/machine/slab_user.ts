/**
 * A kind of kernel object: who asks a slab cache, and for how many bytes.
 *
 * @module
 */
import { type Address, NULL, type Usage } from "../allocator.ts";
import type { KmemCache } from "../slab/kmem_cache.ts";
import { type Share, share } from "./share.ts";

/** Objects of one kind; two kinds may share a cache. */
export class SlabUser {
  /** Live objects of this kind. */
  live = 0;

  /** Objects of `bytes` bytes out of `cache`. */
  constructor(
    /** Its name in views. */
    readonly name: string,
    /** Bytes of an object as asked for. */
    readonly bytes: number,
    /** Where they come from. */
    readonly cache: KmemCache,
  ) {}

  /** A new object; NULL if there are no pages for it. */
  alloc(): Address {
    const address = this.cache.alloc();
    if (address !== NULL) this.live++;
    return address;
  }

  /** Takes an object back; `RangeError` if none is live there. */
  free(address: Address): void {
    this.cache.free(address);
    this.live--;
  }
}

/** What `caches` hold, as the usage of one allocator. */
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

/** The pages of `caches` by what is on them. */
export function slabFrames(
  users: readonly SlabUser[],
  caches: readonly KmemCache[],
): Share {
  let requested = 0;
  for (const { live, bytes } of users) requested += live * bytes;
  const { allocated, cached, free, metadata } = slabUsage(caches);
  return share("slab", {
    requested,
    padding: allocated - requested,
    cached,
    free,
    tail: metadata,
  });
}
