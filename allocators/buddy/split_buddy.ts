/**
 * Buddy systems with unequal halves: Fibonacci and weighted.
 *
 * A request takes a block of its order, else the smallest longer one that is
 * free, and splits it, going on with the smaller part as long as that
 * suffices. A free block joins its buddy when that is free and whole. Who the
 * buddy is follows from the way down from the top block: at each step the
 * block lies in the low part or in the high one.
 *
 * @module
 */
import { invariant, notLive, NULL } from "../allocator.ts";
import { IndexLists } from "../index_lists.ts";
import { longer } from "../longer.ts";
import { FlatSource, type PageSource, type Pfn } from "../pages.ts";
import { BitSet } from "./bitset.ts";
import { BlockMemory, type Kind } from "./block_memory.ts";
import type { SplitRules } from "./split_rules.ts";

/** Tag of a page at which no block starts. */
const INSIDE = 127;
/** Longest way from a top block to a page. */
const MAX_DEPTH = 64;

/** Size and policy of a memory. */
export interface SplitOptions {
  /** Bytes of a page. */
  page: number;
  /** Pages in all; 0: grows by top blocks. */
  pages: number;
  /** Which free block of an order is taken: the list's head, or the lowest. */
  pick: "head" | "lowest";
}

/** Memory of blocks as `rules` say; every request is O(orders). */
export class SplitBuddy extends BlockMemory {
  declare private readonly rules: SplitRules;
  declare private readonly lowest: boolean;
  // One entry per page: order of the free block that starts here, ~order of
  // the live block that starts here, else INSIDE.
  private tag: Int8Array<ArrayBuffer> = new Int8Array(0);
  // List k holds the free blocks of order k; the sets too, for "lowest".
  declare private readonly lists: IndexLists;
  declare private readonly starts: BitSet[];
  // The way down to a block: order and start of what is split at depth d.
  private readonly pathOrder = new Int8Array(MAX_DEPTH);
  private readonly pathStart = new Int32Array(MAX_DEPTH);
  // Blocks that are nobody's part: entry i starts at tops[i] and has order
  // topOrder[i]; all but the last few have the top order.
  private readonly tops: Pfn[] = [];
  private readonly topOrder: number[] = [];

  /** Cuts `pages` pages into the longest blocks; with 0 pages, grows. */
  constructor(
    rules: SplitRules,
    { page, pages, pick }: SplitOptions,
    source: PageSource = new FlatSource(),
  ) {
    super(page, rules.pages.length, pages, source);
    this.rules = rules;
    this.lowest = pick === "lowest";
    this.lists = new IndexLists(this.orders);
    this.starts = Array.from({ length: this.orders }, () => new BitSet());
    this.extend(pages);
  }

  pagesOf(order: number): number {
    return this.rules.pages[order]!;
  }

  orderFor(pages: number): number {
    const { orders } = this;
    let order = 0;
    while (order < orders && this.rules.pages[order]! < pages) order++;
    return order;
  }

  allocPages(order: number): Pfn {
    if (!(order >= 0 && order < this.orders)) return NULL;
    const { low, high, pages } = this.rules;
    let found = order;
    this.counters.searchSteps++;
    while (this.lists.length[found] === 0) {
      if (++found === this.orders) {
        if (!this.grow()) return NULL;
        found--;
        break;
      }
      this.counters.searchSteps++;
    }
    let pfn = this.lowest
      ? this.starts[found]!.lowest()
      : this.lists.first(found);
    this.unlink(pfn, found);
    while (found > order) {
      const lower = low[found]!; // never below `order`
      const upper = high[found]!;
      const at = pfn + pages[lower]!;
      this.counters.splits++;
      if (upper >= order) {
        this.link(pfn, lower);
        pfn = at;
        found = upper;
      } else {
        this.link(at, upper);
        found = lower;
      }
    }
    this.tag[pfn] = ~order;
    this.livePages += pages[order]!;
    return pfn;
  }

