/**
 * The kernel's free lists: `free_area[order].free_list[migratetype]`, the type
 * of each pageblock, and the rules of splitting and merging.
 *
 * A split hands out the low end and pushes each upper half at the head of its
 * list, the largest first. A block that is freed joins its buddy while that is
 * free and whole; it then enters its list at the tail if the buddy of the
 * block it could become is free already (a merge is likely soon), else at the
 * head. Facts from Linux 6.1 to 7.2, mm/page_alloc.c.
 *
 * @module
 */
import { type Counters, invariant, NULL } from "../allocator.ts";
import { IndexLists } from "../index_lists.ts";
import { longer } from "../longer.ts";
import type { Pfn } from "../pages.ts";

/** The largest order: blocks of 2^10 pages. */
export const TOP = 10;
/** Migratetypes are given to whole pageblocks of 2^9 pages. */
export const PAGEBLOCK_ORDER = 9;

/** What may be done with the pages of a request or of a pageblock. */
export const MigrateType = {
  /** The kernel's own: must stay where it is. */
  UNMOVABLE: 0,
  /** Of a process or the page cache: can be copied elsewhere. */
  MOVABLE: 1,
  /** Caches of the kernel that shrink on demand. */
  RECLAIMABLE: 2,
  /** Pageblocks kept for high-order requests that cannot wait. */
  HIGHATOMIC: 3,
  /** Pageblocks of an area for a device, lent to MOVABLE requests (7.2: CMA). */
  CMA: 4,
} as const;

/** Names of migratetypes, by number. */
export const TYPE_NAMES: readonly string[] = Object.entries(MigrateType)
  .sort(([, a], [, b]) => a - b).map(([name]) => name.toLowerCase());

/** Number of migratetypes. */
export const TYPES = 5;
/** Number of free lists. */
export const FREE_LISTS: number = (TOP + 1) * TYPES;

/** Bits of a page's state: what starts at the page. */
export const State = {
  /** The order of the block. */
  ORDER: 0x0f,
  /**
   * The migratetype: of the list if free, of the request if not. CMA is written
   * as HIGHATOMIC, from which the pageblock tells it.
   */
  TYPE: 0x30,
  /** Its position. */
  TYPE_SHIFT: 4,
  /** Mask of what the block is; 0: no block starts here. */
  KIND: 0xc0,
  /** The block is handed out. */
  LIVE: 0x40,
  /** The block is on a free list. */
  FREE: 0x80,
  /** The block is on a per-CPU list. */
  CACHED: 0xc0,
} as const;

const { ORDER, TYPE_SHIFT, KIND, FREE } = State;

/** Free blocks of a zone; every method is O(orders) unless it says more. */
export class FreeArea {
  /** Pages of the zone. */
  pages = 0;
  /** One entry per page: bits of {@linkcode State}; padded to whole blocks. */
  state: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** One entry per pageblock: its migratetype. */
  blockType: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** The free list of (order, type) is number order * TYPES + type. */
  readonly lists: IndexLists;
  private readonly counters: Counters;
  /** Whether a merge of two pageblocks gives both the type of the freed one. */
  private readonly mergeRetypes: boolean;

  /** An empty zone; `extraLists` lists follow the free lists in `lists`. */
  constructor(counters: Counters, extraLists = 0, mergeRetypes = true) {
    this.counters = counters;
    this.mergeRetypes = mergeRetypes;
    this.lists = new IndexLists(FREE_LISTS + extraLists);
  }

  /** Pages on free lists. */
  get freePages(): number {
    const { length } = this.lists;
    let pages = 0;
    for (let order = 0, n = 0; order <= TOP; order++) {
      for (const end = n + TYPES; n < end; n++) pages += length[n]! << order;
    }
    return pages;
  }

  /** Free blocks of each order. */
  blocks(): number[] {
    const { length } = this.lists;
    return Array.from({ length: TOP + 1 }, (_, order) => {
      let blocks = 0;
      for (let t = 0; t < TYPES; t++) blocks += length[order * TYPES + t]!;
      return blocks;
    });
  }

  /** The type of every pageblock. */
  pageblockTypes(): Uint8Array {
    const blocks = Math.ceil(this.pages / 2 ** PAGEBLOCK_ORDER);
    return this.blockType.slice(0, blocks);
  }

  /** Pageblocks with both live MOVABLE blocks and others. O(pages). */
  mixedPageblocks(): number {
    const blocks = Math.ceil(this.pages / 2 ** PAGEBLOCK_ORDER);
    // bit 0: a MOVABLE block begins in the pageblock, bit 1: another one does
    const seen = new Uint8Array(blocks);
    for (let pfn = 0; pfn < this.pages;) {
      const s = this.state[pfn]!;
      if ((s & KIND) === State.LIVE) {
        const type = (s & State.TYPE) >> TYPE_SHIFT;
        seen[pfn >> PAGEBLOCK_ORDER]! |= type === MigrateType.MOVABLE ? 1 : 2;
      }
      pfn += 1 << (s & ORDER);
    }
    return seen.reduce((mixed, bits) => mixed + Number(bits === 3), 0);
  }

