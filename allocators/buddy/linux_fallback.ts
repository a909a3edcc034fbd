/**
 * What the kernel does when the lists of a migratetype are empty: take pages
 * of another type, and if that is worth it the whole pageblock with them.
 *
 * Claiming goes from the largest blocks down, so that the types mix as rarely
 * as possible; stealing, the last resort, takes the smallest block that fits
 * and leaves the pageblock's type alone. Up to 6.1 both are one step: what is
 * taken changes to the lists of the request first. Facts from Linux 6.1 and
 * 6.12, mm/page_alloc.c.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import type { Pfn } from "../pages.ts";
import {
  type FreeArea,
  MigrateType,
  PAGEBLOCK_ORDER,
  State,
  TOP,
} from "./linux_area.ts";

const { UNMOVABLE, MOVABLE, RECLAIMABLE } = MigrateType;

// Entries 2 * type and 2 * type + 1: the types that may serve `type`, in turn.
const FALLBACKS = Uint8Array.of(
  ...[RECLAIMABLE, MOVABLE], // of UNMOVABLE
  ...[RECLAIMABLE, UNMOVABLE], // of MOVABLE
  ...[UNMOVABLE, MOVABLE], // of RECLAIMABLE
);
/** A MOVABLE request claims no pageblock for a block below this order. */
const MOVABLE_CLAIM_ORDER = 4;
/** Pages, free or of a like type, that make a pageblock worth claiming. */
const CLAIM_PAGES = 256;

/**
 * A block of `order` by claiming a pageblock for `type`; NULL if none may be
 * claimed. With `noFragment` only whole free pageblocks are.
 */
export function claim(
  area: FreeArea,
  order: number,
  type: number,
  noFragment: boolean,
): Pfn {
  const least = noFragment ? Math.max(order, PAGEBLOCK_ORDER) : order;
  for (let current = TOP; current >= least; current--) {
    const other = fallbackWith(area, current, type);
    if (other < 0) continue;
    if (type === MOVABLE && current < MOVABLE_CLAIM_ORDER) break;
    const pfn = area.first(current, other);
    if (current >= PAGEBLOCK_ORDER) {
      area.retype(pfn, current, type);
      area.take(pfn, current, order, type);
      return pfn;
    }
    if (worthClaiming(area, pfn, type)) {
      area.retypePageblock(pfn, type);
      return area.smallest(order, type);
    }
  }
  return NULL;
}

/** A block of `order` out of the smallest block of another type; or NULL. */
export function steal(area: FreeArea, order: number, type: number): Pfn {
  for (let current = order; current <= TOP; current++) {
    const other = fallbackWith(area, current, type);
    if (other < 0) continue;
    const pfn = area.first(current, other);
    area.take(pfn, current, order, other);
    return pfn;
  }
  return NULL;
}

/** What {@linkcode convert} has moved to the lists of the request. */
export const Converted = {
  /** There is no block of another type. */
  NOTHING: 0,
  /** Free blocks; their pageblock keeps its type. */
  BLOCKS: 1,
  /** A pageblock, or more, with its free blocks. */
  PAGEBLOCK: 2,
} as const;

/**
 * The fallback of 6.1: puts free blocks of another type on the lists of
 * `type`, one of `order` or above among them. The largest block is looked for;
 * a MOVABLE request that would find a small one takes the smallest instead.
 */
export function convert(
  area: FreeArea,
  order: number,
  type: number,
  noFragment: boolean,
): number {
  const least = noFragment ? Math.max(order, PAGEBLOCK_ORDER) : order;
  let current = TOP;
  while (current >= least && fallbackWith(area, current, type) < 0) current--;
  if (current < least) return Converted.NOTHING;
  const alone = type === MOVABLE && current < MOVABLE_CLAIM_ORDER;
  if (alone) {
    current = order;
    while (fallbackWith(area, current, type) < 0) current++;
  }
  const pfn = area.first(current, fallbackWith(area, current, type));
  if (current >= PAGEBLOCK_ORDER) {
    area.retype(pfn, current, type);
    area.relink(pfn, type);
    return Converted.PAGEBLOCK;
  }
  if (
    alone || area.sticksOut(pfn) || area.typeAt(pfn) === MigrateType.HIGHATOMIC
  ) {
    area.relink(pfn, type);
    return Converted.BLOCKS;
  }
  // what is free moves even where the pageblock is not worth its claim
  const worth = worthClaiming(area, pfn, type);
  area.movePageblock(pfn, type);
  if (!worth) return Converted.BLOCKS;
  area.blockType[pfn >> PAGEBLOCK_ORDER] = type;
  return Converted.PAGEBLOCK;
}

/** The first fallback of `type` that has a block of `order`; -1 if none has. */
function fallbackWith(area: FreeArea, order: number, type: number): number {
  const first = FALLBACKS[2 * type]!;
  if (area.first(order, first) !== NULL) return first;
  const second = FALLBACKS[2 * type + 1]!;
  return area.first(order, second) !== NULL ? second : -1;
}

/** Whether half of the pageblock around `pfn` is free or alike. */
function worthClaiming(area: FreeArea, pfn: Pfn, type: number): boolean {
  const start = pfn & -(1 << PAGEBLOCK_ORDER);
  const end = start + (1 << PAGEBLOCK_ORDER);
  if (area.sticksOut(pfn)) return false;
  let free = 0;
  let movable = 0;
  for (let p = start; p < end;) {
    const s = area.state[p]!;
    const pages = 1 << (s & State.ORDER);
    const kind = s & State.KIND;
    if (kind === State.FREE) free += pages;
    else if (kind === State.LIVE && s >> State.TYPE_SHIFT === MOVABLE_LIVE) {
      movable += pages;
    }
    p += pages;
  }
  let alike = 0;
  if (type === MOVABLE) alike = movable;
  else if (area.typeAt(pfn) === MOVABLE) alike = end - start - free - movable;
  return free + alike >= CLAIM_PAGES;
}

/** The upper bits of the state of a live MOVABLE block. */
const MOVABLE_LIVE = (State.LIVE >> State.TYPE_SHIFT) | MOVABLE;
