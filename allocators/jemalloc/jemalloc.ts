/**
 * jemalloc, exact to the address, for a program of one thread.
 *
 * Requests up to 14 KiB are blocks of slabs (`slabs.ts`), longer ones have an
 * extent of their own, whose block starts at a random cache line of the first
 * page (`large.ts`). Extents come from an arena (`arena.ts`). What is freed goes
 * to the thread's cache first (`cache.ts`), which a collector shrinks
 * (`collector.ts`). Dirty pages go back to the system with time (`decay.ts`);
 * time is a clock that each operation moves on.
 *
 * Simplified: x86-64, default options but for decay and the kind of collector,
 * no muzzy pages, no background thread.
 *
 * Source: jemalloc 5.3.0 and 5.3.1 as in Debian, observed.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  type CensusRow,
  type Counters,
  type ListVisitor,
  notLive,
  NULL,
  type Usage,
} from "../allocator.ts";
import { AddressTable } from "../freelist/address_table.ts";
import type { Origins } from "../os/layout.ts";
import { PAGE, type PageSource } from "../pages.ts";
import type { SlabVisitor } from "../slab_view.ts";
import { Arena } from "./arena.ts";
import { Cache, NO_BLOCK } from "./cache.ts";
import {
  CACHED_MAX,
  HUGE_MIN,
  LARGE_MAX,
  LARGE_MIN,
  largeCached,
  largeClass,
  largePages,
  SMALL,
  SMALL_CLASSES,
  SMALL_MAX,
  smallClass,
} from "./classes.ts";
import { Collector } from "./collector.ts";
import { Decay } from "./decay.ts";
import { Holds, MOST_REGIONS, NONE } from "./extents.ts";
import { checkHeap, largestFree, walkHeap } from "./inspect.ts";
import { Large, LINE } from "./large.ts";
import { Lcg } from "./lcg.ts";
import { census, eachBinned, eachCached, eachExtent } from "./lists.ts";
import { Memory } from "./memory.ts";
import { inWords, Path } from "./path.ts";
import { Slabs } from "./slabs.ts";
import { Ticker } from "./ticker.ts";

/** Bytes of the extent that holds the thread's cache. */
const CACHE_BYTES = 32_768;
/** What libstdc++ requests before the program begins. */
const EMERGENCY_POOL = 72_704;

/** What depends on how it was built, in bytes. */
export interface Build {
  /** Of its own data, what an arena needs at once. */
  ownUsed: number;
  /** From the start of that to the record of decay. */
  decayRecord: number;
}

/** What distinguishes heaps. */
export interface JemallocOptions {
  /** Whether the rules of 5.3.1 hold, not those of 5.3.0. */
  late: boolean;
  /** Whether dirty pages go back to the system. */
  decays: boolean;
  /** Whether the collector is that of 5.3.1. */
  collectsNear: boolean;
  /** Nanoseconds that pass with each operation. */
  step: number;
  /** What depends on how it was built. */
  build: Build;
  /** Where things lie at the start. */
  origins: Origins;
}

/** A heap; see the parts for the costs of operations. */
export class Jemalloc implements Allocator {
  readonly counters: Counters;
  private readonly memory: Memory;
  private readonly blocks = new AddressTable();
  private readonly arenas: readonly [Arena, Arena];
  private readonly slabs: Slabs;
  private readonly cache: Cache;
  private readonly ticker: Ticker;
  private readonly large: Large;
  private readonly collector: Collector;
  private hasHuge = false;

  /** An empty heap over `source`; `RangeError` if that has no room for its own data. */
  constructor(
    source: PageSource,
    private readonly options: JemallocOptions,
  ) {
    const { late, decays, collectsNear, origins } = options;
    const { ownUsed, decayRecord } = options.build;
    const hints = origins.mappings.map(([start]) => start);
    const memory = this.memory = new Memory(source, hints);
    this.counters = memory.counters;
    const arenas = this.arenas = [0, 1].map((number) =>
      new Arena(memory, { number, late, decays })
    ) as [Arena, Arena];
    const own = memory.own[0]!;
    const caches = own.begin(ownUsed)
      ? arenas[0].take(CACHE_BYTES, PAGE)
      : NONE;
    if (caches === NONE) {
      throw new RangeError("No room for what jemalloc maps at its start");
    }
    memory.extents.holds[caches] = Holds.OWN;
    const lcg = new Lcg(origins.threadLocal);
    const seed = own.mappings[0]![0] + decayRecord;
    this.ticker = new Ticker(
      lcg,
      arenas[0],
      decays ? new Decay(memory, arenas[0], seed) : undefined,
    );
    this.ticker.tick(1);
    this.slabs = new Slabs(memory, arenas[0], late);
    this.cache = new Cache(
      memory.extents.start[caches]!,
      memory,
      this.slabs,
      this.ticker,
      collectsNear,
    );
    this.large = new Large(memory, lcg, this.ticker);
    this.collector = new Collector(
      memory,
      this.slabs,
      this.cache,
      collectsNear,
    );
    this.takePool();
  }

