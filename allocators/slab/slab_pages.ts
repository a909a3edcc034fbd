/**
 * Which page belongs to which slab: what the kernel keeps in page descriptors.
 *
 * @module
 */
import { longer } from "../longer.ts";
import type { Pfn } from "../pages.ts";

/** Bits for the number of a slab within its cache. */
const SLAB_BITS = 24;
/** Most caches that share a directory. */
const MAX_CACHES = 127;

/** A directory that the caches over one page allocator share. */
export class SlabPages {
  // One entry per page: cache << 24 | slab in that cache; 0: of no cache.
  private entry: Int32Array<ArrayBuffer>;
  private caches = 0;

  /** No caches yet; there is room for `pages` pages before it has to grow. */
  constructor(pages = 0) {
    this.entry = new Int32Array(Math.max(1024, pages));
  }

  /** Pages below this number may have an entry. */
  get end(): Pfn {
    return this.entry.length;
  }

  /** A number >= 1 for a new cache. Throws `RangeError` after 127. */
  addCache(): number {
    if (this.caches === MAX_CACHES) {
      throw new RangeError(`Cannot have more than ${MAX_CACHES} caches`);
    }
    return ++this.caches;
  }

  /** The cache whose slab the page is in; 0 if there is none. */
  cacheOf(pfn: Pfn): number {
    return (this.entry[pfn] ?? 0) >> SLAB_BITS;
  }

  /** The slab of `cache` that the page is in; -1 if it is in none of them. */
  slabOf(pfn: Pfn, cache: number): number {
    const slab = (this.entry[pfn] ?? 0) ^ (cache << SLAB_BITS);
    return slab >>> SLAB_BITS === 0 ? slab : -1;
  }

  /**
   * Notes whose the pages are; cache 0, slab 0: nobody's. Throws `RangeError`
   * if there is no number for the slab.
   */
  set(pfn: Pfn, pages: number, cache: number, slab: number): void {
    if (slab >= 2 ** SLAB_BITS) {
      throw new RangeError(`Cannot have more than ${2 ** SLAB_BITS} slabs`);
    }
    const end = pfn + pages;
    if (end > this.entry.length) {
      const length = Math.max(end, 2 * this.entry.length);
      this.entry = longer(this.entry, length);
    }
    this.entry.fill((cache << SLAB_BITS) | slab, pfn, end);
  }
}
