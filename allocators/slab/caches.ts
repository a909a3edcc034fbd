/**
 * The list of SLUB caches: a new cache that suits an existing one becomes an
 * alias of it.
 *
 * @module
 */
import type { PageAllocator } from "../pages.ts";
import { KmemCache } from "./kmem_cache.ts";
import type { CacheOptions } from "./node_slabs.ts";
import { mergesInto, type MergeSpec } from "./merge.ts";
import { SlabPages } from "./slab_pages.ts";
import { slubGeometry } from "./slub.ts";

/** The caches over one page allocator. */
export class SlubCaches {
  private readonly caches: { spec: MergeSpec; cache: KmemCache }[] = [];
  private readonly directory: SlabPages;
  private readonly pages: PageAllocator;
  private readonly options: CacheOptions;
  private readonly merge: boolean;

  /** No caches yet; `merge` false (slab_nomerge) keeps all apart. */
  constructor(
    pages: PageAllocator,
    options: CacheOptions = {},
    merge = true,
  ) {
    this.pages = pages;
    this.directory = new SlabPages(pages.footprint / pages.pageBytes);
    this.options = options;
    this.merge = merge;
  }

  /** The caches that own slabs, oldest first. */
  get all(): readonly KmemCache[] {
    return this.caches.map(({ cache }) => cache);
  }

  /** The cache for objects as `spec` says: the latest that suits, or new. */
  create(spec: MergeSpec): KmemCache {
    const suits = this.merge &&
      this.caches.findLast((existing) =>
        mergesInto(spec, existing.spec, existing.cache.geometry.size)
      );
    if (suits) return suits.cache;
    const geometry = slubGeometry(spec, this.options.cpus ?? 1);
    const cache = new KmemCache(this.pages, geometry, {
      ...this.options,
      directory: this.directory,
    });
    this.caches.push({ spec, cache });
    return cache;
  }
}
