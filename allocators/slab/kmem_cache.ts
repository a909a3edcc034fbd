/**
 * A SLUB cache: objects of one size, cut from slabs of pages.
 *
 * An object comes from the CPU's own slab, last freed first; when that is used
 * up, from a slab on the CPU's partial list, from the node's partial list (its
 * head), or from a new slab. A full slab that gets a free goes to the CPU's
 * partial list; when that is full, all of it moves to the tail of the node's.
 * A slab goes back to the page allocator only when it is empty and the node
 * has enough partial ones. Facts from Linux 6.12, mm/slub.c. Simplified: one
 * node; CPUs take turns, so nothing is contended.
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
import { IndexLists } from "../index_lists.ts";
import { PAGE, type PageAllocator, type Pfn } from "../pages.ts";
import { SlabPages } from "./slab_pages.ts";
import { END, LIVE, Place, SlabTable } from "./slab_table.ts";
import { getOrder, type SlubGeometry } from "./slub.ts";

/** The node's partial list; the list of CPU c is number c + 1. */
const NODE_LIST = 0;

/** What a cache may be told beside its geometry. */
export interface CacheOptions {
  /** The directory shared with other caches; default: its own. */
  directory?: SlabPages;
  /** CPUs with a slab of their own. */
  cpus?: number;
  /** Migratetype of its pages. */
  type?: number;
  /** Draws in [0, 1): new slabs hand objects out in a shuffled order. */
  draw?: (() => number) | undefined;
}

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
}

/** A cache; `alloc` and `free` are O(1), new and returned slabs O(objects). */
export class KmemCache {
  /** Work done by the page allocator below and by its caches. */
  readonly counters: Counters;
  /** How objects lie in slabs. */
  readonly geometry: SlubGeometry;
  /** The number of this cache in its directory. */
  readonly number: number;
  /** The CPU that makes the next requests. */
  cpu = 0;
  /** Live objects. */
  live = 0;
  /** Slabs held. */
  slabs = 0;
  /** Bytes of the slabs held. */
  footprint = 0;
  /** Objects that the slabs held have room for. */
  capacity = 0;
  /** Free objects that no CPU's freelist holds. */
  freeObjects = 0;
  private readonly pages: PageAllocator;
  private readonly directory: SlabPages;
  private readonly type: number;
  // One entry per CPU: its slab (NULL: none), first object of its freelist.
  private readonly cpuSlab: Int32Array;
  private readonly cpuFree: Int32Array;
  private readonly table: SlabTable;
  private readonly lists: IndexLists;

  /** An empty cache over `pages`. */
  constructor(
    pages: PageAllocator,
    geometry: SlubGeometry,
    { directory = new SlabPages(), cpus = 1, type = 0, draw }: CacheOptions =
      {},
  ) {
    this.pages = pages;
    this.counters = pages.counters;
    this.geometry = geometry;
    this.directory = directory;
    this.number = directory.addCache();
    this.type = type;
    this.table = new SlabTable(geometry.objects, geometry.size, draw);
    this.cpuSlab = new Int32Array(cpus).fill(NULL);
    this.cpuFree = new Int32Array(cpus).fill(END);
    this.lists = new IndexLists(cpus + 1);
  }

  /** An object; NULL if it needs a slab and there are no pages. */
  alloc(): Address {
    const { cpu } = this;
    if (this.cpuFree[cpu]! === END && !this.load(cpu)) return NULL;
    const slab = this.cpuSlab[cpu]!;
    const i = this.cpuFree[cpu]!;
    const at = slab * this.geometry.objects + i;
    this.cpuFree[cpu] = this.table.next[at]!;
    this.table.next[at] = LIVE;
    this.live++;
    return this.table.base[slab]! + i * this.geometry.size;
  }

  /** Takes an object back; `RangeError` if none is live there. */
  free(address: Address): void {
    const slab = this.slabAt(address);
    const i = this.objectAt(slab, address);
    const at = slab * this.geometry.objects + i;
    const { cpu } = this;
    this.live--;
    if (slab === this.cpuSlab[cpu]!) {
      this.table.next[at] = this.cpuFree[cpu]!;
      this.cpuFree[cpu] = i;
      return;
    }
    this.table.next[at] = this.table.freelist[slab]!;
    this.table.freelist[slab] = i;
    this.table.inuse[slab]!--;
    this.freeObjects++;
    const place = this.table.place[slab]!;
    if (place === Place.FULL) this.toCpuPartial(cpu, slab, true);
    else if (
      place === Place.NODE && this.table.inuse[slab] === 0 && this.enough
    ) {
      this.lists.remove(NODE_LIST, slab);
      this.discard(slab);
    }
  }

  /** Throws `RangeError` unless a live object starts at `address`. */
  assertLive(address: Address): void {
    this.objectAt(this.slabAt(address), address);
  }

