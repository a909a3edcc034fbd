/**
 * kmalloc: size classes, each a SLUB cache; what is larger goes straight to
 * the page allocator. Facts from Linux 6.12, mm/slab_common.c. Simplified: one
 * cache per class, where the kernel also tells accounted, reclaimable and DMA
 * memory apart.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  type CensusRow,
  type Counters,
  invariant,
  notLive,
  NULL,
  reallocByMove,
  type Usage,
} from "../allocator.ts";
import {
  FlatSource,
  PAGE,
  type PageAllocator,
  type PageSource,
} from "../pages.ts";
import { type CacheOptions, KmemCache } from "./kmem_cache.ts";
import { SlabPages } from "./slab_pages.ts";
import { roundUp, slubGeometry, type SlubRules } from "./slub.ts";

/** The size classes in bytes. */
export const KMALLOC_SIZES: readonly number[] = [
  ...[8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192],
];

/** Bytes that kmalloc hands out for `size`. */
export function kmallocSize(size: number): number {
  return KMALLOC_SIZES.find((bytes) => size <= bytes) ??
    2 ** Math.ceil(Math.log2(size));
}

/** The kernel's general allocator; requests are O(1), large ones O(orders). */
export class Kmalloc implements Allocator {
  readonly counters: Counters;
  private readonly pages: PageAllocator;
  private readonly source: Pick<PageSource, "move">;
  private readonly directory = new SlabPages();
  private readonly sizes: readonly number[];
  private readonly caches: KmemCache[];
  // Entry n: the class of requests of 8n - 7 .. 8n bytes.
  private readonly classOf: Uint8Array;
  private readonly most: number;
  private largeBytes = 0;
  /** Pages below this number may hold a large block. */
  private end = 0;

  /**
   * Over `pages`, with the geometry of a machine of `cpus` CPUs; `cache` > 0
   * adds a cache for objects of that many bytes. Longer requests go to `pages`.
   */
  constructor(
    pages: PageAllocator,
    { cpus = 2, cache = 0, rules = "new", source = new FlatSource(), draw }: {
      cpus?: number;
      cache?: number;
      rules?: SlubRules;
      source?: Pick<PageSource, "move">;
      draw?: CacheOptions["draw"];
    } = {},
  ) {
    this.pages = pages;
    this.counters = pages.counters;
    this.source = source;
    this.sizes = [...new Set([...KMALLOC_SIZES, cache || 8])]
      .sort((a, b) => a - b);
    this.most = this.sizes.at(-1)!;
    this.classOf = Uint8Array.from(
      { length: Math.ceil(this.most / 8) + 1 },
      (_, n) => this.sizes.findIndex((bytes) => 8 * n <= roundUp(bytes, 8)),
    );
    this.caches = this.sizes.map((size) =>
      new KmemCache(
        pages,
        slubGeometry({ objectSize: size, align: size & -size }, cpus, rules),
        { directory: this.directory, draw },
      )
    );
  }

  malloc(size: number): Address {
    if (size <= this.most) {
      return this.caches[this.classOf[(size + 7) >> 3]!]!.alloc();
    }
    const order = this.pages.orderFor(Math.ceil(size / PAGE));
    const pfn = this.pages.allocPages(order);
    if (pfn === NULL) return NULL;
    const pages = this.pages.pagesOf(order);
    this.largeBytes += pages * PAGE;
    this.end = Math.max(this.end, pfn + pages);
    return pfn * PAGE;
  }

  free(address: Address): void {
    const cache = this.cacheAt(address);
    if (cache) return cache.free(address);
    const order = this.largeOrder(address);
    this.pages.freePages(address / PAGE, order);
    this.largeBytes -= this.pages.pagesOf(order) * PAGE;
  }

  realloc(address: Address, oldSize: number, size: number): Address {
    return reallocByMove(this, this.source, address, oldSize, size);
  }

  usableSize(address: Address): number {
    const cache = this.cacheAt(address);
    if (cache) {
      cache.assertLive(address);
      return cache.geometry.size;
    }
    return this.pages.pagesOf(this.largeOrder(address)) * PAGE;
  }

  walk(visit: BlockVisitor): void {
    const end = Math.max(this.directory.end, this.end);
    for (let pfn = 0; pfn < end;) {
      const cache = this.directory.cacheOf(pfn);
      if (cache > 0) {
        pfn += this.caches[cache - 1]!.walkSlab(pfn, visit);
        continue;
      }
      const order = this.pages.liveOrder(pfn);
      if (order >= 0) {
        const pages = this.pages.pagesOf(order);
        visit(pfn * PAGE, pages * PAGE, "live");
        pfn += pages;
      } else pfn++;
    }
  }

  check(): void {
    this.pages.check();
    for (const cache of this.caches) cache.check();
    let held = 0;
    this.walk((_start, bytes) => held += bytes);
    invariant(held === this.footprint, "the footprint is miscounted");
  }

  usage(): Usage {
    const usage: Usage = {
      allocated: this.largeBytes,
      metadata: 0,
      cached: 0,
      free: 0,
      footprint: this.footprint,
      largestFree: 0,
      freeBlocks: 0,
      unavailable4k: 0,
      unavailable64k: 0,
      unavailable2m: 0,
      largestServeable: this.pages.usage().largestServeable,
      side: this.pages.usage().side,
    };
    for (const cache of this.caches) {
      const { geometry: { size }, live, freeObjects, capacity } = cache;
      const free = freeObjects * size;
      usage.allocated += live * size;
      usage.cached += (capacity - live - freeObjects) * size;
      usage.metadata += cache.footprint - capacity * size;
      usage.free += free;
      usage.freeBlocks += freeObjects;
      if (freeObjects > 0) usage.largestFree = size;
      if (size < 4096) usage.unavailable4k += free;
      usage.unavailable64k += free;
      usage.unavailable2m += free;
    }
    return usage;
  }

  get footprint(): number {
    let bytes = this.largeBytes;
    for (const cache of this.caches) bytes += cache.footprint;
    return bytes;
  }

  census(): CensusRow[] {
    return this.caches.map((cache, c) => ({
      list: `kmalloc-${this.sizes[c]}`,
      blocks: cache.capacity - cache.live,
      bytes: (cache.capacity - cache.live) * this.sizes[c]!,
    }));
  }

  private cacheAt(address: Address): KmemCache | undefined {
    return this.caches[
      this.directory.cacheOf(Math.floor(address / PAGE)) - 1
    ];
  }

  /** Order of the large block at `address`. */
  private largeOrder(address: Address): number {
    const order = this.pages.liveOrder(address / PAGE);
    if (order < 0) throw notLive(address);
    return order;
  }
}
