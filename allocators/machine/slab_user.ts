/**
 * A kind of kernel object: who asks a slab cache, and for how many bytes.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import type { KmemCache } from "../slab/kmem_cache.ts";
import { slabUsage } from "../slab/usage.ts";
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
