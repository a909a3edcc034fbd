/**
 * CPU slabs, as up to Linux 6.12: an object comes from the CPU's own slab, last
 * freed first; when that is used up, from a slab on the CPU's partial list, from
 * the node's partial list (its head), or from a new slab. A full slab that gets
 * a free goes to the CPU's partial list; when that is full, all of it moves to
 * the tail of the node's. Facts from Linux 6.1 and 6.12, mm/slub.c.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import type { CpuLayer, ObjectList } from "./cpu_layer.ts";
import type { NodeSlabs } from "./node_slabs.ts";
import { CACHED, END, LIVE, Place, type SlabTable } from "./slab_table.ts";

/** The slabs that CPUs have for themselves. */
export class CpuSlabs implements CpuLayer {
  private readonly node: NodeSlabs;
  private readonly table: SlabTable;
  // One entry per CPU: its slab (NULL: none), first object of its freelist.
  private readonly slab: Int32Array;
  private readonly freelist: Int32Array;
  /** Objects that wait for a grace period, as entries of `table.next`. */
  private waiting: number[] = [];

  /** No CPU has a slab yet. */
  constructor(node: NodeSlabs, cpus: number) {
    this.node = node;
    this.table = node.table;
    this.slab = new Int32Array(cpus).fill(NULL);
    this.freelist = new Int32Array(cpus).fill(END);
  }

  alloc(cpu: number): Address {
    if (this.freelist[cpu]! === END && !this.load(cpu)) return NULL;
    const { table } = this;
    const slab = this.slab[cpu]!;
    const i = this.freelist[cpu]!;
    const at = slab * table.stride + i;
    this.freelist[cpu] = table.next[at]!;
    table.next[at] = LIVE;
    return table.base[slab]! + i * table.size;
  }

  free(cpu: number, slab: number, i: number): void {
    const { table } = this;
    if (slab === this.slab[cpu]!) {
      table.next[slab * table.stride + i] = this.freelist[cpu]!;
      this.freelist[cpu] = i;
      return;
    }
    this.node.push(slab, i);
    const place = table.place[slab]!;
    if (place === Place.FULL) this.toPartial(cpu, slab, true);
    else if (place === Place.NODE) this.node.leaves(slab);
  }

  freeRcu(_cpu: number, slab: number, i: number): void {
    const { table } = this;
    const at = slab * table.stride + i;
    table.next[at] = CACHED;
    this.waiting.push(at);
  }

  gracePeriod(cpu: number): void {
    const { stride } = this.table;
    for (const at of this.waiting) {
      this.free(cpu, Math.floor(at / stride), at % stride);
    }
    this.waiting = [];
  }

  flush(): void {
    for (let cpu = 0; cpu < this.slab.length; cpu++) {
      if (this.slab[cpu] !== NULL) this.unload(cpu);
      this.flushPartial(cpu);
    }
  }

  cachedIn(slab: number): Set<number> {
    const { table } = this;
    const objects = new Set(table.marked(slab, CACHED));
    for (let cpu = 0; cpu < this.slab.length; cpu++) {
      if (this.slab[cpu] !== slab) continue;
      for (const i of table.chain(slab, this.freelist[cpu]!)) objects.add(i);
    }
    return objects;
  }

  slabs(): [number, number] {
    const cpu = this.slab.filter((slab) => slab !== NULL).length;
    const all = this.node.lists.length.reduce((sum, n) => sum + n, 0);
    return [cpu, all - this.node.partial];
  }

