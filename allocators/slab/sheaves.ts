/**
 * Sheaves, as in Linux 7.2: arrays of free objects that CPUs use as stacks.
 *
 * A CPU pops from its main sheaf and pushes on it. If that cannot be, it swaps
 * it with its spare one or with one of the node's barn. If the barn has no full
 * sheaf, one is refilled from the slabs on the node's partial list, then from
 * new ones; if it has all it may have, the spare is flushed to the slabs. What
 * kfree_rcu frees is collected in a sheaf of its own, which goes to the barn
 * when it is full and a grace period is over. Facts from Linux 7.2, mm/slub.c.
 * Simplified: the sheaves' own memory costs nothing; a refill that finds too
 * little memory is undone, and one object is taken from the slabs.
 *
 * @module
 */
import { type Address, invariant, NULL } from "../allocator.ts";
import { longer } from "../longer.ts";
import type { CpuLayer, ObjectList } from "./cpu_layer.ts";
import type { NodeSlabs } from "./node_slabs.ts";
import { BARN_LIMIT } from "./sheaf_capacity.ts";
import { CACHED, END, LIVE, Place, type SlabTable } from "./slab_table.ts";

/** Objects of other slabs that end the search for more of the same slab. */
const PASSED = 3;

/** Objects in the sheaves of a cache. */
export interface SheafCensus {
  /** In the main sheaves of the CPUs. */
  main: number[];
  /** In the spare ones; -1: there is none. */
  spare: number[];
  /** In those that kfree_rcu fills; -1: there is none. */
  rcu: number[];
  /** Full sheaves in the barn. */
  full: number;
  /** Empty ones. */
  empty: number;
}

/** The sheaves of one cache. */
export class Sheaves implements CpuLayer {
  private readonly node: NodeSlabs;
  private readonly table: SlabTable;
  private readonly capacity: number;
  // Sheaf s has the objects s * capacity + k, 0 <= k < fill[s]: their entries
  // of `table.next`, and their addresses.
  private entry: Int32Array<ArrayBuffer> = new Int32Array(0);
  private address: Float64Array<ArrayBuffer> = new Float64Array(0);
  private fill: Int32Array<ArrayBuffer> = new Int32Array(0);
  // One sheaf per CPU; NULL: none.
  private readonly main: Int32Array;
  private readonly spare: Int32Array;
  private readonly rcu: Int32Array;
  // The barn: the last is the head. `waiting`: full, for the grace period.
  private readonly full: number[] = [];
  private readonly empty: number[] = [];
  private waiting: number[] = [];
  /** Numbers of sheaves that have been freed. */
  private readonly unused: number[] = [];
  private used = 0;

  /** Every CPU has an empty main sheaf. */
  constructor(node: NodeSlabs, cpus: number) {
    this.node = node;
    this.table = node.table;
    this.capacity = node.geometry.sheafCapacity;
    this.grow(2 * cpus);
    this.main = Int32Array.from({ length: cpus }, () => this.newSheaf());
    this.spare = new Int32Array(cpus).fill(NULL);
    this.rcu = new Int32Array(cpus).fill(NULL);
  }

  alloc(cpu: number): Address {
    const { table } = this;
    if (this.fill[this.main[cpu]!] === 0 && !this.load(cpu)) {
      return this.single();
    }
    const sheaf = this.main[cpu]!;
    const k = sheaf * this.capacity + --this.fill[sheaf]!;
    table.next[this.entry[k]!] = LIVE;
    return this.address[k]!;
  }

  free(cpu: number, slab: number, i: number, address: Address): void {
    if (this.fill[this.main[cpu]!] === this.capacity) {
      if (this.capacity === 0) return this.freeSingle(slab, i);
      this.unload(cpu);
    }
    this.put(this.main[cpu]!, slab, i, address);
  }

  freeRcu(cpu: number, slab: number, i: number, address: Address): void {
    if (this.rcu[cpu] === NULL) {
      const spare = this.spare[cpu]!;
      if (spare !== NULL && this.fill[spare] === 0) {
        this.rcu[cpu] = spare;
        this.spare[cpu] = NULL;
      } else this.rcu[cpu] = this.emptySheaf();
    }
    const sheaf = this.rcu[cpu]!;
    this.put(sheaf, slab, i, address);
    if (this.fill[sheaf] !== this.capacity) return;
    this.waiting.push(sheaf);
    this.rcu[cpu] = NULL;
  }

  gracePeriod(): void {
    for (const sheaf of this.waiting) {
      if (this.full.length < BARN_LIMIT) this.full.push(sheaf);
      else {
        this.flushSheaf(sheaf);
        if (this.empty.length < BARN_LIMIT) this.empty.push(sheaf);
        else this.unused.push(sheaf);
      }
    }
    this.waiting = [];
  }

