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
import { invariant, notLive, NULL } from "../allocator.ts";
import { define } from "../entry.ts";
import { longer } from "../longer.ts";
import { FlatSource, type PageSource, type Pfn } from "../pages.ts";
import { pagedAdvice, PagedHeap, pagedOffers } from "../paged_heap.ts";
import { BitSet } from "./bitset.ts";
import { BinaryMemory, type Kind } from "./block_memory.ts";
import {
  ORDERS_OPTION,
  PAGE_OPTION,
  PAGES_OPTION,
  PICK_OPTION,
} from "./options.ts";

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
export class BinaryBuddy extends BinaryMemory {
  declare private readonly lowest: boolean;
  // One entry per page. tag: order of the free block that starts here, ~order
  // of the live block that starts here, else INSIDE. next, prev: neighbours in
  // the free list, valid only where a free block starts.
  private tag: Int8Array = new Int8Array(0);
  private next: Int32Array = new Int32Array(0);
  private prev: Int32Array = new Int32Array(0);
  // One entry per order: first block of the list, number of blocks, and (for
  // the lowest-address choice) the set of blocks by pfn >> order.
  declare private readonly head: Int32Array;
  declare private readonly count: Int32Array;
  declare private readonly starts: BitSet[];

  /**
   * `pages` pages, cut into blocks of at most 2^(`orders` - 1); 0 pages: none
   * yet, grows by `source.sbrk`.
   */
  constructor(
    { page, orders, pages, pick }: BuddyOptions,
    source: PageSource = new FlatSource(),
  ) {
    super(page, orders, pages, source);
    this.lowest = pick === "lowest";
    this.head = new Int32Array(orders).fill(NONE);
    this.count = new Int32Array(orders);
    this.starts = Array.from({ length: orders }, () => new BitSet());
    this.extend(pages);
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
      this.link(pfn + (1 << found), found);
    }
    this.tag[pfn] = ~order;
    this.livePages += 1 << order;
    return pfn;
  }

  freePages(pfn: Pfn, order: number): void {
    if (this.liveOrder(pfn) !== order) throw notLive(pfn * this.pageBytes);
    this.livePages -= 1 << order;
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

  protected orderAt(pfn: Pfn): number {
    const tag = this.tag[pfn]!;
    return tag < 0 ? ~tag : tag;
  }

  protected kindAt(pfn: Pfn): Kind {
    return this.tag[pfn]! < 0 ? "live" : "free";
  }

  protected get freeBlocks(): Int32Array {
    return this.count;
  }

  /** One bit per pair of buddies and order. */
  protected get sideBytes(): number {
    return Math.ceil(this.pages / 8);
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

  protected reserve(pages: number): void {
    if (pages <= this.tag.length) return;
    const length = Math.max(pages, 2 * this.tag.length);
    this.tag = longer(this.tag, length, INSIDE);
    this.next = longer(this.next, length);
    this.prev = longer(this.prev, length);
    this.starts.forEach((set, order) => set.grow((length >> order) + 1));
  }

  protected take(blocks: readonly (readonly [Pfn, number])[]): void {
    // From the end, so that the lowest block heads its list.
    for (let i = blocks.length - 1; i >= 0; i--) this.link(...blocks[i]!);
  }
}

/** `buddy`: the textbook system behind a byte face. */
export const buddy = define({
  name: "buddy",
  summary: "Textbook binary buddy: split from above, coalesce upward.",
  source: "Knowlton 1965; Knuth, TAOCP vol. 1, section 2.5",
  layer: "buddy",
  options: {
    page: PAGE_OPTION,
    orders: ORDERS_OPTION,
    pages: PAGES_OPTION,
    pick: PICK_OPTION,
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