  malloc(size: number): Address {
    this.begin();
    const block = this.allocate(size, size >= HUGE_MIN);
    return this.handOut(block);
  }

  calloc(size: number): Address {
    const address = this.malloc(size);
    if (address === NULL) return NULL;
    const { path, source } = this.memory;
    const clean = Path.RETAINED | Path.MAPPED;
    if ((path & Path.LARGE) === 0 || (path & clean) === 0) {
      source.touch(address, this.usableSize(address));
    }
    return address;
  }

  memalign(alignment: number, size: number): Address {
    this.begin();
    if (!Number.isInteger(Math.log2(alignment))) return this.refused();
    if (size <= SMALL_MAX && alignment <= PAGE) {
      const least = this.options.late ? Math.max(size, 1) : size;
      const rounded = Math.ceil(least / alignment) * alignment;
      if (rounded <= SMALL_MAX) {
        return this.handOut(this.cache.take(smallClass(rounded)));
      }
    }
    const usable = size <= LARGE_MIN ? LARGE_MIN : this.roundedUp(size);
    const huge = usable >= HUGE_MIN;
    return this.handOut(this.takeLarge(usable, alignment, huge));
  }

  free(address: Address): void {
    const block = this.blocks.take(address);
    if (block === NO_BLOCK) throw notLive(address);
    this.begin();
    const usable = this.usableOf(block);
    this.memory.allocated -= usable;
    this.release(block, usable);
    this.collector.freed(usable);
  }

  realloc(address: Address, _oldSize: number, size: number): Address {
    const block = this.blockAt(address);
    this.begin();
    const { memory, collector } = this;
    const old = this.usableOf(block);
    if (size > LARGE_MAX) return this.refused();
    const isSmall = size <= SMALL_MAX;
    const usable = isSmall ? SMALL[smallClass(size)]! : this.roundedUp(size);
    const wasSmall = old <= SMALL_MAX;
    if (
      isSmall ? usable === old : !wasSmall &&
        this.large.resize(this.arenaOf(block), extentOf(block), usable)
    ) {
      memory.path |= Path.IN_PLACE;
      this.ticker.tick(1, this.arenaOf(block));
      memory.allocated += usable - old;
      collector.allocated(usable);
      collector.freed(old);
      return address;
    }
    const next = isSmall || wasSmall
      ? this.allocate(size, usable >= HUGE_MIN)
      : this.takeLarge(usable, LINE, usable >= HUGE_MIN);
    if (next === NO_BLOCK) return this.refused();
    const to = this.hold(next, usable);
    const bytes = Math.min(old, usable);
    memory.source.move(address, to, bytes);
    memory.counters.bytesMoved += bytes;
    memory.path |= Path.MOVED;
    this.blocks.take(address);
    memory.allocated -= old;
    this.release(block, old);
    collector.allocated(usable);
    collector.freed(old);
    return to;
  }

  usableSize(address: Address): number {
    return this.usableOf(this.blockAt(address));
  }

  idle(): void {
    this.memory.now += this.options.step;
  }

  get footprint(): number {
    return this.memory.footprint;
  }

  explain(): string {
    return inWords(this.memory.path);
  }

  usage(): Usage {
    const { memory } = this;
    const { allocated, cached, footprint } = memory;
    const lengths = memory.free.usage();
    return {
      ...lengths,
      allocated,
      cached,
      metadata: footprint - allocated - cached - lengths.free,
      footprint,
      largestFree: largestFree(memory, this.arenas, this.slabs),
      largestServeable: Infinity,
      side: 0,
    };
  }

  walk(visit: BlockVisitor): void {
    walkHeap(this.memory, this.cache, visit);
  }