  flush(): void {
    for (let cpu = 0; cpu < this.main.length; cpu++) {
      for (const own of [this.spare, this.rcu]) {
        if (own[cpu] !== NULL) this.drop(own[cpu]!);
        own[cpu] = NULL;
      }
      this.flushSheaf(this.main[cpu]!);
    }
    for (const sheaf of this.waiting.splice(0)) this.drop(sheaf);
    for (const sheaf of this.full.splice(0).reverse()) this.drop(sheaf);
    for (const sheaf of this.empty.splice(0)) this.drop(sheaf);
  }

  cachedIn(slab: number): Set<number> {
    return new Set(this.table.marked(slab, CACHED));
  }

  slabs(): [number, number] {
    return [0, 0];
  }

  lists(): ObjectList[] {
    const { capacity } = this;
    if (capacity === 0) return [];
    const found: ObjectList[] = [];
    const add = (name: string, sheaves: readonly number[], most = capacity) => {
      // The object put in last is handed out first.
      const entries = sheaves.flatMap((s) =>
        Array.from(
          this.entry.subarray(s * capacity, s * capacity + this.fill[s]!),
        ).reverse()
      );
      found.push({ name, isCached: true, entries, most });
    };
    this.main.forEach((main, cpu) => {
      const [spare, rcu] = [this.spare[cpu]!, this.rcu[cpu]!];
      add(`CPU ${cpu} main sheaf`, [main]);
      if (spare !== NULL) add(`CPU ${cpu} spare sheaf`, [spare]);
      if (rcu !== NULL) add(`CPU ${cpu} RCU sheaf`, [rcu]);
    });
    add("barn", this.full.toReversed(), BARN_LIMIT * capacity);
    if (this.waiting.length > 0) {
      add("waiting for RCU", this.waiting, this.waiting.length * capacity);
    }
    return found;
  }

  ownerOf(): number {
    return NULL;
  }

  /** How many objects are in which sheaves. */
  census(): SheafCensus {
    const objects = (sheaves: Int32Array) =>
      Array.from(sheaves, (s) => s === NULL ? -1 : this.fill[s]!);
    return {
      main: objects(this.main),
      spare: objects(this.spare),
      rcu: objects(this.rcu),
      full: this.full.length,
      empty: this.empty.length,
    };
  }

  check(): void {
    const { table } = this;
    const own = [...this.main, ...this.spare, ...this.rcu]
      .filter((sheaf) => sheaf !== NULL);
    const whole = [...this.full, ...this.waiting];
    const all = [...own, ...whole, ...this.empty, ...this.unused];
    invariant(new Set(all).size === this.used, "a sheaf is lost");
    invariant(all.length === this.used, "a sheaf is in two places");
    for (const sheaf of whole) {
      invariant(this.fill[sheaf] === this.capacity, "a sheaf is not full");
    }
    for (const sheaf of [...this.empty, ...this.unused]) {
      invariant(this.fill[sheaf] === 0, "a sheaf is not empty");
    }
    const seen = new Set<number>();
    for (let sheaf = 0; sheaf < this.used; sheaf++) {
      const from = sheaf * this.capacity;
      for (let k = from; k < from + this.fill[sheaf]!; k++) {
        const entry = this.entry[k]!;
        const slab = Math.floor(entry / table.stride);
        const i = entry - slab * table.stride;
        const address = table.base[slab]! + i * table.size;
        invariant(this.address[k] === address, "an address is wrong");
        invariant(table.next[entry] === CACHED, "a live object is cached");
        seen.add(entry);
      }
    }
    let cached = 0;
    for (const slab of table.numbers()) cached += this.cachedIn(slab).size;
    invariant(seen.size === cached, "a cached object is in no sheaf");
  }

  /** Gives `cpu`, whose main sheaf is empty, one with objects. */
  private load(cpu: number): boolean {
    const { main, spare } = this;
    const old = main[cpu]!;
    const other = spare[cpu]!;
    this.node.counters.searchSteps++;
    if (other !== NULL && this.fill[other]! > 0) {
      main[cpu] = other;
      spare[cpu] = old;
      return true;
    }
    const full = this.full.pop();
    if (full !== undefined) {
      main[cpu] = full;
      this.empty.push(old);
      return true;
    }
    if (this.capacity === 0) return false;
    const sheaf = other === NULL ? this.emptySheaf() : other;
    spare[cpu] = NULL;
    if (!this.refill(sheaf)) {
      this.flushSheaf(sheaf);
      spare[cpu] = sheaf;
      return false;
    }
    main[cpu] = sheaf;
    spare[cpu] = old;
    return true;
  }

