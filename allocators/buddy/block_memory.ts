/**
 * What the textbook buddy systems share: a memory of blocks that tile it, each
 * with an order; how it grows; and what its blocks add up to. Who splits and
 * who merges is the business of each.
 *
 * Fields are declared, not defined, where constructors set them: a defined field
 * begins as undefined, and V8 then checks what it holds at each access.
 *
 * @module
 */
import {
  type Address,
  type CensusRow,
  Counters,
  type Usage,
} from "../allocator.ts";
import type { PageAllocator, PageSource, PageVisitor, Pfn } from "../pages.ts";
import { freeUsage } from "./free_usage.ts";
import { Growth } from "./growth.ts";

/** What a block is, as walks show it. */
export type Kind = Parameters<PageVisitor>[2];

/** A memory of blocks; sums are O(orders). */
export abstract class BlockMemory implements PageAllocator {
  readonly counters: Counters = new Counters();
  declare readonly pageBytes: number;
  declare readonly orders: number;
  /** Pages held. */
  protected pages = 0;
  /** Pages of live blocks, and of blocks held out of merging. */
  protected livePages = 0;
  protected cachedPages = 0;
  /** Whether it grows by blocks of the top order. */
  protected readonly grows: boolean;
  declare private readonly growth: Growth;

  /**
   * Of no pages yet. A subclass calls {@linkcode extend} with `pages`, once it
   * has its lists; with 0 pages the memory grows by `source.sbrk`.
   */
  constructor(page: number, orders: number, pages: number, source: PageSource) {
    this.pageBytes = page;
    this.orders = orders;
    this.growth = new Growth(source, page);
    this.grows = pages === 0;
  }

  abstract pagesOf(order: number): number;
  abstract orderFor(pages: number): number;
  abstract allocPages(order: number): Pfn;
  abstract freePages(pfn: Pfn, order: number): void;
  abstract liveOrder(pfn: Pfn): number;
  abstract check(): void;

  /** The order of the block that starts at `pfn`. */
  protected abstract orderAt(pfn: Pfn): number;
  /** What the block that starts at `pfn` is. */
  protected abstract kindAt(pfn: Pfn): Kind;
  /** Free blocks of each order. */
  protected abstract get freeBlocks(): ArrayLike<number>;
  /** The order of the longest block there could ever be. */
  protected abstract get longestOrder(): number;
  /** Bytes kept about the pages outside of them. */
  protected abstract get sideBytes(): number;
  /** Makes room for `pages` pages; returns at once if there is. */
  protected abstract reserve(pages: number): void;
  /** Takes in new blocks, which follow one another and are free. */
  protected abstract take(blocks: readonly (readonly [Pfn, number])[]): void;

  get base(): Address {
    return this.growth.base;
  }

  get footprint(): number {
    return this.pages * this.pageBytes;
  }

  walkPages(visit: PageVisitor): void {
    for (let pfn = 0; pfn < this.pages;) {
      const order = this.orderAt(pfn);
      visit(pfn, order, this.kindAt(pfn));
      pfn += this.pagesOf(order);
    }
  }

  usage(): Usage {
    const { pageBytes } = this;
    return {
      ...freeUsage(this.freeBlocks, (k) => this.pagesOf(k) * pageBytes),
      allocated: this.livePages * pageBytes,
      metadata: 0, // links lie in the free pages
      cached: this.cachedPages * pageBytes,
      footprint: this.footprint,
      largestServeable: this.pagesOf(this.longestOrder) * pageBytes,
      side: this.sideBytes,
    };
  }

  census(): CensusRow[] {
    return Array.from(
      this.freeBlocks,
      (blocks, order) => this.row(`order ${order}`, blocks, order),
    );
  }

  /** A line of the census. */
  protected row(list: string, blocks: number, order: number): CensusRow {
    return {
      list,
      blocks,
      bytes: blocks * this.pagesOf(order) * this.pageBytes,
    };
  }

  /** Adds a block of the top order if there may be more. */
  protected grow(): boolean {
    const block = this.pagesOf(this.orders - 1);
    if (!this.grows || !this.growth.extend(this.pages, block)) return false;
    this.extend(this.pages + block);
    return true;
  }

  /** Makes the memory `pages` long: new blocks, each as long as fits. */
  protected extend(pages: number): void {
    this.reserve(pages);
    let pfn = this.pages;
    this.pages = pages;
    const blocks: [Pfn, number][] = [];
    for (let order = this.orders - 1; pfn < pages; order--) {
      const block = this.pagesOf(order);
      for (; pfn + block <= pages; pfn += block) blocks.push([pfn, order]);
    }
    this.take(blocks);
  }
}

/** A memory whose block of order k has 2^k pages. */
export abstract class BinaryMemory extends BlockMemory {
  pagesOf(order: number): number {
    return 2 ** order;
  }

  orderFor(pages: number): number {
    return pages > 2 ** (this.orders - 1)
      ? this.orders
      : 32 - Math.clz32(pages - 1);
  }

  protected get longestOrder(): number {
    return this.grows
      ? this.orders - 1
      : Math.min(this.orders - 1, 31 - Math.clz32(this.pages));
  }
}
