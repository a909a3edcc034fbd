/**
 * The geometry of the classical SLAB allocator: the 1/8 rule, where the
 * indexes of free objects are kept, and cache colouring.
 *
 * Indexes take one or two bytes per object. They lie in a free object if they
 * fit there and objects have no state to keep while free; else off the slab,
 * in memory of their own, unless the slab's tail has room for them anyway;
 * else at the start of the slab. Facts from Linux 6.1, mm/slab.c.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import { type CacheSpec, roundUp, slubAlign, WORD } from "./slub.ts";

/** Where a slab keeps the indexes of its free objects. */
export type Management = "object" | "off" | "on";

/** How a cache lays its objects out. */
export interface SlabGeometry {
  /** Bytes from one object to the next. */
  size: number;
  /** Order of a slab. */
  order: number;
  /** Objects of a slab. */
  objects: number;
  /** Where the indexes of free objects are. */
  management: Management;
  /** Bytes at the end that hold no object and no index. */
  leftover: number;
  /** Bytes between the first objects of two slabs of different colour. */
  colourOff: number;
  /** Number of colours; 0: every slab begins alike. */
  colours: number;
  /** Objects that a CPU keeps at most. */
  limit: number;
  /** Objects that move between a CPU and the slabs at once. */
  batch: number;
}

const CACHE_LINE = 64;
const MAX_ORDER = 10;
/** Largest order where several objects fit, on machines above 32 MiB. */
const SLAB_MAX_ORDER = 1;
/** Smallest object where indexes are bytes: more do not fit a page. */
const BYTE_INDEXED = 16;
/** Most objects of a slab, by the bytes of an index. */
const MOST_OBJECTS = { 1: 255, 2: 65535 } as const;

/** The geometry of a cache; indexes of `indexBytes` bytes (1 for 4 KiB pages). */
export function slabGeometry(
  spec: CacheSpec,
  indexBytes: 1 | 2 = 1,
): SlabGeometry {
  const align = slubAlign(spec);
  const least = indexBytes === 1 ? BYTE_INDEXED : WORD;
  const size = roundUp(Math.max(roundUp(spec.objectSize, WORD), least), align);
  const colourOff = Math.max(CACHE_LINE, align);
  const placed = (management: Management): SlabGeometry | undefined => {
    const found = smallestOrder(size, management, indexBytes);
    if (!found) return undefined;
    const limit = limitOf(size);
    return {
      size,
      management,
      ...found,
      colourOff,
      colours: Math.floor(found.leftover / colourOff),
      limit,
      batch: Math.ceil(limit / 2),
    };
  };
  const state = spec.ctor || spec.rcu || spec.poison;
  const inObject = state ? undefined : placed("object");
  if (inObject && inObject.objects * indexBytes <= spec.objectSize) {
    return inObject;
  }
  const off = placed("off");
  if (off && off.leftover < off.objects * indexBytes) return off;
  const on = placed("on");
  if (on) return on;
  throw new RangeError(`Objects of ${size} bytes are too large for a slab`);
}

/** The first order that keeps the 1/8 rule, or as far as orders go. */
function smallestOrder(
  size: number,
  management: Management,
  indexBytes: 1 | 2,
): Pick<SlabGeometry, "order" | "objects" | "leftover"> | undefined {
  const each = management === "on" ? size + indexBytes : size;
  let found;
  for (let order = 0; order <= MAX_ORDER; order++) {
    const slab = PAGE << order;
    const objects = Math.floor(slab / each);
    if (objects === 0) continue;
    if (objects > MOST_OBJECTS[indexBytes]) break;
    const leftover = slab - objects * each;
    found = { order, objects, leftover };
    if (order >= SLAB_MAX_ORDER || leftover * 8 <= slab) break;
  }
  return found;
}

/** The length of a CPU's array, by object size. */
function limitOf(size: number): number {
  if (size > 131072) return 1;
  if (size > PAGE) return 8;
  if (size > 1024) return 24;
  return size > 256 ? 54 : 120;
}
