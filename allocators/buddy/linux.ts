/**
 * The Linux page allocator of one zone.
 *
 * A request takes a page from its CPU's list, else a block from the free lists
 * of its migratetype, else claims or steals one of another type, else gets one
 * out of the HIGHATOMIC reserve if it cannot wait; before it fails, per-CPU
 * lists are drained and the reserve is broken up. Facts from Linux 6.12,
 * mm/page_alloc.c; without options that differ, page frames and lists are the
 * kernel's own. Simplified: one zone, one node; no reclaim, so the min watermark
 * refuses requests and the others only count.
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
import {
  FlatSource,
  PAGE,
  type PageAllocator,
  type PageMoved,
  type PageSource,
  type PageVisitor,
  type Pfn,
} from "../pages.ts";
import { freeUsage } from "./free_usage.ts";
import { Growth } from "./growth.ts";
import {
  FreeArea,
  MigrateType,
  PAGEBLOCK_ORDER,
  State,
  TOP,
  TYPES,
} from "./linux_area.ts";
import { compact } from "./linux_compaction.ts";
import { claim, steal } from "./linux_fallback.ts";
import { PerCpuLists } from "./linux_pcp.ts";
import { HighAtomicReserve } from "./linux_reserve.ts";

const { ORDER, TYPE, TYPE_SHIFT, KIND, LIVE, FREE } = State;
const { RECLAIMABLE } = MigrateType;

/** Added to the migratetype of a request that cannot wait. */
export const ATOMIC = 4;

/** How the zone is set up; lengths in pages. */
export interface LinuxSettings {
  /** Length of the zone; 0: grows by top-order blocks. */
  pages: number;
  /** Fallbacks take whole pageblocks only. */
  noFragment: boolean;
  /** Migratetype of requests that name none. */
  type: number;
  /** Pages a per-CPU list is refilled with; 0: no per-CPU lists. */
  pcp: number;
  /** Pages at which a CPU drains its lists. */
  high: number;
  /** Number of CPUs. */
  cpus: number;
  /** Free pages that ordinary requests must leave: the min watermark. */
  min: number;
}

/** A zone: every request is O(orders), claims are O(pages of a pageblock). */
export class LinuxBuddy implements PageAllocator {
  readonly counters: Counters = new Counters();
  readonly pageBytes = PAGE;
  readonly orders: number = TOP + 1;
  /** Requests served by claiming a pageblock of another type. */
  claims = 0;
  /** Requests served by stealing from a pageblock of another type. */
  steals = 0;
  /** Times that free pages fell below the low watermark, from above the high. */
  wakeups = 0;
  private awake = false;
  private readonly cpus: number;
  private onCpu = 0;
  private readonly area: FreeArea;
  private readonly pcp: PerCpuLists | undefined;
  private readonly growth: Growth;
  private readonly grows: boolean;
  private readonly noFragment: boolean;
  private readonly type: number;
  private readonly min: number;
  /** Neither per-CPU lists nor watermarks. */
  private readonly plain: boolean;
  private readonly reserve: HighAtomicReserve;

  /** A zone whose pages are all free and MOVABLE. */
  constructor(
    {
      pages = 0,
      noFragment = false,
      type = MigrateType.MOVABLE,
      pcp: batch = 0,
      high = 0,
      cpus = 1,
      min = 0,
    }: Partial<LinuxSettings> = {},
    source: PageSource = new FlatSource(),
  ) {
    this.growth = new Growth(source, PAGE);
    this.cpus = cpus;
    this.grows = pages === 0;
    this.noFragment = noFragment;
    this.type = type;
    this.min = min;
    this.plain = batch === 0 && min === 0;
    this.area = new FreeArea(
      this.counters,
      batch > 0 ? PerCpuLists.listsOf(cpus) : 0,
    );
    this.reserve = new HighAtomicReserve(this.area);
    this.extend(pages);
    if (batch > 0) {
      this.pcp = new PerCpuLists(
        this.area,
        (order, type) => this.rmqueue(order, type),
        { cpus, batch, high: Math.max(high, 2 * batch) },
      );
    }
  }

  get base(): Address {
    return this.growth.base;
  }

  /** The CPU that makes the next requests, modulo the CPUs there are. */
  get cpu(): number {
    return this.onCpu;
  }

  set cpu(cpu: number) {
    this.onCpu = cpu % this.cpus;
  }

