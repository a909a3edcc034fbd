/**
 * What the CPUs of a machine keep of a cache for themselves, between its users
 * and its slabs: slabs of their own up to Linux 6.12, sheaves in 7.2.
 *
 * @module
 */
import type { Address } from "../allocator.ts";

/** Free objects in the order in which they are handed out. */
export interface ObjectList {
  /** `CPU 0 partial`, `barn`. */
  name: string;
  /** Whether they are kept out of their slabs' own lists. */
  isCached: boolean;
  /** Entries of `table.next`. */
  entries: number[];
  /** Objects that it can hold, where that is limited. */
  most?: number;
}

/** What CPUs keep; `alloc` and `free` are O(1) as a rule. */
export interface CpuLayer {
  /** An object for `cpu`, marked as live; NULL if there are no pages. */
  alloc(cpu: number): Address;
  /** Takes back object `i` of `slab`, at `address`, which was live. */
  free(cpu: number, slab: number, i: number, address: Address): void;
  /** As `free`, when a grace period of RCU is over (kfree_rcu). */
  freeRcu(cpu: number, slab: number, i: number, address: Address): void;
  /** A grace period of RCU is over; `cpu` does the work. */
  gracePeriod(cpu: number): void;
  /** All that CPUs keep goes to the slabs. */
  flush(): void;
  /** Free objects of the slab that CPUs keep. */
  cachedIn(slab: number): ReadonlySet<number>;
  /** Slabs in use by CPUs, and on their partial lists. */
  slabs(): [cpu: number, cpuPartial: number];
  /** The lists of free objects that CPUs take from. O(objects on them). */
  lists(): ObjectList[];
  /** The CPU that the slab, which is not on the node's list, belongs to. */
  ownerOf(slab: number): number;
  /** Throws InvariantError if the structure contradicts itself. */
  check(): void;
}
