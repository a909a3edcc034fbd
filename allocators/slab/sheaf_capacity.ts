/**
 * How many objects a sheaf holds, and all of them. Facts from Linux 7.2, mm/slub.c.
 *
 * @module
 */
import { kmallocSize } from "./kmalloc_sizes.ts";
import { bySize, SLUB_KERNELS } from "./versions.ts";

/** Bytes of a sheaf before its pointers. */
const HEADER = 32;
const POINTER = 8;
/** A main sheaf and a spare one. */
const SHEAVES_PER_CPU = 2;
/** Full sheaves of a node's barn, and empty ones: at most, as a rule. */
export const BARN_LIMIT = 10;

/** Bytes of a sheaf for `capacity` objects: it is a block of kmalloc. */
export function sheafBytes(capacity: number): number {
  return kmallocSize(HEADER + POINTER * capacity);
}

/**
 * Objects of a sheaf of a cache whose objects lie `size` bytes apart; it fills
 * its block. The creator may ask for at least `wish`, or, with 0, for none.
 */
export function sheafCapacity(size: number, wish?: number): number {
  if (wish === 0) return 0;
  const wanted = bySize(SLUB_KERNELS["7.2"].sheaf!, size);
  const fits = Math.floor((sheafBytes(wanted) - HEADER) / POINTER);
  return Math.max(fits, wish ?? 0);
}

/** What creators ask of their caches' sheaves: at least so many, or none. */
export const SHEAF_WISHES: Readonly<Record<string, number>> = {
  kmem_cache: 0,
  kmem_cache_node: 0,
  maple_node: 32,
};

/** Objects that CPUs and a node keep at most in sheaves of `capacity`, as a rule. */
export function sheafBound(cpus: number, capacity: number): number {
  return (SHEAVES_PER_CPU * cpus + BARN_LIMIT) * capacity;
}
