/**
 * The lazy buddy system: a freed block may stay whole for the next request of
 * its order, as long as the order has slack.
 *
 * An order has N blocks of which L are free lazily (nobody merges them) and G
 * are free globally (marked, so that their buddies find them). Its slack is
 * N - 2L - G, never negative: at least as many blocks are live as lazily free.
 * Freed at slack >= 2 a block becomes lazily free, at 1 it is freed globally
 * and merges as far as it can, at 0 a lazily free one is freed along with it.
 * A request prefers lazily free blocks; the other half of a split block is
 * lazily free if there is slack. Before a request fails, all that is lazily
 * free merges. After T. P. Lee and R. E. Barkley, A Watermark-Based Lazy Buddy
 * System for Kernel Memory Allocation (1989).
 *
 * @module
 */
import { type CensusRow, invariant, notLive, NULL } from "../allocator.ts";
import { type AllocatorEntry, define } from "../entry.ts";
import { IndexLists } from "../index_lists.ts";
import { longer } from "../longer.ts";
import { pagedAdvice, PagedHeap, pagedOffers } from "../paged_heap.ts";
import {
  type CachedVisitor,
  FlatSource,
  type PageSource,
  type Pfn,
} from "../pages.ts";
import { BinaryMemory, type Kind } from "./block_memory.ts";
import { ORDERS_OPTION, PAGE_OPTION, PAGES_OPTION } from "./options.ts";

/** Bits of a page's tag: the order of the block that starts there, its state. */
const ORDER = 0x1f;
const LIVE = 0x20;
const LAZY = 0x40;
const GLOBAL = 0x80;

/** Size of a memory. */
export interface LazyOptions {
  /** Bytes of a page. */
  page: number;
  /** Number of orders. */
  orders: number;
  /** Pages in all; 0: grows by blocks of the top order. */
  pages: number;
}

/** Memory of 2^k-page blocks; a request is O(orders), mostly O(1). */
export class LazyBuddy extends BinaryMemory {
  // One entry per page: order | state of the block that starts here; 0: none.
  private tag: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** List 2k: lazily free blocks of order k; list 2k + 1: globally free. */
  declare private readonly lists: IndexLists;
  // One entry per order: live blocks.
  declare private readonly live: Int32Array;

  /** Cuts `pages` pages into the longest blocks; with 0 pages, grows. */
  constructor(
    { page, orders, pages }: LazyOptions,
    source: PageSource = new FlatSource(),
  ) {
    super(page, orders, pages, source);
    this.lists = new IndexLists(2 * orders);
    this.live = new Int32Array(orders);
    this.extend(pages);
  }

  allocPages(order: number): Pfn {
    if (!(order >= 0 && order < this.orders)) return NULL;
    let pfn = this.takeFree(order);
    if (pfn === NULL && this.cachedPages > 0) {
      this.mergeAll();
      pfn = this.takeFree(order);
    }
    if (pfn === NULL) {
      if (!this.grow()) return NULL;
      pfn = this.takeFree(order);
    }
    this.tag[pfn] = LIVE | order;
    this.live[order]!++;
    this.livePages += 1 << order;
    return pfn;
  }

  freePages(pfn: Pfn, order: number): void {
    if (this.tag[pfn] !== (LIVE | order)) {
      throw notLive(pfn * this.pageBytes);
    }
    const slack = this.slack(order);
    this.tag[pfn] = 0;
    this.live[order]!--;
    this.livePages -= 1 << order;
    if (slack >= 2) return this.link(pfn, order, LAZY);
    this.release(pfn, order);
    const lazy = this.lists.first(2 * order);
    if (slack > 0 || lazy === NULL) return;
    this.unlink(lazy);
    this.release(lazy, order);
  }

  liveOrder(pfn: Pfn): number {
    const tag = this.tag[pfn] ?? 0;
    return (tag & LIVE) !== 0 ? tag & ORDER : -1;
  }

  check(): void {
    const seen = new Int32Array(2 * this.orders);
    const live = new Int32Array(this.orders);
    this.walkPages((pfn, order, kind) => {
      invariant(this.tag[pfn] !== 0, `Page ${pfn}: no block starts here`);
      invariant(pfn % 2 ** order === 0, `Page ${pfn}: block is misaligned`);
      for (let p = pfn + 1; p < pfn + 2 ** order; p++) {
        invariant(this.tag[p] === 0, `Page ${p}: starts inside a block`);
      }
      if (kind === "live") live[order]!++;
      else seen[2 * order + Number(kind === "free")]!++;
      // global(b, k) => not global(b ^ 2^k, k), below the top order
      invariant(
        kind !== "free" || order === this.orders - 1 ||
          this.tag[pfn ^ (1 << order)] !== (GLOBAL | order),
        `Page ${pfn}: both buddies of order ${order} are free`,
      );
    });
    this.lists.check();
    for (let order = 0; order < this.orders; order++) {
      for (const lazily of [0, 1]) {
        const list = 2 * order + lazily;
        invariant(
          seen[list] === this.lists.length[list],
          `Order ${order}: free blocks are miscounted`,
        );
        for (const pfn of this.lists.items(list)) {
          invariant(
            this.tag[pfn] === (order | (lazily === 0 ? LAZY : GLOBAL)),
            `Page ${pfn}: on a wrong list`,
          );
        }
      }
      invariant(
        live[order] === this.live[order],
        `Order ${order}: live blocks are miscounted`,
      );
      invariant(this.slack(order) >= 0, `Order ${order}: too many are lazy`);
    }
    const pages = (counts: ArrayLike<number>) =>
      Array.from(counts).reduce((sum, n, order) => sum + n * 2 ** order, 0);
    invariant(
      pages(live) === this.livePages &&
        pages(seen.filter((_, list) => list % 2 === 0)) === this.cachedPages,
      "pages are miscounted",
    );
  }

