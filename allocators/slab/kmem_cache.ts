/**
 * A SLUB cache: objects of one size, cut from slabs of pages. What its CPUs
 * keep for themselves depends on the kernel: slabs, or sheaves.
 *
 * Simplified: one node; CPUs take turns, so nothing is contended.
 *
 * @module
 */
import {
  type Address,
  type BlockKind,
  type Counters,
  invariant,
  notLive,
  NULL,
} from "../allocator.ts";
import { PAGE, type PageAllocator, type Pfn } from "../pages.ts";
import { type SlabVisitor, Slot } from "../slab_view.ts";
import type { CpuLayer, ObjectList } from "./cpu_layer.ts";
import { CpuSlabs } from "./cpu_slabs.ts";
import { type CacheOptions, NODE_LIST, NodeSlabs } from "./node_slabs.ts";
import { type SheafCensus, Sheaves } from "./sheaves.ts";
import type { SlabPages } from "./slab_pages.ts";
import { LIVE, Place, type SlabTable } from "./slab_table.ts";
import type { SlubGeometry } from "./slub.ts";
import { SLUB_KERNELS } from "./versions.ts";

/** How many slabs are where. */
export interface SlabCensus {
  /** Slabs held. */
  slabs: number;
  /** On the node's partial list. */
  node: number;
  /** On the partial lists of CPUs. */
  cpuPartial: number;
  /** In use by CPUs. */
  cpu: number;
  /** Without a live object, wherever they are. */
  empty: number;
  /** Objects that /proc/slabinfo calls active: all but those free on the node's list. */
  active: number;
}

/** A cache; `alloc` and `free` are O(1), new and returned slabs O(objects). */
export class KmemCache {
  /** How objects lie in slabs. */
  readonly geometry: SlubGeometry;
  /** The CPU that makes the next requests. */
  cpu = 0;
  /** Live objects. */
  live = 0;
  /** The number of this cache in its directory. */
  readonly number: number;
  private readonly node: NodeSlabs;
  // Of the node: what each free looks at.
  private readonly table: SlabTable;
  private readonly directory: SlabPages;
  private readonly layer: CpuLayer;
  private readonly ownSheaves: Sheaves | undefined;

  /** An empty cache over `pages`. */
  constructor(
    pages: PageAllocator,
    geometry: SlubGeometry,
    options: CacheOptions = {},
  ) {
    const { cpus = 1 } = options;
    this.geometry = geometry;
    this.node = new NodeSlabs(pages, geometry, options);
    this.number = this.node.number;
    this.table = this.node.table;
    this.directory = this.node.directory;
    if (SLUB_KERNELS[geometry.version].sheaf) {
      this.ownSheaves = new Sheaves(this.node, cpus);
    }
    this.layer = this.ownSheaves ?? new CpuSlabs(this.node, cpus);
  }

  /** Work done by the page allocator below and by its caches. */
  get counters(): Counters {
    return this.node.counters;
  }

  /** Slabs held. */
  get slabs(): number {
    return this.node.slabs;
  }

  /** Bytes of the slabs held. */
  get footprint(): number {
    return this.node.footprint;
  }

  /** Objects that the slabs held have room for. */
  get capacity(): number {
    return this.node.capacity;
  }

  /** Free objects that no CPU keeps outside its slabs' own lists. */
  get freeObjects(): number {
    return this.node.freeObjects;
  }

  /** An object; NULL if it needs a slab and there are no pages. */
  alloc(): Address {
    const address = this.layer.alloc(this.cpu);
    if (address !== NULL) this.live++;
    return address;
  }

  /** Takes an object back; `RangeError` if none is live there. */
  free(address: Address): void {
    const pfn = Math.floor(address / PAGE);
    const slab = this.directory.slabOf(pfn, this.number);
    const i = slab === NULL ? NULL : this.table.objectAt(slab, address);
    if (i === NULL) throw notLive(address);
    this.live--;
    this.layer.free(this.cpu, slab, i, address);
  }

  /**
   * Takes an object back when a grace period is over (kfree_rcu); `RangeError`
   * if none is live there.
   */
  freeRcu(address: Address): void {
    const slab = this.slabAt(address);
    const i = this.objectAt(slab, address);
    this.live--;
    this.layer.freeRcu(this.cpu, slab, i, address);
  }

  /** A grace period of RCU is over. */
  gracePeriod(): void {
    this.layer.gracePeriod(this.cpu);
  }

