/**
 * The geometry of SLUB caches: how large an object becomes, how many pages a
 * slab has and how many objects it holds.
 *
 * An object is rounded up, gets room for a free pointer where that may not
 * overlay it, and is aligned. The slab's order grows with the number of CPUs
 * and is the smallest whose tail wastes at most 1/16 of it, else 1/8, 1/4,
 * 1/2. Facts from Linux 5.10, 6.1, 6.12 and 7.2, mm/slub.c.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import { sheafCapacity } from "./sheaf_capacity.ts";
import {
  bySize,
  SLUB_KERNELS,
  type SlubRules,
  type SlubVersion,
} from "./versions.ts";

/** What a cache is created with. */
export interface CacheSpec {
  /** Bytes of an object, >= 1. */
  objectSize: number;
  /** The creator's alignment in bytes, a power of two; 0: none. */
  align?: number;
  /** Objects are aligned to cache lines (SLAB_HWCACHE_ALIGN). */
  hwcacheAlign?: boolean;
  /** Objects may be read until an RCU grace period ends (TYPESAFE_BY_RCU). */
  rcu?: boolean;
  /** The free pointer lies inside the object although it is RCU or has a ctor. */
  innerFreePointer?: boolean;
  /** Objects are constructed once per slab. */
  ctor?: boolean;
  /** Freed objects are filled with a pattern (SLAB_POISON). */
  poison?: boolean;
  /** Objects that a sheaf should have at least; 0: the cache has no sheaves. */
  sheafCapacity?: number;
}

/** How a cache lays its objects out. */
export interface SlubGeometry {
  /** Whose rules made it. */
  version: SlubVersion;
  /** Bytes from one object to the next. */
  size: number;
  /** Bytes that the object itself takes, rounded to words. */
  inuse: number;
  /** Where in the object the free pointer lies, in bytes. */
  offset: number;
  /** Alignment of objects in bytes. */
  align: number;
  /** Order of a slab. */
  order: number;
  /** Objects of a slab. */
  objects: number;
  /** Objects that a CPU's partial slabs should offer. */
  cpuPartial: number;
  /** Slabs on a CPU's partial list before it is flushed. */
  cpuPartialSlabs: number;
  /** Partial slabs that a node keeps even when they are empty. */
  minPartial: number;
  /** Objects of a sheaf; 0: there are none. */
  sheafCapacity: number;
}

/** Bytes of a pointer. */
export const WORD = 8;
const CACHE_LINE = 64;
/** Orders above this one are used only where one object needs it. */
export const SLUB_MAX_ORDER = 3;
/** The largest order of the page allocator. */
const MAX_ORDER = 10;
/** A slab counts its objects in 15 bits. */
const MAX_OBJECTS = 32767;

/** The smallest order whose block holds `bytes`; pages have `page` bytes. */
export function getOrder(bytes: number, page: number = PAGE): number {
  return Math.max(0, fls(Math.ceil(bytes / page) - 1));
}

/** Position of the highest set bit, from 1; 0 of 0. */
export function fls(n: number): number {
  return 32 - Math.clz32(n);
}

/** `n` rounded up to a multiple of `unit`. */
export function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}

/** The alignment that a cache gets: the largest of three wishes. */
export function slubAlign(spec: CacheSpec): number {
  let line = WORD;
  if (spec.hwcacheAlign) {
    line = CACHE_LINE;
    while (spec.objectSize <= line / 2) line /= 2;
  }
  return roundUp(Math.max(spec.align ?? 0, line, WORD), WORD);
}

/**
 * The geometry on a machine with `cpus` CPUs (present ones; the possible ones
 * if only one is present). Throws `RangeError` above 4 MiB.
 */
export function slubGeometry(
  spec: CacheSpec,
  cpus: number,
  version: SlubVersion = "6.12",
): SlubGeometry {
  const { objectSize, rcu, innerFreePointer, ctor, poison } = spec;
  const kernel = SLUB_KERNELS[version];
  const inuse = roundUp(objectSize, WORD);
  const align = slubAlign(spec);
  const outside = poison || (!innerFreePointer && (rcu || ctor));
  const size = roundUp(outside ? inuse + WORD : inuse, align);
  const order = slubOrder(size, fls(cpus), kernel.orders);
  const objects = Math.floor((PAGE << order) / size);
  const cpuPartial = bySize(kernel.cpuPartial, size);
  const sheaves = kernel.sheaf && !poison;
  return {
    version,
    size,
    inuse,
    offset: outside ? inuse : Math.floor(objectSize / 2 / WORD) * WORD,
    align,
    order,
    objects,
    cpuPartial,
    cpuPartialSlabs: Math.ceil(2 * cpuPartial / objects),
    minPartial: Math.min(10, Math.max(5, (fls(size) - 1) >> 1)),
    sheafCapacity: sheaves ? sheafCapacity(size, spec.sheafCapacity) : 0,
  };
}

/**
 * The order of slabs for objects of `size` bytes on a machine whose number of
 * CPUs has its highest bit at `cpuBits` and whose pages have `page` bytes.
 * Throws `RangeError` above 1024 pages.
 */
export function slubOrder(
  size: number,
  cpuBits: number,
  rules: SlubRules,
  page: number = PAGE,
): number {
  const fits = Math.max(1, Math.floor((page << SLUB_MAX_ORDER) / size));
  const wanted = Math.min(4 * (cpuBits + 1), fits);
  const order = rules === "new"
    ? newOrder(size, wanted, page)
    : oldOrder(size, wanted, page);
  if (order <= SLUB_MAX_ORDER) return order;
  const whole = getOrder(size, page);
  if (whole <= MAX_ORDER) return whole;
  throw new RangeError(`Objects of ${size} bytes are too large for a slab`);
}

/** From 6.8 on: one start order, growing waste. */
function newOrder(size: number, wanted: number, page: number): number {
  for (let fraction = 16; fraction > 1; fraction /= 2) {
    const order = orderWithin(size, wanted, fraction, page);
    if (order <= SLUB_MAX_ORDER) return order;
  }
  return SLUB_MAX_ORDER + 1;
}

/** Up to 6.6: rather fewer objects than waste above 1/4. */
function oldOrder(size: number, wanted: number, page: number): number {
  for (let objects = wanted; objects > 1; objects--) {
    for (let fraction = 16; fraction >= 4; fraction /= 2) {
      const order = orderWithin(size, objects, fraction, page);
      if (order <= SLUB_MAX_ORDER) return order;
    }
  }
  return orderWithin(size, 1, 1, page);
}

/** The smallest order with room for `objects` and waste <= slab / `fraction`. */
function orderWithin(
  size: number,
  objects: number,
  fraction: number,
  page: number,
): number {
  if (Math.floor(page / size) > MAX_OBJECTS) {
    return getOrder(size * MAX_OBJECTS, page) - 1;
  }
  let order = getOrder(objects * size, page);
  for (; order <= SLUB_MAX_ORDER; order++) {
    const slab = page << order;
    if (slab % size <= Math.floor(slab / fraction)) break;
  }
  return order;
}
