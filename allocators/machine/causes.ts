/**
 * What keeps memory that nobody uses from going back to the layer below, layer
 * by layer and region by region.
 *
 * - pool: objects on its lists; nothing pins them, the pool never gives back.
 * - heap: a cached chunk is kept by the list it is on; a free chunk by the
 *   chunk above it, because the break can only fall from the top; the last one
 *   by the heap's own threshold. Arenas besides main shrink from their own
 *   tops: their causes begin with `arena 2`, and what is last in a segment that
 *   another one follows is kept by that one.
 * - pages: what is not in use on a resident page is kept by the first live
 *   block there, else by the first cached one; a page without either is kept
 *   because nobody asked for it back (`malloc_trim`).
 * - slab: an object that is not in use by the first live one in its slab; of an
 *   empty slab, by the cache.
 * - buddy: the free pages of an aligned block of the top order by the first
 *   page in use there, whoever's that is.
 *
 * All O(blocks) or O(pages), and nothing is kept between calls.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  NULL,
  type Place,
} from "../allocator.ts";
import { PAGE } from "../pages.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

/** A region that is not in use and not given back, and what keeps it. */
export interface Cause {
  /** `pool`, `heap`, `pages`, `slab` or `buddy`; of a process: `shell.heap`. */
  layer: string;
  /** What keeps it, in the layer's terms. */
  kind: string;
  /** Where that is: a virtual address; of slab and buddy a physical one. */
  address: Address;
  /** Bytes that are kept. */
  bytes: number;
}

/** The list of each cached block, by its first byte. */
export type Lists = ReadonlyMap<Address, string>;

/** Every cause of a machine. */
export function causesOf(machine: Machine): Cause[] {
  return [
    ...machine.processes.flatMap((process) => {
      const lists = listsOf(process.malloc);
      return [
        ...poolCauses(process),
        ...heapCauses(process, lists),
        ...pageCauses(process, lists),
      ];
    }),
    ...slabCauses(machine),
    ...buddyCauses(machine),
  ];
}

/** Runs of objects in a pool that are not live; sums to its cached, free and tail bytes. */
export function poolCauses({ name, pool }: Process): Cause[] {
  const causes: Cause[] = [];
  let end = NULL;
  pool?.alone.walk((start, bytes, kind) => {
    if (kind === "live") return;
    const last = causes.at(-1);
    if (last && start === end) last.bytes += bytes;
    else {
      const layer = `${name}.pool`;
      causes.push({ layer, kind: "pool", address: start, bytes });
    }
    end = start + bytes;
  });
  return causes;
}

/** Cached and free blocks of a heap; sums to its cached and free bytes. */
export function heapCauses(
  { name, malloc }: Process,
  lists: Lists = listsOf(malloc),
): Cause[] {
  const layer = `${name}.heap`;
  const causes: Cause[] = [];
  const arenas = new Arenas(malloc);
  let below: Cause | undefined; // a free block waiting for the one above
  let end = NULL;
  malloc.walk((start, bytes, kind) => {
    if (below && (start !== end || arenas.beginsAt(start))) below = undefined;
    if (below && kind !== "meta") {
      const word = kind === "live" ? "live block" : lists.get(start) ?? kind;
      below.kind = arenas.nameAt(start) + word;
      below.address = start;
      below = undefined;
    }
    end = start + bytes;
    if (kind === "cached") {
      const list = arenas.nameAt(start) + (lists.get(start) ?? kind);
      causes.push({ layer, kind: list, address: start, bytes });
    } else if (kind === "free") {
      const last = arenas.isLast(start) ? "top" : "later heap";
      const kept = arenas.nameAt(start) + last;
      below = { layer, kind: kept, address: start, bytes };
      causes.push(below);
    }
  });
  return causes;
}

