/**
 * The kernel's per-CPU lists: freed pages of the small orders (and of order 9)
 * wait on the CPU that freed them, to be handed out again without splitting
 * and merging.
 *
 * An empty list is refilled with a batch, which doubles while the CPU goes on
 * allocating; a free goes to the head, and when a CPU holds `high` pages the
 * tails go back to the zone, list after list from the one freed to. Facts from
 * Linux 6.12, mm/page_alloc.c. Simplified: `high` is fixed, where the kernel
 * tunes it between two bounds.
 *
 * @module
 */
import { invariant, NULL } from "../allocator.ts";
import type { Pfn } from "../pages.ts";
import {
  FREE_LISTS,
  type FreeArea,
  PAGEBLOCK_ORDER,
  State,
} from "./linux_area.ts";

/** The largest of the small orders: above it the kernel calls blocks costly. */
export const COSTLY_ORDER = 3;
/** Types that have per-CPU lists: all but HIGHATOMIC. */
const CPU_TYPES = 3;
/** Lists of a CPU: orders 0..3 and 9, per type. */
const CPU_LISTS = (COSTLY_ORDER + 2) * CPU_TYPES;
/** Doublings of the batch. */
const MAX_FACTOR = 5;

/** Takes a block of `order` for `type` from the zone; NULL if there is none. */
export type Refill = (order: number, type: number) => Pfn;

/** The per-CPU lists of a zone. */
export class PerCpuLists {
  /** Pages on all lists. */
  pages = 0;
  // One entry per CPU: pages held, doublings of the next refill, and pages
  // freed of late, halved at every allocation.
  private readonly count: Int32Array;
  private readonly factor: Int32Array;
  private readonly freed: Int32Array;
  private readonly area: FreeArea;
  private readonly refill: Refill;
  private readonly batch: number;
  private readonly high: number;

  /** Lists that `area` must have as extra lists. */
  static listsOf(cpus: number): number {
    return cpus * CPU_LISTS;
  }

  /** `batch` >= 1 and `high` >= 2 * `batch` are in pages. */
  constructor(
    area: FreeArea,
    refill: Refill,
    { cpus, batch, high }: { cpus: number; batch: number; high: number },
  ) {
    this.area = area;
    this.refill = refill;
    this.batch = batch;
    this.high = high;
    this.count = new Int32Array(cpus);
    this.factor = new Int32Array(cpus);
    this.freed = new Int32Array(cpus);
  }

  /** Whether blocks of `order` are held here. */
  holds(order: number): boolean {
    return order <= COSTLY_ORDER || order === PAGEBLOCK_ORDER;
  }

  /** Pages that `cpu` holds. */
  held(cpu: number): number {
    return this.count[cpu]!;
  }

  /** A block for `cpu`; NULL if its list is empty and the zone has none. */
  take(cpu: number, order: number, type: number): Pfn {
    const { lists } = this.area;
    const list = listOf(cpu, order, type);
    if (lists.length[list] === 0) this.fill(cpu, list, order, type);
    const pfn = lists.first(list);
    if (pfn === NULL) return NULL;
    lists.remove(list, pfn);
    this.hold(cpu, -(1 << order));
    this.freed[cpu]! >>= 1;
    return pfn;
  }

  /** Takes a freed block whose pageblock has `type`. */
  give(cpu: number, pfn: Pfn, order: number, type: number): void {
    const list = listOf(cpu, order, type);
    this.area.lists.push(list, pfn);
    this.area.state[pfn] = State.CACHED | (type << State.TYPE_SHIFT) | order;
    this.hold(cpu, 1 << order);
    this.factor[cpu]! >>= 1;
    const freed = Math.min(
      this.freed[cpu]! + (1 << order),
      this.batch << MAX_FACTOR,
    );
    this.freed[cpu] = freed;
    if (this.count[cpu]! < this.high) return;
    const most = this.high - this.batch;
    this.drain(cpu, Math.min(Math.max(freed, this.batch), most), list);
  }

  /** Gives at least `pages` pages back to the zone, or all there are. */
  drain(cpu: number, pages: number, list: number = listOf(cpu, 0, 0)): void {
    const { lists } = this.area;
    const first = listOf(cpu, 0, 0);
    const least = this.count[cpu]! - pages;
    while (this.count[cpu]! > 0 && this.count[cpu]! > least) {
      const pfn = lists.last(list);
      if (pfn === NULL) {
        if (++list === first + CPU_LISTS) list = first;
        continue;
      }
      lists.remove(list, pfn);
      const order = this.area.state[pfn]! & State.ORDER;
      this.area.state[pfn] = 0;
      this.hold(cpu, -(1 << order));
      this.area.release(pfn, order, this.area.typeAt(pfn));
    }
  }

  /** Gives every page of every CPU back. */
  drainAll(): void {
    for (let cpu = 0; cpu < this.count.length; cpu++) {
      this.drain(cpu, Infinity);
    }
  }

  /** Throws InvariantError unless the counts agree with the lists. */
  check(): void {
    let pages = 0;
    this.count.forEach((count, cpu) => {
      let listed = 0;
      const first = listOf(cpu, 0, 0);
      for (let list = first; list < first + CPU_LISTS; list++) {
        for (const pfn of this.area.lists.items(list)) {
          const s = this.area.state[pfn]!;
          invariant(
            (s & State.KIND) === State.CACHED,
            `Page ${pfn}: on a per-CPU list, but not cached`,
          );
          listed += 1 << (s & State.ORDER);
        }
      }
      invariant(listed === count, `CPU ${cpu}: pages are miscounted`);
      pages += count;
    });
    invariant(pages === this.pages, "cached pages are miscounted");
  }

  private hold(cpu: number, pages: number): void {
    this.count[cpu]! += pages;
    this.pages += pages;
  }

  private fill(cpu: number, list: number, order: number, type: number): void {
    const base = this.batch;
    const room = Math.max(this.high - this.count[cpu]! - base, base);
    let batch = order > 0 ? base : base << this.factor[cpu]!;
    if (batch <= room && this.factor[cpu]! < MAX_FACTOR) this.factor[cpu]!++;
    batch = Math.min(batch, room);
    if (batch > 1) batch = Math.max(batch >> order, 2);
    for (; batch > 0; batch--) {
      const pfn = this.refill(order, type);
      if (pfn === NULL) return;
      this.area.state[pfn] = State.CACHED | (type << State.TYPE_SHIFT) | order;
      this.area.lists.append(list, pfn);
      this.hold(cpu, 1 << order);
    }
  }
}

function listOf(cpu: number, order: number, type: number): number {
  const row = Math.min(order, COSTLY_ORDER + 1);
  return FREE_LISTS + cpu * CPU_LISTS + row * CPU_TYPES + type;
}