  lists(): ObjectList[] {
    const { table, node } = this;
    const found: ObjectList[] = [];
    const add = (name: string, isCached: boolean, entries: number[]) =>
      found.push({ name, isCached, entries });
    for (let cpu = 0; cpu < this.slab.length; cpu++) {
      const slab = this.slab[cpu]!;
      if (slab !== NULL) {
        add(`CPU ${cpu}`, true, table.entries(slab, this.freelist[cpu]!));
        // What other CPUs freed: used when the CPU's own list is empty.
        const theirs = table.entries(slab, table.freelist[slab]!);
        if (theirs.length > 0) add(`CPU ${cpu} freed elsewhere`, false, theirs);
      }
      const partial = [...node.lists.items(cpu + 1)];
      if (partial.length === 0) continue;
      add(`CPU ${cpu} partial`, false, node.freeOf(partial));
    }
    if (this.waiting.length > 0) add("waiting for RCU", true, this.waiting);
    return found;
  }

  ownerOf(slab: number): number {
    const cpu = this.slab.indexOf(slab);
    if (cpu >= 0) return cpu;
    return this.slab.findIndex((_, cpu) => {
      for (const one of this.node.lists.items(cpu + 1)) {
        if (one === slab) return true;
      }
      return false;
    });
  }

  check(): void {}

  /** Gives `cpu`, whose freelist is used up, a slab with free objects. */
  private load(cpu: number): boolean {
    const { node } = this;
    const { table, lists } = node;
    const old = this.slab[cpu]!;
    node.counters.searchSteps++;
    if (old !== NULL) {
      if (table.freelist[old] !== END) {
        this.activate(cpu, old); // what other CPUs freed
        return true;
      }
      table.place[old] = Place.FULL;
      this.slab[cpu] = NULL;
    }
    const list = cpu + 1;
    let slab = lists.first(list);
    if (slab !== NULL) {
      lists.remove(list, slab);
    } else {
      slab = this.fromNode(cpu);
      if (slab === NULL) slab = node.newSlab();
      if (slab === NULL) return false;
    }
    this.activate(cpu, slab);
    return true;
  }

  /** The first slab of the node's list; more move to the CPU's list. */
  private fromNode(cpu: number): number {
    const slab = this.node.takeFirst();
    if (slab === NULL) return NULL;
    const more = Math.floor(this.node.geometry.cpuPartialSlabs / 2) + 1;
    for (let n = 0; n < more; n++) {
      const next = this.node.takeFirst();
      if (next === NULL) break;
      this.toPartial(cpu, next, false);
    }
    return slab;
  }

  /** The slab's free objects become the CPU's freelist. */
  private activate(cpu: number, slab: number): void {
    const { table } = this;
    this.slab[cpu] = slab;
    table.place[slab] = Place.CPU;
    this.freelist[cpu] = table.freelist[slab]!;
    table.freelist[slab] = END;
    this.node.freeObjects -= table.objects[slab]! - table.inuse[slab]!;
    table.inuse[slab] = table.objects[slab]!;
  }

  /** The CPU's freelist goes back to its slab, and the slab to the node. */
  private unload(cpu: number): void {
    const { table } = this;
    const slab = this.slab[cpu]!;
    const remote = table.freelist[slab] !== END;
    const own = [...table.chain(slab, this.freelist[cpu]!)];
    for (const i of own) this.node.push(slab, i);
    this.slab[cpu] = NULL;
    this.freelist[cpu] = END;
    if (!this.node.leaves(slab)) this.node.settle(slab, remote);
  }

  /** A slab joins the CPU's partial list; if `drain`, a full list makes way. */
  private toPartial(cpu: number, slab: number, drain: boolean): void {
    const { lists, geometry, table } = this.node;
    const list = cpu + 1;
    if (drain && lists.length[list]! >= geometry.cpuPartialSlabs) {
      this.flushPartial(cpu);
    }
    table.place[slab] = Place.CPU_PARTIAL;
    lists.push(list, slab);
  }

  /** The CPU's partial slabs, the latest first, go to the node. */
  private flushPartial(cpu: number): void {
    const { lists } = this.node;
    const list = cpu + 1;
    for (
      let slab = lists.first(list);
      slab !== NULL;
      slab = lists.first(list)
    ) {
      lists.remove(list, slab);
      if (!this.node.leaves(slab)) this.node.settle(slab, true);
    }
  }
}