  /** Pages on the free lists of `type`. */
  freeOf(type: number): number {
    let pages = 0;
    for (let order = 0; order <= TOP; order++) {
      pages += this.lists.length[order * TYPES + type]! << order;
    }
    return pages;
  }

  /** Makes the zone `pages` long; what is new is not free. O(pages). */
  extend(pages: number): void {
    this.pages = pages;
    if (pages <= this.state.length) return;
    const wanted = Math.max(pages, 2 * this.state.length);
    const room = Math.ceil(wanted / 2 ** TOP) * 2 ** TOP;
    this.state = longer(this.state, room);
    this.blockType = longer(
      this.blockType,
      room / 2 ** PAGEBLOCK_ORDER,
      MigrateType.MOVABLE,
    );
    this.lists.grow(room);
  }

  /**
   * Makes the zone `pages` long; what is new is free and MOVABLE, but for at
   * least the last `cma` pages, in whole pageblocks. O(pages).
   */
  addPages(pages: number, cma = 0): void {
    const old = this.pages;
    const lent = cma > 0 ? (pages - cma) & -(1 << PAGEBLOCK_ORDER) : pages;
    this.extend(pages);
    this.addFree(old, lent, MigrateType.MOVABLE);
    if (lent === pages) return;
    this.blockType.fill(MigrateType.CMA, lent >> PAGEBLOCK_ORDER);
    this.addFree(lent, pages, MigrateType.CMA);
  }

  /**
   * Puts the pages `pfn` .. `end` - 1, in blocks as large as fit, at the tails
   * of the lists of `type` in ascending order, without merging.
   */
  addFree(pfn: Pfn, end: Pfn, type: number): void {
    while (pfn < end) {
      let order = TOP;
      while (pfn % 2 ** order !== 0 || pfn + 2 ** order > end) order--;
      this.link(pfn, order, type, true);
      pfn += 2 ** order;
    }
  }

  /** The block at the head of a free list; NULL if it is empty. */
  first(order: number, type: number): Pfn {
    return this.lists.first(order * TYPES + type);
  }

  /** The type of the pageblock around `pfn`. */
  typeAt(pfn: Pfn): number {
    return this.blockType[pfn >> PAGEBLOCK_ORDER]!;
  }

  /** Takes a block of `order` from the lists of `type`; NULL if none is left. */
  smallest(order: number, type: number): Pfn {
    let from = order;
    this.counters.searchSteps++;
    let pfn = this.first(from, type);
    while (pfn === NULL) {
      if (++from > TOP) return NULL;
      this.counters.searchSteps++;
      pfn = this.first(from, type);
    }
    this.take(pfn, from, order, type);
    return pfn;
  }

  /** Takes the free block of order `from` and keeps its low 2^`order` pages. */
  take(pfn: Pfn, from: number, order: number, type: number): void {
    this.unlink(pfn);
    while (from > order) {
      from--;
      this.counters.splits++;
      this.link(pfn + (1 << from), from, type, false);
    }
  }

  /**
   * Frees a block onto the lists of `type`, merged as far as it goes; returns
   * the page at which the merged block starts.
   */
  release(pfn: Pfn, order: number, type: number): Pfn {
    const { state } = this;
    while (order < TOP) {
      const buddy = pfn ^ (1 << order);
      const s = state[buddy]!;
      if ((s & (KIND | ORDER)) !== (FREE | order)) break;
      if (order >= PAGEBLOCK_ORDER) {
        const other = this.typeAt(buddy);
        if (other !== type) {
          if (Math.max(other, type) >= MigrateType.HIGHATOMIC) break;
          if (this.mergeRetypes) {
            this.blockType[buddy >> PAGEBLOCK_ORDER] = type;
          }
        }
      }
      this.unlink(buddy);
      this.counters.coalesces++;
      pfn &= buddy;
      order++;
    }
    this.link(pfn, order, type, this.mergeLikely(pfn, order));
    return pfn;
  }

  /** Whether the block that `pfn` would become half of has a free buddy. */
  mergeLikely(pfn: Pfn, order: number): boolean {
    if (order >= PAGEBLOCK_ORDER) return false;
    const parent = pfn & ~(1 << order);
    const s = this.state[parent ^ (2 << order)]!;
    return (s & (KIND | ORDER)) === (FREE | (order + 1));
  }