  pagesOf(order: number): number {
    return 1 << order;
  }

  orderFor(pages: number): number {
    return pages > 2 ** TOP ? TOP + 1 : 32 - Math.clz32(pages - 1);
  }

  /** `type` is a {@linkcode MigrateType}, with {@linkcode ATOMIC} or without. */
  allocPages(order: number, type: number = this.type): Pfn {
    if (!this.plain || !(order >= 0 && order <= TOP) || type > RECLAIMABLE) {
      return this.allocSpecial(order, type);
    }
    let pfn = this.area.smallest(order, type);
    if (pfn === NULL) {
      pfn = this.lastResort(this.fallback(order, type), order, type);
      if (pfn === NULL) return NULL;
    }
    this.area.state[pfn] = LIVE | (type << TYPE_SHIFT) | order;
    return pfn;
  }

  freePages(pfn: Pfn, order: number): void {
    const area = this.area;
    if ((area.state[pfn]! & ~TYPE) !== (LIVE | order)) {
      throw notLive(pfn * PAGE);
    }
    area.state[pfn] = 0;
    const type = area.typeAt(pfn);
    if (this.plain && order <= PAGEBLOCK_ORDER) {
      area.release(pfn, order, type);
    } else this.freeSpecial(pfn, order, type);
  }

  liveOrder(pfn: Pfn): number {
    const s = this.area.state[pfn] ?? 0;
    return (s & KIND) === LIVE ? s & ORDER : -1;
  }

  /** Moves MOVABLE blocks together until a block of `order` is free. */
  compact(order: number, moved: PageMoved): boolean {
    this.pcp?.drainAll();
    return compact(this.area, this.counters, order, moved);
  }

  /** The blocks of a free list, head first. */
  freeList(order: number, type: number): Iterable<Pfn> {
    return this.area.lists.items(order * TYPES + type);
  }

  /** The migratetype of every pageblock. */
  pageblockTypes(): Uint8Array {
    const blocks = Math.ceil(this.area.pages / 2 ** PAGEBLOCK_ORDER);
    return this.area.blockType.slice(0, blocks);
  }

  walkPages(visit: PageVisitor): void {
    const { state, pages } = this.area;
    for (let pfn = 0; pfn < pages;) {
      const s = state[pfn]!;
      const order = s & ORDER;
      const kind = s & KIND;
      if (kind === LIVE) visit(pfn, order, "live");
      else visit(pfn, order, kind === FREE ? "free" : "cached");
      pfn += 1 << order;
    }
  }

  check(): void {
    this.area.check();
    this.pcp?.check();
    let live = 0;
    this.walkPages((_pfn, order, kind) => {
      if (kind === "live") live += 1 << order;
    });
    invariant(live === this.livePages(), "live pages are miscounted");
    const reserved = this.pageblockTypes().reduce(
      (n, type) => n + Number(type === MigrateType.HIGHATOMIC),
      0,
    );
    invariant(
      reserved === this.reserve.pageblocks,
      "the reserve is miscounted",
    );
  }

  usage(): Usage {
    const { pages } = this.area;
    return {
      ...freeUsage(this.blocks(), (order) => 2 ** order * PAGE),
      allocated: this.livePages() * PAGE,
      metadata: 0, // links lie in the descriptors
      cached: (this.pcp?.pages ?? 0) * PAGE,
      footprint: this.footprint,
      largestServeable: PAGE * 2 ** this.largestOrder(),
      side: pages * DESCRIPTOR,
    };
  }

  get footprint(): number {
    return this.area.pages * PAGE;
  }

  census(): CensusRow[] {
    const rows = this.blocks().map((blocks, order) => ({
      list: `order ${order}`,
      blocks,
      bytes: blocks * 2 ** order * PAGE,
    }));
    if (!this.pcp) return rows;
    const { pages } = this.pcp;
    return [...rows, { list: "pcp", blocks: pages, bytes: pages * PAGE }];
  }

  private livePages(): number {
    const { pages, freePages } = this.area;
    return pages - freePages - (this.pcp?.pages ?? 0);
  }

  /** The order of the largest block there could ever be. */
  private largestOrder(): number {
    const { pages } = this.area;
    return this.grows ? TOP : Math.min(TOP, 31 - Math.clz32(pages));
  }

  private extend(pages: number): void {
    const old = this.area.pages;
    this.area.extend(pages);
    this.area.addFree(old, pages, MigrateType.MOVABLE);
  }