/** What is not in use on resident pages of the heap, page by page. */
export function pageCauses(
  { name, os, malloc }: Process,
  lists: Lists = listsOf(malloc),
): Cause[] {
  const layer = `${name}.pages`;
  const arenas = new Arenas(malloc);
  const pages = new Map<number, Cause & { rank: number }>();
  malloc.walk((start, bytes, kind) => {
    if (kind === "meta" || kind === "foreign") return;
    const arena = arenas.nameAt(start);
    const [rank, word] = kind === "live"
      ? [2, "live block"]
      : kind === "cached"
      ? [1, lists.get(start) ?? kind]
      : [0, "free page"];
    for (let at = start; at < start + bytes;) {
      const page = Math.floor(at / PAGE);
      const stop = Math.min(start + bytes, (page + 1) * PAGE);
      const held = os.residentBytesIn(at, stop - at);
      if (held > 0) {
        let cause = pages.get(page);
        if (!cause) {
          const address = rank > 0 ? start : page * PAGE;
          cause = { layer, kind: arena + word, address, bytes: 0, rank };
          pages.set(page, cause);
        } else if (rank > cause.rank) {
          Object.assign(cause, { kind: arena + word, address: start, rank });
        }
        if (rank < 2) cause.bytes += held;
      }
      at = stop;
    }
  });
  return [...pages.values()].filter(({ bytes }) => bytes > 0)
    .map(({ layer, kind, address, bytes }) => ({
      layer,
      kind,
      address,
      bytes,
    }));
}

/** Objects not in use, slab by slab; sums to cached and free bytes of the caches. */
export function slabCauses({ caches }: Machine): Cause[] {
  const causes: Cause[] = [];
  for (const cache of caches) {
    for (const pfn of cache.slabPages()) {
      const address = pfn * PAGE;
      const cause = { layer: "slab", kind: "empty slab", address, bytes: 0 };
      cache.walkSlab(pfn, (start, length, kind) => {
        if (kind === "free" || kind === "cached") cause.bytes += length;
        else if (kind === "live" && cause.kind !== "live object") {
          cause.kind = "live object";
          cause.address = start;
        }
      });
      if (cause.bytes > 0) causes.push(cause);
    }
  }
  return causes;
}

/** Free pages in aligned blocks of the top order that are partly in use. */
export function buddyCauses(machine: Machine): Cause[] {
  const { zone, processes } = machine;
  const block = zone.pagesOf(zone.orders - 1);
  const ownerOf = frameOwners(machine);
  const names = [
    "slab",
    "page table",
    ...processes.map(({ name }) => `page of ${name}`),
  ];
  const causes: Cause[] = [];
  let cause: Cause | undefined;
  zone.walkPages((pfn, order, kind) => {
    if (pfn % block === 0) {
      cause = { layer: "buddy", kind: "", address: pfn * PAGE, bytes: 0 };
      causes.push(cause);
    }
    if (kind !== "live") cause!.bytes += zone.pagesOf(order) * PAGE;
    else if (cause!.kind === "") {
      cause!.kind = names[ownerOf[pfn]!]!;
      cause!.address = pfn * PAGE;
    }
  });
  return causes.filter(({ kind, bytes }) => kind !== "" && bytes > 0);
}

/** Per frame in use: 0 slab, 1 page table, 2 + i process i. */
function frameOwners({ zone, processes }: Machine): Int32Array {
  const owners = new Int32Array(zone.footprint / PAGE);
  processes.forEach(({ os }, i) => {
    os.eachTableFrame((pfn) => owners[pfn] = 1);
    os.eachFrame((pfn) => owners[pfn] = 2 + i);
  });
  return owners;
}

/** The list of each cached block of `heap`, by its first byte: which one, not whose. */
export function listsOf(heap: Allocator): Lists {
  const lists = new Map<Address, string>();
  heap.eachCached?.((list, start) =>
    lists.set(start, list.replace(/^(arena|thread) \d+ /, ""))
  );
  return lists;
}

/** The arenas of a heap besides main, if it has some. */
class Arenas {
  private readonly heap: Allocator;
  // Segments of each arena; empty if there is main only.
  private readonly segments: readonly number[];

  constructor(heap: Allocator) {
    this.heap = heap;
    const segments = heap.arenaFigures?.().map(({ segments }) => segments);
    this.segments = segments && segments.length > 1 ? segments : [];
  }

  /** `arena 2 ` if `address` lies in that; empty for main and mappings. */
  nameAt(address: Address): string {
    const place = this.placeOf(address);
    return place ? `arena ${place.arena} ` : "";
  }

  /** Whether a segment of an arena begins at `address`. */
  beginsAt(address: Address): boolean {
    return this.placeOf(address)?.start === address;
  }

  /** Whether no later segment follows the one that holds `address`. */
  isLast(address: Address): boolean {
    const place = this.placeOf(address);
    return !place || place.segment === this.segments[place.arena]! - 1;
  }

  private placeOf(address: Address): Place | undefined {
    return this.segments.length > 0 ? this.heap.placeOf?.(address) : undefined;
  }
}
