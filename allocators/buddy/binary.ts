/**
 * The binary buddy system of the textbooks.
 *
 * Blocks have 2^k pages and start at a multiple of their length. A request
 * takes a block of its order, else splits one from the next order that has
 * any; a free block joins its buddy (pfn XOR 2^k) whenever that is free and
 * whole, and so on upward. If the top order has no block the request fails, or
 * the memory grows by one block of the top order. After K. C. Knowlton, A Fast
 * Storage Allocator (1965), and D. E. Knuth, TAOCP vol. 1, 2.5, Algorithms R
 * and S.
 *
 * @module
 */
import {
  type Address,
  type CensusRow,
  Counters,
  invariant,
  notLive,
  NULL,
  type Usage,
} from "../allocator.ts";
import { choice, define, powerOfTwo, whole } from "../entry.ts";
import { longer } from "../longer.ts";
import {
  FlatSource,
  type PageAllocator,
  type PageSource,
  type PageVisitor,
  type Pfn,
} from "../pages.ts";
import { pagedAdvice, PagedHeap, pagedOffers } from "../paged_heap.ts";
import { BitSet } from "./bitset.ts";
import { freeUsage } from "./free_usage.ts";
import { Growth, MOST_PAGE_BYTES, MOST_PAGES, PAGE_SUMMARY } from "./growth.ts";

/** Tag of a page at which no block starts. */
const INSIDE = 127;
/** End of a list. */
const NONE = -1;

/** Size and policy of a memory. */
export interface BuddyOptions {
  /** Bytes of a page. */
  page: number;
  /** Number of orders. */
  orders: number;
  /** Pages in all; 0: grows by blocks of the top order. */
  pages: number;
  /** Which free block of an order is taken: the list's head, or the lowest. */
  pick: "head" | "lowest";
}

/** Memory of 2^k-page blocks; every request is O(orders). */
export class BinaryBuddy implements PageAllocator {
  readonly counters: Counters = new Counters();
  readonly pageBytes: number;
  readonly orders: number;
  private readonly growth: Growth;
  private readonly grows: boolean;
  private readonly lowest: boolean;
  private pages = 0;
  private livePages = 0;
  // One entry per page. tag: order of the free block that starts here, ~order
  // of the live block that starts here, else INSIDE. next, prev: neighbours in
  // the free list, valid only where a free block starts.
  private tag: Int8Array = new Int8Array(0);
  private next: Int32Array = new Int32Array(0);
  private prev: Int32Array = new Int32Array(0);
  // One entry per order: first block of the list, number of blocks, and (for
  // the lowest-address choice) the set of blocks by pfn >> order.
  private readonly head: Int32Array;
  private readonly count: Int32Array;
  private readonly starts: BitSet[];

  /**
   * `pages` pages, cut into blocks of at most 2^(`orders` - 1); 0 pages: none
   * yet, grows by `source.sbrk`.
   */
  constructor(
    { page, orders, pages, pick }: BuddyOptions,
    source: PageSource = new FlatSource(),
  ) {
    this.pageBytes = page;
    this.orders = orders;
    this.growth = new Growth(source, page);
    this.grows = pages === 0;
    this.lowest = pick === "lowest";
    this.head = new Int32Array(orders).fill(NONE);
    this.count = new Int32Array(orders);
    this.starts = Array.from({ length: orders }, () => new BitSet());
    this.extend(pages);
  }

  get base(): Address {
    return this.growth.base;
  }

  pagesOf(order: number): number {
    return 2 ** order;
  }

  orderFor(pages: number): number {
    return pages > 2 ** (this.orders - 1)
      ? this.orders
      : 32 - Math.clz32(pages - 1);
  }

  allocPages(order: number): Pfn {
    if (!(order >= 0 && order < this.orders)) return NULL;
    let found = order;
    this.counters.searchSteps++;
    while (this.head[found] === NONE) {
      if (++found === this.orders) {
        if (!this.grow()) return NULL;
        found--;
        break;
      }
      this.counters.searchSteps++;
    }
    const pfn = this.lowest
      ? this.starts[found]!.lowest() << found
      : this.head[found]!;
    this.unlink(pfn, found);
    while (found > order) {
      found--;
      this.counters.splits++;
      this.link(pfn + 2 ** found, found);
    }
    this.tag[pfn] = ~order;
    this.livePages += 2 ** order;
    return pfn;
  }

  freePages(pfn: Pfn, order: number): void {
    if (this.liveOrder(pfn) !== order) throw notLive(pfn * this.pageBytes);
    this.livePages -= 2 ** order;
    this.tag[pfn] = INSIDE;
    while (order < this.orders - 1) {
      const buddy = pfn ^ (1 << order);
      if (this.tag[buddy] !== order) break; // live, split or outside
      this.unlink(buddy, order);
      this.counters.coalesces++;
      pfn = Math.min(pfn, buddy);
      order++;
    }
    this.link(pfn, order);
  }

  liveOrder(pfn: Pfn): number {
    const tag = this.tag[pfn] ?? INSIDE;
    return tag < 0 ? ~tag : -1;
  }

  walkPages(visit: PageVisitor): void {
    for (let pfn = 0; pfn < this.pages;) {
      const tag = this.tag[pfn]!;
      const order = tag < 0 ? ~tag : tag;
      visit(pfn, order, tag < 0 ? "live" : "free");
      pfn += 2 ** order;
    }
  }