  /** Gives every empty slab back and sorts the node's list, fullest first. */
  shrink(): void {
    for (let cpu = 0; cpu < this.cpuSlab.length; cpu++) {
      if (this.cpuSlab[cpu] !== NULL) this.unload(cpu);
      this.flush(cpu);
    }
    const partial = [...this.lists.items(NODE_LIST)];
    for (const slab of partial) this.lists.remove(NODE_LIST, slab);
    partial.sort((a, b) => this.table.inuse[b]! - this.table.inuse[a]!);
    for (const slab of partial) {
      if (this.table.inuse[slab] === 0) this.discard(slab);
      else this.lists.append(NODE_LIST, slab);
    }
  }

  /** How many slabs are where. O(slabs). */
  census(): SlabCensus {
    const census: SlabCensus = {
      slabs: this.slabs,
      node: this.lists.length[NODE_LIST]!,
      cpuPartial: 0,
      cpu: this.cpuSlab.reduce((n, slab) => n + Number(slab !== NULL), 0),
      empty: 0,
    };
    for (let list = 1; list < this.lists.length.length; list++) {
      census.cpuPartial += this.lists.length[list]!;
    }
    for (const slab of this.table.numbers()) {
      if (this.table.liveIn(slab) === 0) census.empty++;
    }
    return census;
  }

  /** The first page of every slab. */
  slabPages(): Pfn[] {
    const { base } = this.table;
    return Array.from(this.table.numbers(), (n) => base[n]! / PAGE);
  }

  /** Visits the blocks of the slab that `pfn` starts; returns its pages. */
  walkSlab(
    pfn: Pfn,
    visit: (start: Address, bytes: number, kind: BlockKind) => void,
  ): number {
    const slab = this.directory.slabOf(pfn, this.number);
    const { size, objects } = this.geometry;
    const base = this.table.base[slab]!;
    const n = this.table.objects[slab]!;
    const cached = new Set(this.cpuFreelist(slab));
    for (let i = 0; i < n; i++) {
      const live = this.table.next[slab * objects + i] === LIVE;
      const kind = live ? "live" : cached.has(i) ? "cached" : "free";
      visit(base + i * size, size, kind);
    }
    const pages = this.pages.pagesOf(this.table.order[slab]!);
    const tail = pages * PAGE - n * size;
    if (tail > 0) visit(base + n * size, tail, "meta");
    return pages;
  }

  /** Throws InvariantError if the structure contradicts itself. */
  check(): void {
    let [slabs, live, free, capacity] = [0, 0, 0, 0];
    this.lists.check();
    for (let slab = 0; slab < this.table.used; slab++) {
      const place = this.table.place[slab]!;
      if (place === Place.NONE) continue;
      const cached = [...this.cpuFreelist(slab)].length;
      slabs++;
      capacity += this.table.objects[slab]!;
      live += this.table.liveIn(slab);
      free += this.table.check(slab, cached);
    }
    const listed = this.lists.length.reduce((n, length) => n + length, 0);
    const placed =
      this.table.place.subarray(0, this.table.used).filter((place) =>
        place === Place.NODE || place === Place.CPU_PARTIAL
      ).length;
    invariant(listed === placed, "partial slabs are miscounted");
    invariant(slabs === this.slabs, "slabs are miscounted");
    invariant(live === this.live, "live objects are miscounted");
    invariant(free === this.freeObjects, "free objects are miscounted");
    invariant(capacity === this.capacity, "objects are miscounted");
  }

  /** The slab around `address`; `RangeError` if there is none. */
  private slabAt(address: Address): number {
    const pfn = Math.floor(address / PAGE);
    const slab = this.directory.slabOf(pfn, this.number);
    if (slab === NULL) throw notLive(address);
    return slab;
  }

  /** The live object at `address`; `RangeError` if none starts there. */
  private objectAt(slab: number, address: Address): number {
    const i = this.table.objectAt(slab, address);
    if (i === NULL) throw notLive(address);
    return i;
  }

  /** Whether the node has so many partial slabs that empty ones may go. */
  private get enough(): boolean {
    return this.lists.length[NODE_LIST]! >= this.geometry.minPartial;
  }

  /** Gives `cpu`, whose freelist is used up, a slab with free objects. */
  private load(cpu: number): boolean {
    const old = this.cpuSlab[cpu]!;
    this.counters.searchSteps++;
    if (old !== NULL) {
      if (this.table.freelist[old] !== END) {
        this.activate(cpu, old); // what other CPUs freed
        return true;
      }
      this.table.place[old] = Place.FULL;
      this.cpuSlab[cpu] = NULL;
    }
    const list = cpu + 1;
    let slab = this.lists.first(list);
    if (slab !== NULL) {
      this.lists.remove(list, slab);
    } else {
      slab = this.fromNode(cpu);
      if (slab === NULL) slab = this.newSlab();
      if (slab === NULL) return false;
    }
    this.activate(cpu, slab);
    return true;
  }

