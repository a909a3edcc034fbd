/**
 * The kernel's per-CPU lists: freed pages of the small orders (and of order 9)
 * wait on the CPU that freed them, to be handed out again without splitting
 * and merging.
 *
 * An empty list is refilled with a batch; a free goes to the head, and when a
 * CPU holds too much the tails go back to the zone, list after list from the
 * one freed to. Facts from Linux 6.1 to 7.2, mm/page_alloc.c.
 *
 * @module
 */
import { type CensusRow, invariant, NULL } from "../allocator.ts";
import { type CachedVisitor, PAGE, type Pfn } from "../pages.ts";
import {
  FREE_LISTS,
  type FreeArea,
  MigrateType,
  PAGEBLOCK_ORDER,
  State,
  TYPE_NAMES,
  written,
} from "./linux_area.ts";
import { COSTLY_ORDER, type PcpHigh } from "./linux_pcp_high.ts";

/** Types that have lists of the small orders: all but HIGHATOMIC. */
const CPU_TYPES = 3;
/** Lists of orders 0 to 3. */
const SMALL_LISTS = (COSTLY_ORDER + 1) * CPU_TYPES;
/** Lists of a CPU: two of order 9, the second for MOVABLE blocks. */
const CPU_LISTS = SMALL_LISTS + 2;

/**
 * Takes a block of `order` for `type` from the zone, the `first` of a refill
 * or one more; NULL if there is none.
 */
export type Refill = (order: number, type: number, first: boolean) => Pfn;

/** The per-CPU lists of a zone. */
export class PerCpuLists {
  /** Pages on all lists. */
  pages = 0;
  // One entry per CPU: pages held.
  private readonly count: Int32Array;
  private readonly area: FreeArea;
  private readonly refill: Refill;
  private readonly high: PcpHigh;
  /** Whether drained blocks go to their pageblock's type of now. */
  private readonly typeNow: boolean;

  /** Lists that `area` must have as extra lists. */
  static listsOf(cpus: number): number {
    return cpus * CPU_LISTS;
  }

  /** Empty lists of `cpus` CPUs. */
  constructor(
    area: FreeArea,
    refill: Refill,
    { cpus, high, typeNow }: { cpus: number; high: PcpHigh; typeNow: boolean },
  ) {
    this.area = area;
    this.refill = refill;
    this.high = high;
    this.typeNow = typeNow;
    this.count = new Int32Array(cpus);
  }

  /** Whether blocks of `order` are held here. */
  holds(order: number): boolean {
    return order <= COSTLY_ORDER || order === PAGEBLOCK_ORDER;
  }

  /** Pages that `cpu` holds. */
  held(cpu: number): number {
    return this.count[cpu]!;
  }

  /**
   * A block for `cpu`; NULL if its list is empty and the zone has none, or it
   * may not be filled.
   */
  take(cpu: number, order: number, type: number, fills: boolean): Pfn {
    const { lists } = this.area;
    const list = listOf(cpu, order, type);
    this.high.taken(cpu);
    if (lists.length[list] === 0 && fills) this.fill(cpu, list, order, type);
    const pfn = lists.first(list);
    if (pfn === NULL) return NULL;
    lists.remove(list, pfn);
    this.hold(cpu, -(1 << order));
    return pfn;
  }

  /**
   * Takes a freed block whose pageblock has `type`; whether that drained the
   * lists. What is reserved, or of CMA, goes to the MOVABLE list.
   */
  give(cpu: number, pfn: Pfn, order: number, type: number): boolean {
    const like = type >= MigrateType.HIGHATOMIC ? MigrateType.MOVABLE : type;
    const list = listOf(cpu, order, like);
    this.area.lists.push(list, pfn);
    this.area.state[pfn] = State.CACHED | order |
      (written(type) << State.TYPE_SHIFT);
    this.hold(cpu, 1 << order);
    const pages = this.high.freed(cpu, order, this.count[cpu]!);
    if (pages > 0) this.drain(cpu, pages, list);
    return pages > 0;
  }

  /** Gives at least `pages` pages back to the zone, or all there are. */
  drain(cpu: number, pages: number, list: number = listOf(cpu, 0, 0)): void {
    const { lists, state } = this.area;
    const first = listOf(cpu, 0, 0);
    const least = this.count[cpu]! - pages;
    while (this.count[cpu]! > 0 && this.count[cpu]! > least) {
      const pfn = lists.last(list);
      if (pfn === NULL) {
        if (++list === first + CPU_LISTS) list = first;
        continue;
      }
      lists.remove(list, pfn);
      const s = state[pfn]!;
      const order = s & State.ORDER;
      state[pfn] = 0;
      this.hold(cpu, -(1 << order));
      const type = this.typeNow
        ? this.area.typeAt(pfn)
        : this.area.listed(pfn, s);
      this.area.release(pfn, order, type);
    }
  }

  /** Gives every page of every CPU back. */
  drainAll(): void {
    for (let cpu = 0; cpu < this.count.length; cpu++) {
      this.drain(cpu, Infinity);
    }
  }

  /** A second passes: what is too much for a CPU that rests is drained. */
  second(): void {
    for (let cpu = 0; cpu < this.count.length; cpu++) {
      this.drain(cpu, this.high.second(cpu, this.count[cpu]!));
    }
  }

  /** Visits what CPUs hold, by CPU, order and type, the next to be handed out first. */
  each(visit: CachedVisitor): void {
    const { lists, state } = this.area;
    this.count.forEach((_, cpu) => {
      const first = listOf(cpu, 0, 0);
      for (let i = 0; i < CPU_LISTS; i++) {
        const type = i < SMALL_LISTS
          ? TYPE_NAMES[i % CPU_TYPES]
          : i === SMALL_LISTS
          ? "other"
          : "movable";
        for (const pfn of lists.items(first + i)) {
          const order = state[pfn]! & State.ORDER;
          visit(`CPU ${cpu} order ${order} ${type}`, pfn, order);
        }
      }
    });
  }

  /** What lies on each list that is not empty. */
  census(): CensusRow[] {
    const rows = new Map<string, CensusRow>();
    this.each((list, _, order) => {
      const row = rows.get(list) ?? { list, blocks: 0, bytes: 0 };
      row.blocks++;
      row.bytes += PAGE << order;
      rows.set(list, row);
    });
    return [...rows.values()];
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
    const blocks = this.high.fetched(cpu, order, this.count[cpu]!);
    for (let n = 0; n < blocks; n++) {
      const pfn = this.refill(order, type, n === 0);
      if (pfn === NULL) return;
      this.area.state[pfn] = State.CACHED | (type << State.TYPE_SHIFT) | order;
      this.area.lists.append(list, pfn);
      this.hold(cpu, 1 << order);
    }
  }
}

function listOf(cpu: number, order: number, type: number): number {
  const first = FREE_LISTS + cpu * CPU_LISTS;
  if (order <= COSTLY_ORDER) return first + order * CPU_TYPES + type;
  return first + SMALL_LISTS + Number(type === MigrateType.MOVABLE);
}
