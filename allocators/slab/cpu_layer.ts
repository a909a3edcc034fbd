/**
 * What the CPUs of a machine keep of a cache for themselves, between its users
 * and its slabs: slabs of their own up to Linux 6.12, sheaves in 7.2.
 *
 * @module
 */
import type { Address } from "../allocator.ts";

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
  /** Throws InvariantError if the structure contradicts itself. */
  check(): void;
}
