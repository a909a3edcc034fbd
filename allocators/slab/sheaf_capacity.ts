/**
 * How many objects a sheaf holds. Facts from Linux 7.2, mm/slub.c.
 *
 * @module
 */
import { kmallocSize } from "./kmalloc_sizes.ts";
import { bySize, SLUB_KERNELS } from "./versions.ts";

/** Bytes of a sheaf before its pointers. */
const HEADER = 32;
const POINTER = 8;

/** Bytes of a sheaf for `capacity` objects: it is a block of kmalloc. */
export function sheafBytes(capacity: number): number {
  return kmallocSize(HEADER + POINTER * capacity);
}

/**
 * Objects of a sheaf of a cache whose objects lie `size` bytes apart, where
 * the creator asks for at least `least`; it fills its block.
 */
export function sheafCapacity(size: number, least = 0): number {
  const wanted = bySize(SLUB_KERNELS["7.2"].sheaf!, size);
  const fits = Math.floor((sheafBytes(wanted) - HEADER) / POINTER);
  return Math.max(fits, least);
}