  /** Throws `RangeError` unless a live object starts at `address`. */
  assertLive(address: Address): void {
    this.objectAt(this.slabAt(address), address);
  }

  /** Gives every empty slab back and sorts the node's list, fullest first. */
  shrink(): void {
    this.layer.flush();
    this.node.shrink();
  }

  /** How many slabs are where. O(slabs). */
  census(): SlabCensus {
    const { node } = this;
    const [cpu, cpuPartial] = this.layer.slabs();
    let empty = 0;
    for (const slab of node.table.numbers()) {
      if (node.table.liveIn(slab) === 0) empty++;
    }
    return {
      slabs: node.slabs,
      node: node.partial,
      cpuPartial,
      cpu,
      empty,
      active: node.capacity - node.freeOnNode(),
    };
  }

  /** The lists of free objects: those of CPUs, then the node's. */
  lists(): ObjectList[] {
    const { node } = this;
    const entries = node.freeOf(node.lists.items(NODE_LIST));
    const nodes = { name: "node partial", isCached: false, entries };
    return [...this.layer.lists(), ...entries.length > 0 ? [nodes] : []];
  }

  /** Address of the object with that entry of a list. */
  addressOf(entry: number): Address {
    const { base, size, stride } = this.table;
    return base[Math.floor(entry / stride)]! + entry % stride * size;
  }

  /** Visits every slab of the cache, which is called `name`. */
  eachSlab(name: string, visit: SlabVisitor): void {
    const { table, node } = this;
    for (const slab of table.numbers()) {
      visit({
        kind: "slab",
        of: name,
        start: table.base[slab]!,
        bytes: node.pagesOf(slab) * PAGE,
        place: this.placeOf(slab),
        count: table.objects[slab]!,
        slots: () => this.signsOf(slab),
      });
    }
  }

  /** What is in which sheaves; undefined if the kernel has none. */
  sheaves(): SheafCensus | undefined {
    return this.ownSheaves?.census();
  }

  /** The first page of every slab. */
  slabPages(): Pfn[] {
    const { table } = this;
    return Array.from(table.numbers(), (slab) => table.base[slab]! / PAGE);
  }

  /** Visits the blocks of the slab that `pfn` starts; returns its pages. */
  walkSlab(
    pfn: Pfn,
    visit: (start: Address, bytes: number, kind: BlockKind) => void,
  ): number {
    const { table } = this;
    const slab = this.node.slabOf(pfn);
    const { size, stride } = table;
    const base = table.base[slab]!;
    const n = table.objects[slab]!;
    const cached = this.layer.cachedIn(slab);
    for (let i = 0; i < n; i++) {
      const live = table.next[slab * stride + i] === LIVE;
      const kind = live ? "live" : cached.has(i) ? "cached" : "free";
      visit(base + i * size, size, kind);
    }
    const pages = this.node.pagesOf(slab);
    const tail = pages * PAGE - n * size;
    if (tail > 0) visit(base + n * size, tail, "meta");
    return pages;
  }

  /** Throws InvariantError if the structure contradicts itself. */
  check(): void {
    const live = this.node.check((slab) => this.layer.cachedIn(slab));
    invariant(live === this.live, "live objects are miscounted");
    this.layer.check();
  }

  /** Where a slab is, in words. */
  private placeOf(slab: number): string {
    switch (this.table.place[slab]) {
      case Place.CPU:
        return `CPU ${this.layer.ownerOf(slab)}`;
      case Place.CPU_PARTIAL:
        return `CPU ${this.layer.ownerOf(slab)} partial`;
      case Place.NODE:
        return "node partial";
      default:
        return "full";
    }
  }

  /** A sign of `Slot` for each object of a slab. */
  private signsOf(slab: number): string {
    const { next, stride, objects } = this.table;
    const cached = this.layer.cachedIn(slab);
    let signs = "";
    for (let i = 0; i < objects[slab]!; i++) {
      signs += next[slab * stride + i] === LIVE
        ? Slot.LIVE
        : cached.has(i)
        ? Slot.CACHED
        : Slot.FREE;
    }
    return signs;
  }

  /** The slab around `address`; `RangeError` if there is none. */
  private slabAt(address: Address): number {
    const slab = this.node.slabOf(Math.floor(address / PAGE));
    if (slab === NULL) throw notLive(address);
    return slab;
  }

  /** The live object at `address`; `RangeError` if none starts there. */
  private objectAt(slab: number, address: Address): number {
    const i = this.table.objectAt(slab, address);
    if (i === NULL) throw notLive(address);
    return i;
  }
}