  /** Puts a block on the free list of `type`. */
  link(pfn: Pfn, order: number, type: number, atTail: boolean): void {
    const list = order * TYPES + type;
    this.state[pfn] = FREE | (written(type) << TYPE_SHIFT) | order;
    if (atTail) this.lists.append(list, pfn);
    else this.lists.push(list, pfn);
  }

  /** The type of the list of a free block with state `s`. */
  listed(pfn: Pfn, s: number): number {
    const type = (s >> TYPE_SHIFT) & 3;
    return type < MigrateType.HIGHATOMIC || this.typeAt(pfn) !== MigrateType.CMA
      ? type
      : MigrateType.CMA;
  }

  /** Takes a block off its free list. */
  unlink(pfn: Pfn): void {
    const s = this.state[pfn]!;
    const order = s & ORDER;
    this.state[pfn] = 0;
    let type = (s >> TYPE_SHIFT) & 3;
    if (type === MigrateType.HIGHATOMIC) type = this.listed(pfn, s);
    this.lists.remove(order * TYPES + type, pfn);
  }

  /** Moves a free block to the tail of the list of `type`. */
  relink(pfn: Pfn, type: number): void {
    const order = this.state[pfn]! & ORDER;
    this.unlink(pfn);
    this.link(pfn, order, type, true);
  }

  /** Whether the zone ends within the pageblock around `pfn`. */
  sticksOut(pfn: Pfn): boolean {
    return (pfn | ((1 << PAGEBLOCK_ORDER) - 1)) >= this.pages;
  }

  /** Gives the pageblocks of a block of order >= 9 a new type. */
  retype(pfn: Pfn, order: number, type: number): void {
    const from = pfn >> PAGEBLOCK_ORDER;
    this.blockType.fill(type, from, from + 2 ** (order - PAGEBLOCK_ORDER));
  }

  /** Gives the pageblock around `pfn`, and what is free in it, a new type. */
  retypePageblock(pfn: Pfn, type: number): void {
    this.movePageblock(pfn, type);
    this.blockType[pfn >> PAGEBLOCK_ORDER] = type;
  }

  /**
   * Moves the free blocks of the pageblock around `pfn` to the tails of the
   * lists of `type`, in ascending order. O(pages of a pageblock).
   */
  movePageblock(pfn: Pfn, type: number): void {
    const start = pfn & -(1 << PAGEBLOCK_ORDER);
    const end = start + (1 << PAGEBLOCK_ORDER);
    for (let p = start; p < end;) {
      const s = this.state[p]!;
      if ((s & KIND) === FREE) this.relink(p, type);
      p += 1 << (s & ORDER);
    }
  }

  /** Throws InvariantError unless blocks, lists and types agree. O(pages). */
  check(): void {
    const free = new Int32Array(FREE_LISTS);
    for (let pfn = 0; pfn < this.pages;) {
      const s = this.state[pfn]!;
      const order = s & ORDER;
      const type = this.listed(pfn, s);
      invariant((s & KIND) !== 0, `Page ${pfn}: no block starts here`);
      invariant(pfn % 2 ** order === 0, `Page ${pfn}: block is misaligned`);
      for (let p = pfn + 1; p < pfn + 2 ** order; p++) {
        invariant(this.state[p] === 0, `Page ${p}: starts inside a block`);
      }
      if ((s & KIND) === FREE) {
        free[order * TYPES + type]!++;
        invariant(
          !this.mergeRetypes || type === this.typeAt(pfn),
          `Page ${pfn}: on a wrong list`,
        );
        // free(b, k) => not free(b ^ 2^k, k), below the top order
        const buddy = pfn ^ (1 << order);
        const types = [type, this.typeAt(pfn), this.typeAt(buddy)];
        invariant(
          order === TOP || Math.max(...types) >= MigrateType.HIGHATOMIC ||
            ((this.state[buddy]! ^ s) & ~State.TYPE) !== 0,
          `Page ${pfn}: both buddies of order ${order} are free`,
        );
      }
      pfn += 2 ** order;
    }
    this.lists.check();
    for (let list = 0; list < FREE_LISTS; list++) {
      invariant(
        free[list] === this.lists.length[list],
        `Order ${Math.floor(list / TYPES)}: blocks are miscounted`,
      );
      for (const pfn of this.lists.items(list)) {
        const s = this.state[pfn]!;
        const at = (s & ORDER) * TYPES + this.listed(pfn, s);
        invariant(
          (s & KIND) === FREE && at === list,
          `Page ${pfn}: not free, but listed`,
        );
      }
    }
  }
}

/** How `type` is written into a page's state. */
export function written(type: number): number {
  return type - (type >> 2); // 4 becomes 3
}
