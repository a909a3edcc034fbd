/**
 * Slab caches as a heap: kmalloc's size classes, or one cache. What is longer
 * than any object goes to the page allocator, or is refused. Facts from Linux
 * 6.12, mm/slab_common.c.
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
import { KmemCache } from "./kmem_cache.ts";
import type { CacheOptions } from "./node_slabs.ts";
import { SlabPages } from "./slab_pages.ts";
import { type CacheSpec, roundUp, slubGeometry } from "./slub.ts";
import { slabUsage } from "./usage.ts";
import type { SlubVersion } from "./versions.ts";

/** What a heap of slab caches is made from. */
export interface SlabHeapOptions {
  /** Its caches: objects in ascending order of their size. */
  specs: readonly (CacheSpec & { name: string })[];
  /** Whether longer requests are served by the page allocator. */
  large?: boolean;
  /** CPUs of the machine, by which slabs are laid out. */
  cpus?: number;
  /** Whose rules. */
  version?: SlubVersion;
  /** Where moved bytes are counted. */
  source?: Pick<PageSource, "move">;
  /** Draws in [0, 1): new slabs hand objects out in a shuffled order. */
  draw?: CacheOptions["draw"];
}

/** Slab caches as a heap; requests are O(1), large ones O(orders). */
export class SlabHeap implements Allocator {
  readonly counters: Counters;
  private readonly pages: PageAllocator;
  private readonly source: Pick<PageSource, "move">;
  private readonly directory = new SlabPages();
  private readonly specs: SlabHeapOptions["specs"];
  private readonly caches: KmemCache[];
  // Entry n: the cache of requests of 8n - 7 .. 8n bytes.
  private readonly cacheOf: Uint8Array;
  private readonly most: number;
  private readonly large: boolean;
  private largeBytes = 0;
  /** Pages below this number may hold a large block. */
  private end = 0;

  /** Empty caches over `pages`. */
  constructor(
    pages: PageAllocator,
    {
      specs,
      large = false,
      cpus = 2,
      version,
      source = new FlatSource(),
      draw,
    }: SlabHeapOptions,
  ) {
    this.pages = pages;
    this.counters = pages.counters;
    this.source = source;
    this.large = large;
    this.specs = specs;
    this.most = specs.at(-1)!.objectSize;
    this.cacheOf = Uint8Array.from(
      { length: Math.ceil(this.most / 8) + 1 },
      (_, n) =>
        specs.findIndex(({ objectSize }) => 8 * n <= roundUp(objectSize, 8)),
    );
    this.caches = specs.map((spec) =>
      new KmemCache(pages, slubGeometry(spec, cpus, version), {
        directory: this.directory,
        draw,
      })
    );
  }

  malloc(size: number): Address {
    if (size <= this.most) {
      return this.caches[this.cacheOf[(size + 7) >> 3]!]!.alloc();
    }
    if (!this.large) return NULL;
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
    const usage = slabUsage(this.caches);
    const { largestServeable, side } = this.pages.usage();
    return {
      ...usage,
      allocated: usage.allocated + this.largeBytes,
      footprint: usage.footprint + this.largeBytes,
      largestServeable: this.large ? largestServeable : usage.largestServeable,
      side,
    };
  }

  get footprint(): number {
    let bytes = this.largeBytes;
    for (const cache of this.caches) bytes += cache.footprint;
    return bytes;
  }

  census(): CensusRow[] {
    return this.caches.map((cache, c) => ({
      list: this.specs[c]!.name,
      blocks: cache.capacity - cache.live,
      bytes: (cache.capacity - cache.live) * cache.geometry.size,
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
