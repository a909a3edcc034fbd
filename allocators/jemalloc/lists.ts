/**
 * The lists of a jemalloc heap, and the extents that its blocks lie in.
 *
 * @module
 */
import type { CensusRow, ListVisitor } from "../allocator.ts";
import { type SlabVisitor, Slot } from "../slab_view.ts";
import type { Arena } from "./arena.ts";
import type { Cache } from "./cache.ts";
import {
  CACHED,
  CAPACITY,
  PAGE_CLASS,
  PAGE_CLASSES,
  REGIONS,
  SMALL,
  SMALL_CLASSES,
} from "./classes.ts";
import {
  type Extents,
  Holds,
  MAP_WORDS,
  MOST_REGIONS,
  NONE,
  State,
} from "./extents.ts";
import type { Memory } from "./memory.ts";
import type { Slabs } from "./slabs.ts";

/** Lists that are not empty: free extents by class, slabs, and the cache. */
export function census(
  { extents }: Memory,
  arenas: readonly Arena[],
  slabs: Slabs,
  cache: Cache,
): CensusRow[] {
  const rows: CensusRow[] = [];
  CACHED.forEach((size, c) => {
    const blocks = cache.count[c]!;
    const most = CAPACITY[c]!;
    rows.push({ list: `tcache[${size}]`, blocks, bytes: blocks * size, most });
  });
  SMALL.forEach((size, c) => {
    const blocks = slabs.free[c]!;
    rows.push({ list: `slabs[${size}]`, blocks, bytes: blocks * size });
  });
  eachExtentList(arenas, (list, members) => {
    let bytes = 0;
    for (const e of members) bytes += extents.bytes[e]!;
    rows.push({ list, blocks: members.length, bytes });
  });
  return rows.filter(({ blocks }) => blocks > 0);
}

/** Visits the blocks of the cache, the newest of a class first. */
export function eachCached(
  { extents }: Memory,
  cache: Cache,
  visit: ListVisitor,
): void {
  CACHED.forEach((size, c) => {
    for (let i = cache.count[c]! - 1; i >= 0; i--) {
      const block = cache.at(c, i);
      const e = block >> 9;
      const within = c < SMALL_CLASSES
        ? block % MOST_REGIONS * size
        : extents.offset[e]!;
      visit(`tcache[${size}]`, extents.start[e]! + within, size);
    }
  });
}

/** Visits the lists of free extents, by class. */
function eachExtentList(
  arenas: readonly Arena[],
  visit: (list: string, extents: readonly number[]) => void,
): void {
  arenas.forEach(({ dirty, retained }, number) => {
    for (const [name, { bins }] of Object.entries({ dirty, retained })) {
      for (let i = 0; i < PAGE_CLASSES; i++) {
        const list = `${number === 0 ? "" : "huge "}${name} extents`;
        visit(`${list}[${PAGE_CLASS[i]}]`, [...bins.all(i)]);
      }
    }
  });
}

/**
 * Visits the free blocks of slabs, those that are used first in front; then
 * free extents. Simplified: in 5.3.0 a slab may be taken before a lower one
 * (`pairing_heaps.ts`), which the order here does not tell.
 */
export function eachBinned(
  { extents }: Memory,
  arenas: readonly Arena[],
  slabs: Slabs,
  visit: ListVisitor,
): void {
  const inOrder = (members: number[]) =>
    members.sort((a, b) => extents.precedes(a, b) ? -1 : 1);
  SMALL.forEach((size, c) => {
    const current = slabs.current[c]!;
    const others = inOrder([...slabs.nonfull.all(c)]);
    for (const slab of current === NONE ? others : [current, ...others]) {
      for (let r = 0; r < REGIONS[c]!; r++) {
        if (!isFree(extents, slab, r)) continue;
        visit(`slabs[${size}]`, extents.start[slab]! + r * size, size);
      }
    }
  });
  eachExtentList(arenas, (list, members) => {
    for (const e of inOrder([...members])) {
      visit(list, extents.start[e]!, extents.bytes[e]!);
    }
  });
}

/** Visits every extent that is not jemalloc's own: slabs, long blocks, free ones. */
export function eachExtent(
  { extents }: Memory,
  slabs: Slabs,
  cache: Cache,
  visit: SlabVisitor,
): void {
  const cached = cachedBlocks(cache);
  const visitOne = (e: number) => {
    const c = extents.holds[e]!;
    const isActive = extents.state[e] === State.ACTIVE;
    if (isActive && c === Holds.OWN) return;
    const isSlab = isActive && c !== Holds.LARGE;
    const bytes = extents.bytes[e]!;
    const huge = extents.arena[e] === 0 ? "" : "huge, ";
    visit({
      kind: isSlab ? "slab" : "extent",
      of: isSlab ? `[${SMALL[c]}]` : "",
      start: extents.start[e]!,
      bytes,
      place: isSlab
        ? slabs.current[c] === e
          ? "current"
          : extents.free[e] === 0
          ? "full"
          : "nonfull"
        : huge + STATES[extents.state[e]!],
      count: isSlab ? REGIONS[c]! : 1,
      slots: () => {
        if (!isActive) return Slot.FREE;
        let signs = "";
        for (let r = 0; r < (isSlab ? REGIONS[c]! : 1); r++) {
          signs += isSlab && isFree(extents, e, r)
            ? Slot.FREE
            : cached.has(e * MOST_REGIONS + r)
            ? Slot.CACHED
            : Slot.LIVE;
        }
        return signs;
      },
    });
  };
  for (const head of extents.heads) {
    for (let e = head; e !== NONE; e = extents.above[e]!) visitOne(e);
  }
}

/** What extents are called that are no slabs, by state. */
const STATES = ["long block", "dirty", "retained"];

/** Whether block `r` of a slab is free. */
export function isFree({ map }: Extents, slab: number, r: number): boolean {
  return (map[slab * MAP_WORDS + (r >> 5)]! >>> (r & 31) & 1) === 1;
}

/** The blocks in the cache. */
export function cachedBlocks(cache: Cache): Set<number> {
  const found = new Set<number>();
  CACHED.forEach((_, c) => {
    for (let i = 0; i < cache.count[c]!; i++) found.add(cache.at(c, i));
  });
  return found;
}
