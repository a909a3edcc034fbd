/**
 * The Linux page allocator of one zone.
 *
 * A request takes a page from its CPU's list, else a block from the free lists
 * of its migratetype, else one of another type; before it fails, per-CPU lists
 * are drained and the HIGHATOMIC reserve is broken up, or served from if the
 * request cannot wait. Facts from Linux 6.1, 6.12 and 7.2, mm/page_alloc.c.
 * Simplified: one zone, no reclaim; what cannot wait comes when pages are short.
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
  type CachedVisitor,
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
import { compact, DirectCompaction } from "./linux_compaction.ts";
import { PerCpuLists } from "./linux_pcp.ts";
import { type PcpHigh, pcpHigh } from "./linux_pcp_high.ts";
import { HighAtomicReserve } from "./linux_reserve.ts";
import { Rmqueue } from "./linux_rmqueue.ts";
import { ATOMIC, type LinuxSettings } from "./linux_settings.ts";
import { LINUX_RULES, type LinuxRules } from "./linux_versions.ts";
import { WatermarkCheck } from "./linux_watermark_check.ts";
import { highBounds, usualMin, watermarks } from "./linux_watermarks.ts";

const { ORDER, TYPE, TYPE_SHIFT, KIND, LIVE, FREE } = State;
const { RECLAIMABLE } = MigrateType;
/** Bytes of a page descriptor (struct page). */
const DESCRIPTOR = 64;

/** A zone: every request is O(orders), claims are O(pages of a pageblock). */
export class LinuxBuddy implements PageAllocator {
  readonly counters: Counters = new Counters();
  readonly pageBytes = PAGE;
  readonly orders: number = TOP + 1;
  private readonly cpus: number;
  private onCpu = 0;
  private readonly rules: LinuxRules;
  private readonly area: FreeArea;
  private readonly rmqueue: Rmqueue;
  private readonly pcp: PerCpuLists | undefined;
  private readonly high: PcpHigh | undefined;
  private readonly growth: Growth;
  private readonly grows: boolean;
  private readonly noFragment: boolean;
  private readonly defrag: boolean;
  private readonly type: number;
  /** Neither per-CPU lists nor watermarks. */
  private readonly plain: boolean;
  /** Whether there are watermarks. */
  private readonly watched: boolean;
  private readonly reserve: HighAtomicReserve;
  private readonly watermark: WatermarkCheck;
  private compaction: DirectCompaction | undefined;

  /** A zone whose pages are all free and MOVABLE. */
  constructor(
    {
      version = "6.12",
      pages = 0,
      noFragment = false,
      defrag = false,
      type = MigrateType.MOVABLE,
      pcp: batch = 0,
      high = 0,
      cpus = 1,
      min = 0,
      cma = 0,
    }: Partial<LinuxSettings> = {},
    source: PageSource = new FlatSource(),
  ) {
    this.rules = LINUX_RULES[version];
    this.growth = new Growth(source, PAGE);
    this.cpus = cpus;
    this.grows = pages === 0;
    this.noFragment = noFragment || defrag;
    this.defrag = defrag;
    this.type = type;
    this.watched = min > 0;
    this.plain = batch === 0 && min === 0 && cma === 0;
    this.area = new FreeArea(
      this.counters,
      batch > 0 ? PerCpuLists.listsOf(cpus) : 0,
      this.rules.mergeRetypes,
    );
    this.rmqueue = new Rmqueue(this.area, this.rules);
    this.reserve = new HighAtomicReserve(this.area, this.rules);
    this.watermark = new WatermarkCheck(this.area, this.reserve, min);
    this.area.addPages(pages, Math.min(cma, pages));
    this.rmqueue.hasCma = cma > 0;
    if (batch === 0) return;
    const { low } = watermarks(min > 0 ? min : usualMin(pages), pages);
    const [lowest, highest] = high > 0
      ? [Math.max(high, 2 * batch), Math.max(high, 2 * batch)]
      : highBounds(pages, { low, cpus, batch });
    this.high = pcpHigh(this.rules, { cpus, batch, lowest, highest });
    this.pcp = new PerCpuLists(
      this.area,
      (order, type, first) =>
        this.rmqueue.refill(order, type, this.noFragment, first),
      { cpus, high: this.high, typeNow: this.rules.drainsByTypeNow },
    );
  }

  /** Requests served by claiming a pageblock of another type. */
  get claims(): number {
    return this.rmqueue.claims;
  }

  /** Requests served from a pageblock that keeps its other type. */
  get steals(): number {
    return this.rmqueue.steals;
  }