  /** The first slab of the node's list; more move to the CPU's list. */
  private fromNode(cpu: number): number {
    const slab = this.lists.first(NODE_LIST);
    if (slab === NULL) return NULL;
    this.lists.remove(NODE_LIST, slab);
    const more = Math.floor(this.geometry.cpuPartialSlabs / 2) + 1;
    for (let n = 0; n < more; n++) {
      const next = this.lists.first(NODE_LIST);
      if (next === NULL) break;
      this.lists.remove(NODE_LIST, next);
      this.toCpuPartial(cpu, next, false);
    }
    return slab;
  }

  /** The slab's free objects become the CPU's freelist. */
  private activate(cpu: number, slab: number): void {
    this.cpuSlab[cpu] = slab;
    this.table.place[slab] = Place.CPU;
    this.cpuFree[cpu] = this.table.freelist[slab]!;
    this.table.freelist[slab] = END;
    this.freeObjects -= this.table.objects[slab]! - this.table.inuse[slab]!;
    this.table.inuse[slab] = this.table.objects[slab]!;
  }

  /** The CPU's freelist goes back to its slab, and the slab to the node. */
  private unload(cpu: number): void {
    const slab = this.cpuSlab[cpu]!;
    const remote = this.table.freelist[slab] !== END;
    const own = [...this.table.chain(slab, this.cpuFree[cpu]!)];
    for (const i of own) {
      this.table.next[slab * this.geometry.objects + i] = this.table
        .freelist[slab]!;
      this.table.freelist[slab] = i;
    }
    this.table.inuse[slab]! -= own.length;
    this.freeObjects += own.length;
    this.cpuSlab[cpu] = NULL;
    this.cpuFree[cpu] = END;
    this.toNode(slab, remote);
  }

  /** A slab joins the CPU's partial list; if `drain`, a full list makes way. */
  private toCpuPartial(cpu: number, slab: number, drain: boolean): void {
    const list = cpu + 1;
    const most = this.geometry.cpuPartialSlabs;
    if (drain && this.lists.length[list]! >= most) this.flush(cpu);
    this.table.place[slab] = Place.CPU_PARTIAL;
    this.lists.push(list, slab);
  }

  /** The CPU's partial slabs, the latest first, go to the node. */
  private flush(cpu: number): void {
    const list = cpu + 1;
    for (
      let slab = this.lists.first(list);
      slab !== NULL;
      slab = this.lists.first(list)
    ) {
      this.lists.remove(list, slab);
      this.toNode(slab, true);
    }
  }

  /** Puts a slab on the node's list, or gives it back. */
  private toNode(slab: number, atTail: boolean): void {
    if (this.table.freelist[slab] === END) {
      this.table.place[slab] = Place.FULL;
    } else if (this.table.inuse[slab] === 0 && this.enough) {
      this.discard(slab);
    } else {
      this.table.place[slab] = Place.NODE;
      if (atTail) this.lists.append(NODE_LIST, slab);
      else this.lists.push(NODE_LIST, slab);
    }
  }

  /** A slab from the page allocator, or NULL. */
  private newSlab(): number {
    const { geometry } = this;
    let order = geometry.order;
    let pfn = this.pages.allocPages(order, this.type);
    if (pfn === NULL && getOrder(geometry.size) < order) {
      order = getOrder(geometry.size); // a small slab is better than none
      pfn = this.pages.allocPages(order, this.type);
    }
    if (pfn === NULL) return NULL;
    const pages = this.pages.pagesOf(order);
    const fit = Math.floor(pages * PAGE / geometry.size);
    const n = Math.min(geometry.objects, fit);
    const slab = this.table.add(pfn * PAGE, order, n);
    this.lists.grow(this.table.place.length);
    this.directory.set(pfn, pages, this.number, slab);
    this.slabs++;
    this.footprint += pages * PAGE;
    this.capacity += n;
    this.freeObjects += n;
    return slab;
  }

  /** Gives an empty slab back. */
  private discard(slab: number): void {
    const pfn = this.table.base[slab]! / PAGE;
    const order = this.table.order[slab]!;
    const pages = this.pages.pagesOf(order);
    this.table.remove(slab);
    this.directory.set(pfn, pages, 0, 0);
    this.slabs--;
    this.footprint -= pages * PAGE;
    this.capacity -= this.table.objects[slab]!;
    this.freeObjects -= this.table.objects[slab]!;
    this.pages.freePages(pfn, order);
  }

  /** The objects of a slab on CPUs' freelists. */
  private *cpuFreelist(slab: number): Generator<number> {
    for (let cpu = 0; cpu < this.cpuSlab.length; cpu++) {
      if (this.cpuSlab[cpu] !== slab) continue;
      yield* this.table.chain(slab, this.cpuFree[cpu]!);
    }
  }
}
