/**
 * A slab cache as /proc/slabinfo or slabtop tell of it.
 *
 * @module
 */
import { PAGE_SIZES } from "../page_sizes.ts";

/** A cache. */
export interface Cache {
  /** Its name. */
  name: string;
  /** Objects in use, those on CPUs' lists included. */
  activeObjects: number;
  /** Objects that there is room for. */
  objects: number;
  /** Bytes from one object to the next. */
  size: number;
  /** Objects of a slab. */
  objectsPerSlab: number;
  /** Pages of a slab. */
  pagesPerSlab: number;
  /** Slabs held. */
  slabs: number;
  /** Objects that a CPU keeps at most: 0 under SLUB, which has no such limit. */
  limit: number;
}

/** Bytes that a cache holds, with pages of `pageBytes` bytes. */
export function heldBytes(cache: Cache, pageBytes: number): number {
  return cache.slabs * cache.pagesPerSlab * pageBytes;
}

/**
 * Why the figures of a cache cannot all be true: undefined if they can. Such a
 * cache is shown, but not added up.
 */
export function contradiction(
  cache: Cache,
  pageBytes: number,
): string | undefined {
  const { activeObjects, objects, size, objectsPerSlab, slabs } = cache;
  if (size === 0 || objectsPerSlab === 0 || cache.pagesPerSlab === 0) {
    return objects === 0 && slabs === 0 ? "empty" : "a size of 0";
  }
  if (activeObjects > objects) return "more in use than there are";
  if (objects > slabs * objectsPerSlab) return "more objects than slabs hold";
  return objectsPerSlab * size > cache.pagesPerSlab * pageBytes
    ? "objects longer than the slab"
    : undefined;
}

/**
 * The size of pages that most of `caches` show: the smallest with which their
 * objects fit their slabs. It is exact where a slab holds two objects or more,
 * as less than half of it is ever left over. Undefined if no cache tells.
 */
export function pageBytesOf(caches: readonly Cache[]): number | undefined {
  const votes = PAGE_SIZES.map(() => 0);
  for (const { objectsPerSlab, pagesPerSlab, size } of caches) {
    if (objectsPerSlab < 2) continue;
    const fits = PAGE_SIZES.findIndex((bytes) =>
      objectsPerSlab * size <= pagesPerSlab * bytes
    );
    if (fits >= 0) votes[fits]!++;
  }
  const most = Math.max(...votes);
  return most > 0 ? PAGE_SIZES[votes.indexOf(most)] : undefined;
}