  check(): void {
    const count = new Int32Array(this.orders);
    let live = 0;
    this.walkPages((pfn, order, kind) => {
      invariant(order < this.orders, `Page ${pfn}: no block starts here`);
      invariant(pfn % 2 ** order === 0, `Page ${pfn}: block is misaligned`);
      if (kind === "live") live += 2 ** order;
      else count[order]!++;
      // free(b, k) => not free(b ^ 2^k, k), below the top order
      invariant(
        kind === "live" || order === this.orders - 1 ||
          this.tag[pfn ^ (1 << order)] !== order,
        `Page ${pfn}: both buddies of order ${order} are free`,
      );
    });
    invariant(live === this.livePages, "live pages are miscounted");
    for (let order = 0; order < this.orders; order++) {
      let listed = 0;
      let prev = NONE;
      for (let b = this.head[order]!; b !== NONE; b = this.next[b]!) {
        invariant(this.tag[b] === order, `Page ${b}: not free, but listed`);
        invariant(this.prev[b] === prev, `Page ${b}: prev is wrong`);
        invariant(listed++ < this.pages, `Order ${order}: list is a ring`);
        prev = b;
      }
      invariant(
        listed === count[order] && listed === this.count[order],
        `Order ${order}: blocks are miscounted`,
      );
    }
  }

  usage(): Usage {
    const { pageBytes } = this;
    return {
      ...freeUsage(this.count, (order) => 2 ** order * pageBytes),
      allocated: this.livePages * pageBytes,
      metadata: 0, // links lie in the free pages
      cached: 0,
      footprint: this.footprint,
      largestServeable: 2 ** this.largestOrder() * pageBytes,
      // one bit per pair of buddies and order
      side: Math.ceil(this.pages / 8),
    };
  }

  get footprint(): number {
    return this.pages * this.pageBytes;
  }

  census(): CensusRow[] {
    return Array.from(this.count, (blocks, order) => ({
      list: `order ${order}`,
      blocks,
      bytes: blocks * 2 ** order * this.pageBytes,
    }));
  }

  /** The order of the largest block there could ever be. */
  private largestOrder(): number {
    return this.grows
      ? this.orders - 1
      : Math.min(this.orders - 1, 31 - Math.clz32(this.pages));
  }

  /** Pushes the block on the head of its list. */
  private link(pfn: number, order: number): void {
    const head = this.head[order]!;
    this.tag[pfn] = order;
    this.next[pfn] = head;
    this.prev[pfn] = NONE;
    if (head !== NONE) this.prev[head] = pfn;
    this.head[order] = pfn;
    this.count[order]!++;
    if (this.lowest) this.starts[order]!.add(pfn >> order);
  }

  private unlink(pfn: number, order: number): void {
    const next = this.next[pfn]!;
    const prev = this.prev[pfn]!;
    if (prev === NONE) this.head[order] = next;
    else this.next[prev] = next;
    if (next !== NONE) this.prev[next] = prev;
    this.tag[pfn] = INSIDE;
    this.count[order]!--;
    if (this.lowest) this.starts[order]!.delete(pfn >> order);
  }

  /** Adds a block of the top order if there may be more. */
  private grow(): boolean {
    const block = 2 ** (this.orders - 1);
    if (!this.grows || !this.growth.extend(this.pages, block)) return false;
    this.extend(this.pages + block);
    return true;
  }

  /** Makes the memory `pages` long: new blocks, each as large as fits. */
  private extend(pages: number): void {
    if (pages > this.tag.length) {
      const length = Math.max(pages, 2 * this.tag.length);
      this.tag = longer(this.tag, length, INSIDE);
      this.next = longer(this.next, length);
      this.prev = longer(this.prev, length);
      this.starts.forEach((set, order) => set.grow((length >> order) + 1));
    }
    let pfn = this.pages;
    this.pages = pages;
    const blocks: [number, number][] = [];
    for (let order = this.orders - 1; pfn < pages; order--) {
      for (; pfn + 2 ** order <= pages; pfn += 2 ** order) {
        blocks.push([pfn, order]);
      }
    }
    // From the end, so that the lowest block heads its list.
    for (const [start, order] of blocks.reverse()) this.link(start, order);
  }
}

/** `buddy`: the textbook system behind a byte face. */
export const buddy = define({
  name: "buddy",
  summary: "Textbook binary buddy: split from above, coalesce upward.",
  source: "Knowlton 1965; Knuth, TAOCP vol. 1, section 2.5",
  layer: "buddy",
  options: {
    page: powerOfTwo(4096, PAGE_SUMMARY, 1, MOST_PAGE_BYTES),
    orders: whole(11, "number of orders; the top one is orders - 1", 1, 24),
    pages: whole(0, "pages in all; 0: grows by top blocks", 0, MOST_PAGES),
    pick: choice(["head", "lowest"], "which free block of an order is taken"),
  },
  examples: [
    "buddy:pages=4096",
    "buddy:page=1:orders=20:pick=lowest",
  ],
  advice: ({ page }) => pagedAdvice(page, "page=16:orders=18 makes a heap"),
  offers: ({ pages }) => pagedOffers(pages),
  create: (o, { source }) => new PagedHeap(new BinaryBuddy(o, source), source),
  createPages: (o, { source }) => new BinaryBuddy(o, source),
});