  /** Gives `cpu`, whose main sheaf is full, one with room. */
  private unload(cpu: number): void {
    const { main, spare } = this;
    const old = main[cpu]!;
    const other = spare[cpu]!;
    this.node.counters.searchSteps++;
    if (other === NULL) {
      spare[cpu] = old;
      main[cpu] = this.emptySheaf();
    } else if (this.fill[other]! < this.capacity) {
      spare[cpu] = old;
      main[cpu] = other;
    } else if (this.full.length < BARN_LIMIT) {
      this.full.push(old);
      main[cpu] = this.emptySheaf();
    } else {
      this.flushSheaf(other);
      spare[cpu] = old;
      main[cpu] = other;
    }
  }

  /** Fills an empty sheaf from the slabs; false if there are no pages. */
  private refill(sheaf: number): boolean {
    const { node, capacity } = this;
    const { objects, inuse } = node.table;
    const taken: number[] = [];
    for (let sum = 0; sum < capacity;) {
      const slab = node.takeFirst();
      if (slab === NULL) break;
      sum += objects[slab]! - inuse[slab]!;
      taken.push(slab);
    }
    for (const slab of taken) {
      this.take(sheaf, slab);
      node.settle(slab, true);
    }
    while (this.fill[sheaf]! < capacity) {
      const slab = node.newSlab();
      if (slab === NULL) return false;
      this.take(sheaf, slab);
      node.settle(slab, false);
    }
    return true;
  }

  /** Moves free objects of a slab to a sheaf until one of them has no more. */
  private take(sheaf: number, slab: number): void {
    const { node, capacity } = this;
    const { base, size, stride } = node.table;
    while (this.fill[sheaf]! < capacity) {
      const at = node.pop(slab);
      if (at === END) break;
      const i = at - slab * stride;
      this.put(sheaf, slab, i, base[slab]! + i * size);
    }
  }

  /** Puts a free object on top of a sheaf. */
  private put(sheaf: number, slab: number, i: number, address: Address): void {
    const { table } = this;
    const at = slab * table.stride + i;
    const k = sheaf * this.capacity + this.fill[sheaf]!++;
    table.next[at] = CACHED;
    this.entry[k] = at;
    this.address[k] = address;
  }

  /**
   * Empties a sheaf into the slabs. The last object takes along those of its
   * slab that are found below it; what is passed over moves up.
   */
  private flushSheaf(sheaf: number): void {
    const { capacity, entry } = this;
    const { stride } = this.table;
    const from = sheaf * capacity;
    for (let end = from + this.fill[sheaf]!; end > from;) {
      const slab = Math.floor(entry[end - 1]! / stride);
      let first = end - 1; // objects first .. end - 1 are of that slab
      for (let k = first - 1, passed = 0; k >= from; k--) {
        const at = entry[k]!;
        if (Math.floor(at / stride) === slab) {
          first--;
          entry[k] = entry[first]!;
          entry[first] = at;
        } else if (++passed === PASSED) break;
      }
      this.freeGroup(slab, first, end);
      end = first;
    }
    this.fill[sheaf] = 0;
  }

  /** Objects `first` .. `end` - 1 go back to their slab, the first in front. */
  private freeGroup(slab: number, first: number, end: number): void {
    const { node, entry } = this;
    const { place, stride } = node.table;
    const full = place[slab] !== Place.NODE;
    for (let k = end - 1; k >= first; k--) {
      node.push(slab, entry[k]! - slab * stride);
    }
    if (!node.leaves(slab) && full) node.settle(slab, true);
  }

  /** An object goes back to its slab, past all sheaves. */
  private freeSingle(slab: number, i: number): void {
    const { node } = this;
    const full = node.table.place[slab] !== Place.NODE;
    node.push(slab, i);
    if (!node.leaves(slab) && full) node.settle(slab, true);
  }

  /** An object from the slabs, past all sheaves; NULL if there are no pages. */
  private single(): Address {
    const { node } = this;
    const { table, lists } = node;
    let slab = node.lists.first(0);
    if (slab === NULL) {
      slab = node.newSlab();
      if (slab === NULL) return NULL;
      node.settle(slab, false);
    }
    const at = node.pop(slab);
    table.next[at] = LIVE;
    if (table.freelist[slab] === END) {
      lists.remove(0, slab);
      node.settle(slab, false);
    }
    return table.base[slab]! + (at - slab * table.stride) * table.size;
  }

  /** An empty sheaf: the barn's, else a new one. */
  private emptySheaf(): number {
    return this.empty.pop() ?? this.newSheaf();
  }

  private newSheaf(): number {
    const sheaf = this.unused.pop() ?? this.used++;
    if (sheaf === this.fill.length) this.grow(2 * sheaf);
    return sheaf;
  }

  /** Room for `sheaves` sheaves. */
  private grow(sheaves: number): void {
    this.fill = longer(this.fill, sheaves);
    this.entry = longer(this.entry, sheaves * this.capacity);
    this.address = longer(this.address, sheaves * this.capacity);
  }

  /** Empties a sheaf and frees it. */
  private drop(sheaf: number): void {
    this.flushSheaf(sheaf);
    this.unused.push(sheaf);
  }
}