  freePages(pfn: Pfn, order: number): void {
    if (this.liveOrder(pfn) !== order) throw notLive(pfn * this.pageBytes);
    const { low, high, pages } = this.rules;
    this.livePages -= pages[order]!;
    this.tag[pfn] = INSIDE;
    for (let depth = this.descend(pfn, order); depth > 0;) {
      const parent = this.pathOrder[--depth]!;
      const start = this.pathStart[depth]!;
      const isLow = start === pfn;
      const buddy = isLow ? pfn + pages[order]! : start;
      const buddyOrder = isLow ? high[parent]! : low[parent]!;
      if (this.tag[buddy] !== buddyOrder) break; // live or split
      this.unlink(buddy, buddyOrder);
      this.counters.coalesces++;
      pfn = start;
      order = parent;
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
      for (let p = pfn + 1; p < pfn + this.pagesOf(order); p++) {
        invariant(this.tag[p] === INSIDE, `Page ${p}: starts inside a block`);
      }
      const depth = this.descend(pfn, order) - 1;
      if (kind === "live") live += this.pagesOf(order);
      else {
        count[order]!++;
        // parent(b) = parent(c), both free => contradiction; seen from below
        if (depth < 0 || this.pathStart[depth] !== pfn) return;
        const { high, low } = this.rules;
        const parent = this.pathOrder[depth]!;
        invariant(
          low[parent] !== order ||
            this.tag[pfn + this.pagesOf(order)] !== high[parent],
          `Page ${pfn}: both buddies are free`,
        );
      }
    });
    invariant(live === this.livePages, "live pages are miscounted");
    this.lists.check();
    for (let order = 0; order < this.orders; order++) {
      for (const pfn of this.lists.items(order)) {
        invariant(this.tag[pfn] === order, `Page ${pfn}: listed, not free`);
      }
      invariant(
        count[order] === this.lists.length[order],
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
    return this.lists.length;
  }

  protected get longestOrder(): number {
    return this.topOrder[0] ?? this.orders - 1;
  }

  /** An order and a bit per page. */
  protected get sideBytes(): number {
    return this.pages;
  }

  private link(pfn: Pfn, order: number): void {
    this.tag[pfn] = order;
    this.lists.push(order, pfn);
    if (this.lowest) this.starts[order]!.add(pfn);
  }

  private unlink(pfn: Pfn, order: number): void {
    this.tag[pfn] = INSIDE;
    this.lists.remove(order, pfn);
    if (this.lowest) this.starts[order]!.delete(pfn);
  }

  /** Writes the way to the block into the path; returns its depth. */
  private descend(pfn: Pfn, order: number): number {
    const { low, high, pages } = this.rules;
    const whole = pages[this.orders - 1]!;
    let i = Math.min(Math.floor(pfn / whole), this.tops.length - 1);
    while (i + 1 < this.tops.length && this.tops[i + 1]! <= pfn) i++;
    let start = this.tops[i]!;
    let at = this.topOrder[i]!;
    let depth = 0;
    while (at !== order || start !== pfn) {
      invariant(at > 0, `Page ${pfn}: no block of order ${order}`);
      this.pathOrder[depth] = at;
      this.pathStart[depth++] = start;
      const middle = start + pages[low[at]!]!;
      if (pfn < middle) at = low[at]!;
      else {
        start = middle;
        at = high[at]!;
      }
    }
    return depth;
  }

  protected reserve(pages: number): void {
    if (pages <= this.tag.length) return;
    const length = Math.max(pages, 2 * this.tag.length);
    this.tag = longer(this.tag, length, INSIDE);
    this.lists.grow(length);
    if (this.lowest) this.starts.forEach((set) => set.grow(length));
  }

  protected take(blocks: readonly (readonly [Pfn, number])[]): void {
    for (const [pfn, order] of blocks) {
      this.tops.push(pfn);
      this.topOrder.push(order);
      this.link(pfn, order);
    }
  }
}
