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
  type ListVisitor,
  notLive,
  NULL,
  reallocByMove,
  type Threading,
  type Usage,
} from "../allocator.ts";
import {
  FlatSource,
  PAGE,
  type PageAllocator,
  type PageSource,
} from "../pages.ts";
import type { SlabVisitor } from "../slab_view.ts";
import { KmemCache } from "./kmem_cache.ts";
import type { CacheOptions } from "./node_slabs.ts";
import { SlabPages } from "./slab_pages.ts";
import { type CacheSpec, roundUp, slubGeometry } from "./slub.ts";
import { slabUsage } from "./usage.ts";
import type { SlubVersion } from "./versions.ts";

/** Bytes of the largest object that a slab can hold. */
export const MAX_OBJECT: number = 4 << 20;

/** A cache and what it is called. */
export interface NamedSpec extends CacheSpec {
  /** Its name. */
  name: string;
}

/** What a heap of slab caches is made from. */
export interface SlabHeapOptions {
  /**
   * Its caches, objects in ascending order of their size; or the one cache that
   * the first request, of so many bytes, makes.
   */
  specs: readonly NamedSpec[] | ((bytes: number) => NamedSpec);
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
export class SlabHeap implements Allocator, Threading {
  readonly counters: Counters;
  private readonly pages: PageAllocator;
  private readonly source: Pick<PageSource, "move">;
  private readonly directory = new SlabPages();
  private readonly options: SlabHeapOptions;
  private specs: readonly NamedSpec[] = [];
  private caches: readonly KmemCache[] = [];
  // Entry n: the cache of requests of 8n - 7 .. 8n bytes.
  private cacheOf: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  private most = -1;
  private readonly cpus: number;
  private cpu = 0;
  private readonly ran = new Set<number>();
  private readonly large: boolean;
  private largeBytes = 0;
  /** Why the last request was refused; "" if it was not. */
  private refusal = "";
  /** Pages below this number may hold a large block. */
  private largeEnd = 0;

  /** Empty caches over `pages`. */
  constructor(pages: PageAllocator, options: SlabHeapOptions) {
    const { specs, large = false, cpus = 2, source = new FlatSource() } =
      options;
    this.pages = pages;
    this.counters = pages.counters;
    this.options = options;
    this.source = source;
    this.large = large;
    this.cpus = cpus;
    if (typeof specs !== "function") this.open(specs);
  }

  /** The threads are CPUs. */
  get threading(): Threading {
    return this;
  }

  /** The CPU `thread`, modulo the CPUs there are, makes the next requests. */
  run(thread: number): void {
    this.ran.add(thread);
    this.cpu = thread % this.cpus;
    for (const cache of this.caches) cache.cpu = this.cpu;
  }

  end(thread: number): void {
    if (thread === 0 || !this.ran.delete(thread)) {
      throw new RangeError(`Thread ${thread} has not run`);
    }
    if (this.cpu === thread % this.cpus) this.run(0);
  }

  malloc(size: number): Address {
    if (size <= this.most) {
      const cache = this.caches[this.cacheOf[(size + 7) >> 3]!]!;
      const address = cache.alloc();
      this.refusal = address === NULL ? "no pages for a slab" : "";
      return address;
    }
    if (!this.large) return this.first(size);
    const order = this.pages.orderFor(Math.ceil(size / PAGE));
    const pfn = this.pages.allocPages(order);
    this.refusal = pfn === NULL ? `no block of order ${order}` : "";
    if (pfn === NULL) return NULL;
    const pages = this.pages.pagesOf(order);
    this.largeBytes += pages * PAGE;
    this.largeEnd = Math.max(this.largeEnd, pfn + pages);
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
    const end = Math.max(this.directory.end, this.largeEnd);
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

  explain(): string {
    return this.refusal;
  }

  /** The lists of free objects of every cache that has slabs. */
  census(): CensusRow[] {
    return this.caches.flatMap((cache, c) =>
      cache.slabs === 0 ? [] : cache.lists().map(({ name, entries, most }) => ({
        list: `${this.specs[c]!.name} ${name}`,
        blocks: entries.length,
        bytes: entries.length * cache.geometry.size,
        ...(most !== undefined && { most }),
      }))
    );
  }

  /** Free objects that CPUs keep out of their slabs' own lists. */
  eachCached(visit: ListVisitor): void {
    this.eachListed(true, visit);
  }

  /** Objects on their slabs' own lists. */
  eachBinned(visit: ListVisitor): void {
    this.eachListed(false, visit);
  }

  eachSlab(visit: SlabVisitor): void {
    this.caches.forEach((cache, c) =>
      cache.eachSlab(this.specs[c]!.name, visit)
    );
  }

  private eachListed(wanted: boolean, visit: ListVisitor): void {
    this.caches.forEach((cache, c) => {
      for (const { name, isCached, entries } of cache.lists()) {
        if (isCached !== wanted) continue;
        const list = `${this.specs[c]!.name} ${name}`;
        for (const entry of entries) {
          visit(list, cache.addressOf(entry), cache.geometry.size);
        }
      }
    });
  }

  /** Makes the caches. */
  private open(specs: readonly NamedSpec[]): void {
    const { cpus, options: { version, draw } } = this;
    this.specs = specs;
    this.most = specs.at(-1)!.objectSize;
    this.cacheOf = Uint8Array.from(
      { length: Math.ceil(this.most / 8) + 1 },
      (_, n) =>
        specs.findIndex(({ objectSize }) => 8 * n <= roundUp(objectSize, 8)),
    );
    this.caches = specs.map((spec) => {
      const geometry = slubGeometry(spec, cpus, version);
      const { directory } = this;
      return new KmemCache(this.pages, geometry, { directory, cpus, draw });
    });
    for (const cache of this.caches) cache.cpu = this.cpu;
  }

  /** A request longer than all objects: it makes the cache, or is refused. */
  private first(size: number): Address {
    const { specs } = this.options;
    this.refusal = `longer than an object, of ${this.most} bytes`;
    if (typeof specs !== "function" || this.caches.length > 0) return NULL;
    this.refusal = `longer than any object, of ${MAX_OBJECT} bytes at most`;
    if (size > MAX_OBJECT) return NULL;
    this.open([specs(Math.max(1, size))]);
    return this.malloc(size);
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