  override census(): CensusRow[] {
    return super.census().flatMap((row, order) => [
      row,
      this.row(`lazy ${order}`, this.lists.length[2 * order]!, order),
    ]);
  }

  eachCached(visit: CachedVisitor): void {
    for (let order = 0; order < this.orders; order++) {
      for (const pfn of this.lists.items(2 * order)) {
        visit(`lazy ${order}`, pfn, order);
      }
    }
  }

  protected orderAt(pfn: Pfn): number {
    return this.tag[pfn]! & ORDER;
  }

  protected kindAt(pfn: Pfn): Kind {
    const tag = this.tag[pfn]!;
    if ((tag & LIVE) !== 0) return "live";
    return (tag & LAZY) !== 0 ? "cached" : "free";
  }

  /** Globally free blocks of each order. */
  protected get freeBlocks(): Int32Array {
    return this.lists.length.filter((_, list) => list % 2 === 1);
  }

  /** An order and a state per page. */
  protected get sideBytes(): number {
    return this.pages;
  }

  /** N - 2L - G = live - L. */
  private slack(order: number): number {
    return this.live[order]! - this.lists.length[2 * order]!;
  }

  /** A free block of `order`, split off a longer one if need be; or NULL. */
  private takeFree(order: number): Pfn {
    let found = order;
    let pfn = this.first(found);
    while (pfn === NULL) {
      if (++found === this.orders) return NULL;
      pfn = this.first(found);
    }
    this.unlink(pfn);
    while (found > order) {
      found--;
      this.counters.splits++;
      // the block that is taken will be live: it adds one to its order's slack
      const enough = this.slack(found) >= (found === order ? 0 : 1);
      this.link(pfn + (1 << found), found, enough ? LAZY : GLOBAL);
    }
    return pfn;
  }

  /** A free block of just `order`, rather a lazily free one; or NULL. */
  private first(order: number): Pfn {
    this.counters.searchSteps++;
    const lazy = this.lists.first(2 * order);
    return lazy === NULL ? this.lists.first(2 * order + 1) : lazy;
  }

  /** Frees a block globally: it merges with globally free buddies. */
  private release(pfn: Pfn, order: number): void {
    while (order < this.orders - 1) {
      const buddy = pfn ^ (1 << order);
      if (this.tag[buddy] !== (GLOBAL | order)) break;
      this.unlink(buddy);
      this.counters.coalesces++;
      pfn &= buddy;
      order++;
    }
    this.link(pfn, order, GLOBAL);
  }

  private mergeAll(): void {
    for (let order = 0; order < this.orders; order++) {
      for (
        let pfn = this.lists.first(2 * order);
        pfn !== NULL;
        pfn = this.lists.first(2 * order)
      ) {
        this.unlink(pfn);
        this.release(pfn, order);
      }
    }
  }

  private link(pfn: Pfn, order: number, state: number): void {
    this.tag[pfn] = order | state;
    if (state === LAZY) {
      this.lists.push(2 * order, pfn);
      this.cachedPages += 1 << order;
    } else this.lists.push(2 * order + 1, pfn);
  }

  private unlink(pfn: Pfn): void {
    const tag = this.tag[pfn]!;
    const order = tag & ORDER;
    this.tag[pfn] = 0;
    if ((tag & LAZY) !== 0) {
      this.lists.remove(2 * order, pfn);
      this.cachedPages -= 1 << order;
    } else this.lists.remove(2 * order + 1, pfn);
  }

  protected reserve(pages: number): void {
    if (pages <= this.tag.length) return;
    const length = Math.max(pages, 2 * this.tag.length);
    this.tag = longer(this.tag, length);
    this.lists.grow(length);
  }

  protected take(blocks: readonly (readonly [Pfn, number])[]): void {
    for (const [pfn, order] of blocks) this.link(pfn, order, GLOBAL);
  }
}

/** `lazy_buddy`: the binary buddy system that merges late. */
export const lazyBuddy: AllocatorEntry = define({
  name: "lazy_buddy",
  summary: "Lazy buddy: freed blocks stay whole while their order has slack.",
  source: "Lee and Barkley, A Watermark-Based Lazy Buddy System (1989)",
  layer: "buddy",
  options: {
    page: PAGE_OPTION,
    orders: ORDERS_OPTION,
    pages: PAGES_OPTION,
  },
  examples: ["lazy_buddy:pages=4096"],
  advice: ({ page }) => pagedAdvice(page, "page=16:orders=18 makes a heap"),
  offers: ({ pages }) => [...pagedOffers(pages), "eachCached"],
  create: (o, { source }) => new PagedHeap(new LazyBuddy(o, source), source),
  createPages: (o, { source }) => new LazyBuddy(o, source),
});