  check(): void {
    checkHeap(
      this.memory,
      this.arenas,
      this.slabs,
      this.cache,
      this.blocks.size,
    );
  }

  census(): CensusRow[] {
    return census(this.memory, this.arenas, this.slabs, this.cache);
  }

  eachCached(visit: ListVisitor): void {
    eachCached(this.memory, this.cache, visit);
  }

  eachBinned(visit: ListVisitor): void {
    eachBinned(this.memory, this.arenas, this.slabs, visit);
  }

  eachSlab(visit: SlabVisitor): void {
    eachExtent(this.memory, this.slabs, this.cache, visit);
  }

  private begin(): void {
    this.memory.path = 0;
    this.memory.now += this.options.step;
  }

  private refused(): Address {
    this.memory.path |= Path.REFUSED;
    return NULL;
  }

  /** What a large request of `size` bytes is rounded up to. */
  private roundedUp(size: number): number {
    return this.options.late ? largePages(size) : largeClass(size);
  }

  /** A block for `size` bytes; {@linkcode NO_BLOCK} if there is no memory. */
  private allocate(size: number, huge: boolean): number {
    if (size <= SMALL_MAX) return this.cache.take(smallClass(size));
    if (size > LARGE_MAX) return NO_BLOCK;
    const usable = this.roundedUp(size);
    if (usable <= CACHED_MAX) {
      const block = this.cache.pop(largeCached(usable));
      if (block !== NO_BLOCK) {
        this.memory.path |= Path.CACHE;
        return block;
      }
    }
    return this.takeLarge(usable, LINE, huge);
  }

  /** A new block with an extent of its own; {@linkcode NO_BLOCK}. */
  private takeLarge(usable: number, alignment: number, huge: boolean): number {
    if (usable > LARGE_MAX || huge && !this.prepareHuge()) return NO_BLOCK;
    const arena = this.arenas[huge ? 1 : 0];
    return this.large.take(arena, usable, alignment) * MOST_REGIONS;
  }

  /** The arena of huge blocks is made when it is first needed. */
  private prepareHuge(): boolean {
    if (!this.hasHuge) {
      this.hasHuge = this.memory.own[1]!.begin(this.options.build.ownUsed);
    }
    this.memory.path |= Path.HUGE;
    return this.hasHuge;
  }

  /** Gives a new block to the program, and lets the collector count it. */
  private handOut(block: number): Address {
    if (block === NO_BLOCK) return this.refused();
    const usable = this.usableOf(block);
    const address = this.hold(block, usable);
    this.collector.allocated(usable);
    return address;
  }

  /** Notes a new live block; its address. */
  private hold(block: number, usable: number): Address {
    const { extents } = this.memory;
    const e = extentOf(block);
    const within = usable <= SMALL_MAX
      ? (block - e * MOST_REGIONS) * usable
      : extents.offset[e]!;
    const address = extents.start[e]! + within;
    this.blocks.set(address, block);
    this.memory.allocated += usable;
    return address;
  }

  /** Frees a block that is live no more. */
  private release(block: number, usable: number): void {
    if (usable <= SMALL_MAX) this.cache.push(smallClass(usable), block);
    else if (usable <= CACHED_MAX) this.cache.push(largeCached(usable), block);
    else {
      const arena = this.arenaOf(block);
      arena.give(extentOf(block));
      this.ticker.tick(1, arena);
    }
  }

  private usableOf(block: number): number {
    const { extents } = this.memory;
    const e = extentOf(block);
    const c = extents.holds[e]!;
    return c < SMALL_CLASSES ? SMALL[c]! : extents.bytes[e]! - PAGE;
  }

  private arenaOf(block: number): Arena {
    return this.arenas[this.memory.extents.arena[extentOf(block)]!]!;
  }

  private blockAt(address: Address): number {
    const block = this.blocks.get(address);
    if (block === NO_BLOCK) throw notLive(address);
    return block;
  }

  /** libstdc++ takes memory for exceptions at its start, for good. */
  private takePool(): void {
    const block = this.allocate(EMERGENCY_POOL, false);
    if (block === NO_BLOCK) return;
    this.memory.extents.holds[extentOf(block)] = Holds.OWN;
    this.collector.allocated(this.roundedUp(EMERGENCY_POOL));
    this.memory.path = 0;
  }
}

/** The extent of a block. */
function extentOf(block: number): number {
  return block >> 9;
}
