/**
 * Looks at a jemalloc heap: every byte of it, and whether it is sound.
 *
 * @module
 */
import { type BlockVisitor, invariant } from "../allocator.ts";
import { PAGE } from "../pages.ts";
import type { Arena } from "./arena.ts";
import type { Cache } from "./cache.ts";
import {
  PAGE_CLASS,
  PAGE_CLASSES,
  pageClass,
  REGIONS,
  SMALL,
  SMALL_CLASSES,
} from "./classes.ts";
import type { ExtentSet } from "./extent_set.ts";
import {
  type Extents,
  Holds,
  MAP_WORDS,
  MOST_REGIONS,
  NONE,
  State,
} from "./extents.ts";
import { cachedBlocks, isFree } from "./lists.ts";
import type { Memory } from "./memory.ts";
import type { Slabs } from "./slabs.ts";

/** Visits the mappings in address order. */
export function walkHeap(
  { extents, own }: Memory,
  cache: Cache,
  visit: BlockVisitor,
): void {
  const cached = cachedBlocks(cache);
  const mappings = [
    ...own.flatMap(({ mappings }) => mappings).map(([start, bytes]) => ({
      start,
      bytes,
      head: NONE,
    })),
    ...extents.heads.map((head) => ({
      start: extents.start[head]!,
      bytes: 0,
      head,
    })),
  ].sort((a, b) => a.start - b.start);
  for (const { start, bytes, head } of mappings) {
    if (head === NONE) visit(start, bytes, "meta");
    for (let e = head; e !== NONE; e = extents.above[e]!) walkExtent(e);
  }

  function walkExtent(e: number): void {
    const start = extents.start[e]!;
    const bytes = extents.bytes[e]!;
    const c = extents.holds[e]!;
    if (extents.state[e] !== State.ACTIVE) visit(start, bytes, "free");
    else if (c === Holds.OWN) visit(start, bytes, "meta");
    else if (c === Holds.LARGE) {
      const offset = extents.offset[e]!;
      const kind = cached.has(e * MOST_REGIONS) ? "cached" : "live";
      if (offset > 0) visit(start, offset, "meta");
      visit(start + offset, bytes - PAGE, kind);
      if (offset < PAGE) {
        visit(start + bytes - PAGE + offset, PAGE - offset, "meta");
      }
    } else {
      const size = SMALL[c]!;
      for (let r = 0; r < REGIONS[c]!; r++) {
        const kind = isFree(extents, e, r)
          ? "free"
          : cached.has(e * MOST_REGIONS + r)
          ? "cached"
          : "live";
        visit(start + r * size, size, kind);
      }
    }
  }
}

/** Extents tile their mappings; sets, heaps and maps hold what they count. */
export function checkHeap(
  memory: Memory,
  arenas: readonly Arena[],
  slabs: Slabs,
  cache: Cache,
  live: number,
): void {
  const { extents } = memory;
  let used = 0;
  const listed = new Set<number>();
  for (const arena of arenas) {
    checkSet(arena.dirty, listed, memory);
    checkSet(arena.retained, listed, memory);
  }
  for (const head of extents.heads) {
    invariant(extents.below[head] === NONE, `Extent ${head} is no head`);
    for (let e = head; e !== NONE; e = extents.above[e]!) {
      const above = extents.above[e]!;
      const active = extents.state[e] === State.ACTIVE;
      invariant(
        active !== listed.has(e),
        `Extent ${e}: state and lists differ`,
      );
      if (active) used += blocksIn(extents, e);
      if (above === NONE) continue;
      invariant(extents.below[above] === e, `Extent ${e}: list is torn`);
      invariant(
        extents.start[above] === extents.start[e]! + extents.bytes[e]!,
        `Extent ${e}: a gap above`,
      );
    }
  }
  extents.ages.check();
  for (let c = 0; c < SMALL_CLASSES; c++) {
    let free = 0;
    const current = slabs.current[c]!;
    if (current !== NONE) free += extents.free[current]!;
    for (const slab of slabs.nonfull.all(c)) {
      invariant(slab !== current, `Slab ${slab} is current and in a heap`);
      free += extents.free[slab]!;
      let bits = 0;
      for (let r = 0; r < MOST_REGIONS; r++) {
        bits += extents.map[slab * MAP_WORDS + (r >> 5)]! >>> (r & 31) & 1;
      }
      invariant(bits === extents.free[slab], `Slab ${slab}: ${bits} are free`);
    }
    invariant(free === slabs.free[c], `Class ${c}: ${free} blocks are free`);
  }
  const held = live + cache.count.reduce((sum, n) => sum + n, 0);
  invariant(used === held, `${used} blocks are used, ${held} live or cached`);
}

/** Used blocks in the active extent `e`. */
function blocksIn({ holds, free }: Extents, e: number): number {
  const c = holds[e]!;
  if (c < SMALL_CLASSES) return REGIONS[c]! - free[e]!;
  return c === Holds.LARGE ? 1 : 0;
}

function checkSet(set: ExtentSet, listed: Set<number>, memory: Memory): void {
  const { extents } = memory;
  let bytes = 0;
  for (let i = 0; i < PAGE_CLASSES; i++) {
    const root = set.bins.root[i]!;
    for (const e of set.bins.all(i)) {
      invariant(!listed.has(e), `Extent ${e} is in two heaps`);
      listed.add(e);
      invariant(pageClass(extents.bytes[e]!) === i, `Extent ${e}: wrong bin`);
      invariant(extents.state[e] === set.options.state, `Extent ${e}: state`);
      invariant(
        e === root || extents.precedes(root, e),
        `Extent ${e} precedes the root of its heap`,
      );
      bytes += extents.bytes[e]!;
    }
  }
  invariant(bytes === set.bytes, `A set has ${bytes} bytes, not ${set.bytes}`);
}

/** Bytes of the longest free extent, or of a free block of a slab. */
export function largestFree(
  { extents }: Memory,
  arenas: readonly Arena[],
  { free }: Slabs,
): number {
  let longest = 0;
  for (const { dirty, retained } of arenas) {
    for (const { bins } of [dirty, retained]) {
      let i = PAGE_CLASSES - 1;
      while (i >= 0 && bins.root[i] === NONE) i--;
      if (i < 0 || PAGE_CLASS[i + 1]! < longest) continue;
      for (const e of bins.all(i)) {
        longest = Math.max(longest, extents.bytes[e]!);
      }
    }
  }
  return Math.max(longest, SMALL.findLast((_, c) => free[c]! > 0) ?? 0);
}
