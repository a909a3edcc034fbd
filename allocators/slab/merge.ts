/**
 * When two SLUB caches become one: their objects are close in size, fit each
 * other's alignment and are treated alike. Facts from Linux 6.12,
 * mm/slab_common.c.
 *
 * @module
 */
import { type CacheSpec, roundUp, slubAlign, WORD } from "./slub.ts";

/** A cache with what decides about merging. */
export interface MergeSpec extends CacheSpec {
  /** Objects can be reclaimed on demand (SLAB_RECLAIM_ACCOUNT). */
  reclaimAccount?: boolean;
  /** Objects are charged to the memory controller (SLAB_ACCOUNT). */
  account?: boolean;
  /** Slabs come from DMA memory (SLAB_CACHE_DMA). */
  dma?: boolean;
  /** Bytes that may be copied to or from user space. */
  userSize?: number;
  /** Red zones, owner tracking, or a wish never to merge. */
  noMerge?: boolean;
}

/** Whether the cache can share its slabs at all. */
export function mergeable(spec: MergeSpec): boolean {
  return !(spec.ctor || spec.rcu || spec.poison || spec.noMerge ||
    (spec.userSize ?? 0) > 0);
}

/**
 * Whether a new cache becomes an alias of one whose objects lie `size` bytes
 * apart and that was created as `existing`.
 */
export function mergesInto(
  spec: MergeSpec,
  existing: MergeSpec,
  size: number,
): boolean {
  if (!mergeable(spec) || !mergeable(existing)) return false;
  const align = slubAlign(spec);
  const wanted = roundUp(roundUp(spec.objectSize, WORD), align);
  return alike(spec.reclaimAccount, existing.reclaimAccount) &&
    alike(spec.account, existing.account) &&
    alike(spec.dma, existing.dma) &&
    wanted <= size && size % align === 0 && size - wanted < WORD;
}

function alike(a: boolean | undefined, b: boolean | undefined): boolean {
  return Boolean(a) === Boolean(b);
}