  /** Free blocks of each order. */
  private blocks(): number[] {
    const { length } = this.area.lists;
    return Array.from({ length: TOP + 1 }, (_, order) => {
      let blocks = 0;
      for (let t = 0; t < TYPES; t++) blocks += length[order * TYPES + t]!;
      return blocks;
    });
  }

  /** With watermarks, per-CPU lists or an atomic request. */
  private allocSpecial(order: number, type: number): Pfn {
    if (!(order >= 0 && order <= TOP)) return NULL;
    const kind = type & 3;
    if (kind > RECLAIMABLE) throw new RangeError(`No type ${type}`);
    let pfn = NULL;
    if (this.watermarkOk(order, type)) {
      pfn = this.pcp?.holds(order)
        ? this.pcp.take(this.onCpu, order, kind)
        : this.rmqueue(order, kind);
    }
    if (pfn === NULL || type !== kind) {
      pfn = this.lastResort(pfn, order, type);
      if (pfn === NULL) return NULL;
    }
    this.area.state[pfn] = LIVE | (kind << TYPE_SHIFT) | order;
    if (this.min > 0) this.wake();
    return pfn;
  }

  private freeSpecial(pfn: Pfn, order: number, type: number): void {
    const area = this.area;
    if (this.pcp?.holds(order) && type !== MigrateType.HIGHATOMIC) {
      this.pcp.give(this.onCpu, pfn, order, type);
    } else if (order > PAGEBLOCK_ORDER) {
      // each pageblock by itself: their types may differ
      const half = pfn + (1 << PAGEBLOCK_ORDER);
      area.release(pfn, PAGEBLOCK_ORDER, type);
      area.release(half, PAGEBLOCK_ORDER, area.typeAt(half));
    } else {
      area.release(pfn, order, type);
    }
  }

  private rmqueue(order: number, type: number): Pfn {
    const pfn = this.area.smallest(order, type);
    return pfn === NULL ? this.fallback(order, type) : pfn;
  }

  /** A block of another type, when the lists of `type` are empty; or NULL. */
  private fallback(order: number, type: number): Pfn {
    let pfn = claim(this.area, order, type, this.noFragment);
    if (pfn !== NULL) {
      this.claims++;
      return pfn;
    }
    if (this.noFragment) return NULL;
    pfn = steal(this.area, order, type);
    if (pfn !== NULL) this.steals++;
    return pfn;
  }

  /** What is left to try when the lists have given `pfn`, maybe NULL. */
  private lastResort(pfn: Pfn, order: number, type: number): Pfn {
    const area = this.area;
    if (pfn === NULL && type >= ATOMIC) {
      pfn = this.reserve.take(order);
    } else if (type >= ATOMIC && order > 0) {
      this.reserve.add(pfn, order);
    }
    if (pfn !== NULL) return pfn;
    const kind = type & 3;
    if (this.pcp !== undefined && this.pcp.pages > 0) {
      this.pcp.drainAll();
      if (this.watermarkOk(order, type)) pfn = this.rmqueue(order, kind);
    }
    while (pfn === NULL && this.reserve.giveUp(kind)) {
      if (this.watermarkOk(order, type)) pfn = this.rmqueue(order, kind);
    }
    const more = 2 ** TOP;
    if (
      pfn === NULL && this.grows && this.growth.extend(area.pages, more)
    ) {
      this.extend(area.pages + more);
      pfn = this.rmqueue(order, kind);
    }
    return pfn;
  }

  /** Counts when the kernel would start reclaim: low is 5/4 min, high 3/2. */
  private wake(): void {
    const free = this.area.freePages;
    if (this.awake) this.awake = free * 2 < this.min * 3;
    else if (free * 4 < this.min * 5) {
      this.awake = true;
      this.wakeups++;
    }
  }

  /** Whether the free pages outside the reserve suffice; O(1). */
  private watermarkOk(order: number, type: number): boolean {
    if (this.min === 0) return true;
    const min = type >= ATOMIC ? this.min >> 1 : this.min;
    const reserve = type >= ATOMIC
      ? 0
      : this.reserve.pageblocks << PAGEBLOCK_ORDER;
    const free = this.area.freePages - reserve;
    return free - (1 << order) >= min;
  }
}

/** Bytes of a page descriptor (struct page). */
const DESCRIPTOR = 64;
