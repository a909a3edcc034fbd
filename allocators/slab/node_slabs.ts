/**
 * The slabs of a cache below its CPUs: they come from the page allocator, wait
 * on the node's partial list while some objects are free, and go back when they
 * are empty and the node has enough partial ones. Simplified: one node.
 *
 * @module
 */
import { type Counters, invariant, NULL } from "../allocator.ts";
import { IndexLists } from "../index_lists.ts";
import { PAGE, type PageAllocator } from "../pages.ts";
import { SlabPages } from "./slab_pages.ts";
import { END, Place, SlabTable } from "./slab_table.ts";
import { getOrder, type SlubGeometry } from "./slub.ts";

/** The node's partial list; other lists are the CPUs'. */
export const NODE_LIST = 0;
/** Free objects up to which shrinking sorts a slab. */
const SORTED = 32;

/** What a cache may be told beside its geometry. */
export interface CacheOptions {
  /** The directory shared with other caches; default: its own. */
  directory?: SlabPages;
  /** CPUs that make requests. */
  cpus?: number;
  /** Migratetype of its pages. */
  type?: number;
  /** Draws in [0, 1): new slabs hand objects out in a shuffled order. */
  draw?: (() => number) | undefined;
}

/** Slabs; every call is O(1) but for new slabs and what says so. */
export class NodeSlabs {
  /** Work done by the page allocator below and by its caches. */
  readonly counters: Counters;
  /** How objects lie in slabs. */
  readonly geometry: SlubGeometry;
  /** Which page is in which slab. */
  readonly directory: SlabPages;
  /** The number of the cache in its directory. */
  readonly number: number;
  /** What is free in which slab. */
  readonly table: SlabTable;
  /** Partial slabs: the node's list, then one for each CPU. */
  readonly lists: IndexLists;
  /** Slabs held. */
  slabs = 0;
  /** Bytes of the slabs held. */
  footprint = 0;
  /** Objects that the slabs held have room for. */
  capacity = 0;
  /** Objects on the slabs' own freelists. */
  freeObjects = 0;
  private readonly pages: PageAllocator;
  private readonly type: number;

  /** No slabs yet. */
  constructor(
    pages: PageAllocator,
    geometry: SlubGeometry,
    { directory = new SlabPages(), cpus = 1, type = 0, draw }: CacheOptions,
  ) {
    this.pages = pages;
    this.counters = pages.counters;
    this.geometry = geometry;
    this.directory = directory;
    this.number = directory.addCache();
    this.type = type;
    this.table = new SlabTable(geometry.objects, geometry.size, draw);
    this.lists = new IndexLists(cpus + 1);
  }

  /** Slabs on the node's partial list. */
  get partial(): number {
    return this.lists.length[NODE_LIST]!;
  }

  /** The slab that `pfn` is a page of; NULL if there is none. */
  slabOf(pfn: number): number {
    return this.directory.slabOf(pfn, this.number);
  }

  /** Pages of a slab. */
  pagesOf(slab: number): number {
    return this.pages.pagesOf(this.table.order[slab]!);
  }

  /** The head of the node's list, taken off it; NULL if that is empty. */
  takeFirst(): number {
    const slab = this.lists.first(NODE_LIST);
    if (slab !== NULL) this.lists.remove(NODE_LIST, slab);
    return slab;
  }

  /**
   * The first object of the slab's own freelist, as an entry of `table.next`;
   * END if it has none. It counts as in use; its link is not valid any more.
   */
  pop(slab: number): number {
    const { table } = this;
    const i = table.freelist[slab]!;
    if (i === END) return END;
    const at = slab * table.stride + i;
    table.freelist[slab] = table.next[at]!;
    table.inuse[slab]!++;
    this.freeObjects--;
    return at;
  }

  /** Puts an object of a slab in front of the slab's own freelist. */
  push(slab: number, i: number): void {
    const { table } = this;
    table.next[slab * table.stride + i] = table.freelist[slab]!;
    table.freelist[slab] = i;
    table.inuse[slab]!--;
    this.freeObjects++;
  }

  /** Whether the slab, of which objects were freed, was given back for it. */
  leaves(slab: number): boolean {
    if (this.table.inuse[slab] !== 0) return false;
    if (this.partial < this.geometry.minPartial) return false;
    if (this.table.place[slab] === Place.NODE) {
      this.lists.remove(NODE_LIST, slab);
    }
    this.discard(slab);
    return true;
  }

  /** Puts a slab, which is on no list, on the node's if it has free objects. */
  settle(slab: number, atTail: boolean): void {
    const { table } = this;
    if (table.freelist[slab] === END) {
      table.place[slab] = Place.FULL;
      return;
    }
    table.place[slab] = Place.NODE;
    if (atTail) this.lists.append(NODE_LIST, slab);
    else this.lists.push(NODE_LIST, slab);
  }

  /** A slab from the page allocator, on no list; or NULL. O(objects). */
  newSlab(): number {
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

  /**
   * Gives every empty slab of the node's list back and sorts the others,
   * fullest first; of equal ones the last comes first. Those with more than 32
   * free objects stay behind, in their order. O(slabs log slabs).
   */
  shrink(): void {
    const { table } = this;
    const free = (slab: number) => table.objects[slab]! - table.inuse[slab]!;
    const partial = [...this.lists.items(NODE_LIST)];
    for (const slab of partial) this.lists.remove(NODE_LIST, slab);
    const left = partial.filter((slab) => table.inuse[slab] !== 0);
    const sorted = left.filter((slab) => free(slab) <= SORTED).reverse()
      .sort((a, b) => free(a) - free(b));
    const behind = left.filter((slab) => free(slab) > SORTED);
    for (const slab of partial) {
      if (table.inuse[slab] === 0) this.discard(slab);
    }
    for (const slab of [...sorted, ...behind]) this.settle(slab, true);
  }

  /** The objects on the own freelists of `slabs`, as entries of `table.next`. */
  freeOf(slabs: Iterable<number>): number[] {
    const { table } = this;
    const found: number[] = [];
    for (const slab of slabs) {
      found.push(...table.entries(slab, table.freelist[slab]!));
    }
    return found;
  }

  /** Free objects of the slabs on the node's list. O(slabs). */
  freeOnNode(): number {
    const { objects, inuse } = this.table;
    let free = 0;
    for (const slab of this.lists.items(NODE_LIST)) {
      free += objects[slab]! - inuse[slab]!;
    }
    return free;
  }

  /**
   * Throws InvariantError if the structure contradicts itself, given how many
   * free objects of a slab its CPUs keep; returns the live objects.
   */
  check(cachedIn: (slab: number) => ReadonlySet<number>): number {
    const { table } = this;
    let [slabs, live, free, capacity] = [0, 0, 0, 0];
    this.lists.check();
    for (const slab of table.numbers()) {
      slabs++;
      capacity += table.objects[slab]!;
      live += table.liveIn(slab);
      free += table.check(slab, cachedIn(slab).size);
    }
    const listed = this.lists.length.reduce((n, length) => n + length, 0);
    const placed =
      table.place.subarray(0, table.used).filter((place) =>
        place === Place.NODE || place === Place.CPU_PARTIAL
      ).length;
    invariant(listed === placed, "partial slabs are miscounted");
    invariant(slabs === this.slabs, "slabs are miscounted");
    invariant(free === this.freeObjects, "free objects are miscounted");
    invariant(capacity === this.capacity, "objects are miscounted");
    return live;
  }

  /** Gives an empty slab, which is on no list, back. */
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
}