  /** Times that free pages fell below the low watermark, from above the high. */
  get wakeups(): number {
    return this.watermark.wakeups;
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
      pfn = this.rmqueue.fallback(order, type, this.noFragment);
      if (pfn === NULL) pfn = this.lastResort(order, type);
      if (pfn === NULL) pfn = this.grown(order, type);
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

  splitPages(pfn: Pfn, order: number, into: number): void {
    const { state } = this.area;
    const s = state[pfn] ?? 0;
    if ((s & ~TYPE) !== (LIVE | order)) throw notLive(pfn * PAGE);
    for (let p = pfn; p < pfn + 2 ** order; p += 2 ** into) {
      state[p] = s & ~ORDER | into;
    }
  }

  /** A second passes for the kernel's statistics, which drain idle lists. */
  second(): void {
    this.pcp?.second();
  }

  /** Moves MOVABLE blocks together until a block of `order` is free. */
  compact(order: number, moved: PageMoved): boolean {
    this.pcp?.drainAll();
    return compact(this.area, this.counters, order, moved);
  }

  /** With `defrag`: compacts before it lets types mix. */
  follow(moved: PageMoved): void {
    this.compaction = new DirectCompaction(this.area, this.counters, moved);
  }

  /** Pageblocks with both live MOVABLE pages and others. O(pages). */
  mixedPageblocks(): number {
    return this.area.mixedPageblocks();
  }

  /** The blocks of a free list, head first. */
  freeList(order: number, type: number): Iterable<Pfn> {
    return this.area.lists.items(order * TYPES + type);
  }

  /** The migratetype of every pageblock. */
  pageblockTypes(): Uint8Array {
    return this.area.pageblockTypes();
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
    const isReserved = (type: number) => type === MigrateType.HIGHATOMIC;
    invariant(
      this.pageblockTypes().filter(isReserved).length ===
        this.reserve.pageblocks,
      "the reserve is miscounted",
    );
  }

  usage(): Usage {
    const { pages } = this.area;
    return {
      ...freeUsage(this.area.blocks(), (order) => 2 ** order * PAGE),
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
    const rows = this.area.blocks().map((blocks, order) => ({
      list: `order ${order}`,
      blocks,
      bytes: blocks * 2 ** order * PAGE,
    }));
    return this.pcp ? [...rows, ...this.pcp.census()] : rows;
  }

  eachCached(visit: CachedVisitor): void {
    this.pcp?.each(visit);
  }

  private livePages(): number {
    return this.area.pages - this.area.freePages - (this.pcp?.pages ?? 0);
  }

  /** The order of the largest block there could ever be. */
  private largestOrder(): number {
    const { pages } = this.area;
    return this.grows ? TOP : Math.min(TOP, 31 - Math.clz32(pages));
  }

  /** With watermarks, per-CPU lists or an atomic request. */
  private allocSpecial(order: number, type: number): Pfn {
    if (!(order >= 0 && order <= TOP)) return NULL;
    const kind = type & 3;
    if (kind > RECLAIMABLE) throw new RangeError(`No type ${type}`);
    if (this.watched && this.high && !this.high.belowHigh) {
      this.high.belowHigh = !this.watermark.isHigh();
    }
    const atomic = type >= ATOMIC;
    let pfn = this.attempt(order, kind, atomic);
    if (pfn === NULL && !atomic) pfn = this.lastResort(order, kind);
    if (pfn === NULL) pfn = this.grown(order, kind);
    if (pfn === NULL) return NULL;
    this.area.state[pfn] = LIVE | (kind << TYPE_SHIFT) | order;
    if (this.watched) this.watermark.count();
    return pfn;
  }

  /** A block by the rules of one try; NULL if they give none. */
  private attempt(
    order: number,
    type: number,
    atomic: boolean,
    noFragment: boolean = this.noFragment,
  ): Pfn {
    if (this.watched && !this.watermark.allows(order, type, atomic)) {
      return NULL;
    }
    const reserves = atomic && order > 0;
    let pfn = NULL;
    if (this.pcp?.holds(order)) {
      const fills = !reserves || this.rules.atomicRefills;
      pfn = this.pcp.take(this.onCpu, order, type, fills);
      if (pfn !== NULL) {
        if (reserves && fills) this.reserve.add(pfn, order);
        return pfn;
      }
    }
    if (reserves) pfn = this.reserve.take(order);
    if (pfn === NULL) {
      const strict = noFragment && !(atomic && this.defrag);
      pfn = this.rmqueue.take(order, type, strict);
    }
    if (!atomic) return pfn;
    if (pfn === NULL) pfn = this.reserve.take(order);
    else if (reserves) this.reserve.add(pfn, order);
    return pfn;
  }

  /** What a request that may wait has left to try. */
  private lastResort(order: number, type: number): Pfn {
    let pfn = NULL;
    const cached = this.pcp?.pages ?? 0;
    this.pcp?.drainAll();
    if (this.reserve.giveUp(type, false) || cached > 0) {
      pfn = this.attempt(order, type, false);
    }
    while (pfn === NULL && this.reserve.giveUp(type, true)) {
      pfn = this.attempt(order, type, false);
    }
    if (pfn !== NULL || !this.defrag) return pfn;
    // for what cannot move whole pageblocks are wanted
    const wanted = type === MigrateType.MOVABLE ? order : PAGEBLOCK_ORDER;
    if (wanted > 0 && this.compaction?.run(wanted)) {
      pfn = this.attempt(order, type, false);
    }
    return pfn === NULL ? this.attempt(order, type, false, false) : pfn;
  }

  /** A block of a zone that grows for it, if it may; else NULL. */
  private grown(order: number, type: number): Pfn {
    const { pages } = this.area;
    if (!this.grows || !this.growth.extend(pages, 1 << TOP)) return NULL;
    this.area.addPages(pages + (1 << TOP));
    return this.rmqueue.take(order, type, this.noFragment);
  }

  private freeSpecial(pfn: Pfn, order: number, type: number): void {
    const { area, high } = this;
    if (this.pcp?.holds(order)) {
      const drained = this.pcp.give(this.onCpu, pfn, order, type);
      if (drained && high!.belowHigh) {
        high!.belowHigh = !this.watermark.isHigh();
      }
    } else if (order > PAGEBLOCK_ORDER && !this.rules.freesTopWhole) {
      // each pageblock by itself: their types may differ
      const half = pfn + (1 << PAGEBLOCK_ORDER);
      area.release(pfn, PAGEBLOCK_ORDER, type);
      area.release(half, PAGEBLOCK_ORDER, area.typeAt(half));
    } else {
      area.release(pfn, order, type);
    }
  }
}
