/**
 * The two-level allocator of the SGI STL, in libstdc++ `__pool_alloc`.
 *
 * Requests above 128 bytes go to operator new, that is to the heap below.
 * Shorter ones are rounded up to a multiple of 8 and served from 16 LIFO lists
 * of equal objects. An empty list is refilled with up to 20 objects cut from
 * the rest of the newest chunk: the first is handed out, the others are linked
 * in ascending order. If the rest is too short for one object it goes to the
 * list of its length, and operator new is asked for twice 20 objects plus a
 * sixteenth of all that was asked for so far. If that fails, the rest becomes
 * an object taken from the list of the next longer length that has one.
 *
 * Objects never go back to the heap below, and never join again: lists only
 * ever pass memory on to shorter objects, and only when memory runs out.
 *
 * Threads share the lists; what the heap below does for them, it does by thread.
 *
 * Simplified: 0 bytes are served like 1, where the library returns a null
 * pointer; the length of a freed object is known, where the library goes by
 * the size it is told.
 *
 * Source: behaviour of libstdc++ (GCC 12), compared address by address; SGI's
 * STL Programmer's Guide, "Allocators".
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  type CensusRow,
  type Control,
  Counters,
  invariant,
  type ListVisitor,
  type Mallinfo,
  notLive,
  NULL,
  reallocByMove,
  type Threading,
  type Usage,
} from "../allocator.ts";
import { AddressTable } from "../freelist/address_table.ts";
import { longer } from "../longer.ts";
import type { PageSource } from "../pages.ts";
import { type Chunk, Chunks, GRANULE } from "./chunks.ts";

/** Lists there are: list k holds objects of 8 x k bytes. */
const LISTS = 16;
/** Longest request served from lists, in bytes. */
const MAX_BYTES = LISTS * GRANULE;
/** Objects that a refill asks for. */
const REFILL = 20;
/** log2 of the part of all that was asked for that a new chunk has in addition. */
const GROWTH_SHIFT = 4;

const PATHS = [
  "nothing yet",
  "free list",
  "refill from the chunk",
  "refill, after operator new",
  "refill, from a longer object",
  "operator new",
  "refused",
] as const;

/** The name of the list of objects of `k` granules. */
function listName(k: number): string {
  return `pool[${k * GRANULE}]`;
}

/**
 * The pool alone: its footprint is what it holds of the heap below. Requests
 * are O(1), but for O(log chunks) to find a chunk.
 */
export class Pool implements Allocator {
  readonly counters: Counters = new Counters();
  readonly control?: Control;
  readonly threading?: Threading;
  readonly mallinfo?: () => Mallinfo;
  /** The heap that operator new stands for. */
  readonly below: Allocator;
  /** What it was given to cut objects from. */
  protected readonly chunks: Chunks = new Chunks();

  private readonly source: PageSource;
  // One entry per granule. Where an object of k granules starts: -k while it
  // is live, and the next object on its list (0: none) while it is free.
  // Entries inside objects and in the rest are stale, but never negative.
  private image = new Int32Array(1 << 12);
  // head[k], listed[k]: first object (0: none) and number of objects on list k.
  private readonly head = new Int32Array(LISTS + 1);
  private readonly listed = new Int32Array(LISTS + 1);
  /** The rest of a chunk (or of a longer object), in granules: rest .. restEnd - 1. */
  private rest = 0;
  private restEnd = 0;
  /** Bytes ever asked from operator new for chunks. */
  private asked = 0;
  /** Bytes of live objects. */
  private liveBytes = 0;
  /** Live blocks that operator new served directly. */
  private readonly large = new AddressTable();
  /** Usable bytes of those. */
  private largeBytes = 0;
  private path = 0;

  /** Holds nothing; the first request asks `below`, which lives on `source`. */
  constructor(below: Allocator, source: PageSource) {
    this.below = below;
    this.source = source;
    if (below.control) this.control = below.control;
    if (below.threading) this.threading = below.threading;
    if (below.mallinfo) this.mallinfo = () => below.mallinfo!();
  }

  /** Calls of operator new for chunks. */
  get chunkCount(): number {
    return this.chunks.count;
  }

  malloc(size: number): Address {
    if (size > MAX_BYTES) return this.newLarge(size);
    const k = size === 0 ? 1 : (size + GRANULE - 1) >> 3;
    this.counters.searchSteps++;
    let g = this.head[k]!;
    if (g !== 0) {
      this.head[k] = this.image[g]!;
      this.listed[k]!--;
      this.path = 1;
    } else {
      g = this.refill(k);
      if (g === 0) return NULL;
    }
    this.image[g] = -k;
    this.liveBytes += k * GRANULE;
    return this.chunks.addressOf(g);
  }

  free(address: Address, size: number): void {
    const g = this.chunks.granuleAt(address);
    const k = -this.image[g]!;
    if (k > 0) {
      this.liveBytes -= k * GRANULE;
      this.list(g, k, address);
    } else if (g === 0 && this.large.get(address) !== 0) {
      this.largeBytes -= this.below.usableSize(address);
      this.large.take(address);
      this.below.free(address, size);
    } else {
      throw notLive(address);
    }
  }

  realloc(address: Address, oldSize: number, size: number): Address {
    return reallocByMove(this, this.source, address, oldSize, size);
  }

  usableSize(address: Address): number {
    const g = this.chunks.granuleAt(address);
    const k = -this.image[g]!;
    if (k > 0) return k * GRANULE;
    if (g !== 0 || this.large.get(address) === 0) throw notLive(address);
    return this.below.usableSize(address);
  }

  /** Whether the block below that the live block at `address` is in is mapped. */
  isMapped(address: Address): boolean {
    const start = this.chunks.at(address)?.start ?? address;
    return this.below.isMapped?.(start) ?? false;
  }

  walk(visit: BlockVisitor): void {
    this.walkBelow(visit, () => {});
  }

  check(): void {
    this.chunks.check();
    const length = this.lengths(); // listed[k] = objects on list k
    let live = 0;
    let walked = 0;
    for (const chunk of this.chunks.ascending()) {
      invariant(
        this.below.usableSize(chunk.start) === chunk.usable,
        `Pool: the chunk at ${chunk.start} is not what it was below`,
      );
      this.walkChunk(chunk, length, (_, bytes, kind) => {
        walked += bytes;
        if (kind === "live") live += bytes;
      });
    }
    // footprint = live + cached + rest + tails, of the chunks
    invariant(walked === this.chunks.bytes, "Pool: chunks do not add up");
    invariant(live === this.liveBytes, "Pool: live bytes do not add up");
  }

  usage(): Usage {
    const free = (this.restEnd - this.rest) * GRANULE;
    const cached = this.cachedBytes();
    const tails = this.chunks.bytes - (this.chunks.granules - 1) * GRANULE;
    return {
      allocated: this.liveBytes + this.largeBytes,
      metadata: tails,
      cached,
      free,
      footprint: this.held,
      largestFree: free,
      freeBlocks: free > 0 ? 1 : 0,
      unavailable4k: free < 4096 ? free : 0,
      unavailable64k: free < 65_536 ? free : 0,
      unavailable2m: free < 2 ** 21 ? free : 0,
      largestServeable: this.below.usage().largestServeable,
      side: 0,
    };
  }

  get footprint(): number {
    return this.held;
  }

  /** Bytes of the blocks that the pool holds of the heap below. */
  get held(): number {
    return this.chunks.bytes + this.largeBytes;
  }

  census(): CensusRow[] {
    return Array.from(this.listed, (blocks, k) => ({
      list: listName(k),
      blocks,
      bytes: blocks * k * GRANULE,
    })).slice(1);
  }

  eachCached(visit: ListVisitor): void {
    for (let k = 1; k <= LISTS; k++) {
      for (let g = this.head[k]!; g !== 0; g = this.image[g]!) {
        visit(listName(k), this.chunks.addressOf(g), k * GRANULE);
      }
    }
  }

  explain(): string {
    const way = PATHS[this.path]!;
    const below = this.path > 2 ? this.below.explain?.() : undefined;
    return below ? `${way}: ${below}` : way;
  }

  /**
   * Walks the heap below: the blocks that the pool holds are shown to `visit`
   * as what the pool made of them, all others to `other` as they are.
   */
  protected walkBelow(visit: BlockVisitor, other: BlockVisitor): void {
    const length = this.lengths();
    this.below.walk((start, bytes, kind) => {
      const chunk = kind === "live" ? this.chunks.at(start) : undefined;
      if (chunk) this.walkChunk(chunk, length, visit);
      else if (kind === "live" && this.large.get(start) !== 0) {
        visit(start, bytes, kind);
      } else other(start, bytes, kind);
    });
  }

  /** Visits the objects of `chunk`, the rest, and what lies behind. */
  private walkChunk(
    chunk: Chunk,
    length: Uint8Array,
    visit: BlockVisitor,
  ): void {
    const { start, end, first, usable } = chunk;
    for (let at = start; at < end;) {
      const g = first + (at - start) / GRANULE;
      const live = -this.image[g]!;
      const rest = g === this.rest ? this.restEnd - g : 0;
      const granules = rest || length[g] || live;
      invariant(granules > 0, `Pool: nothing starts at ${at}`);
      const kind = rest ? "free" : length[g] ? "cached" : "live";
      visit(at, granules * GRANULE, kind);
      at += granules * GRANULE;
    }
    if (end < start + usable) visit(end, start + usable - end, "meta");
  }

  /** Length in granules of each listed object, by granule; 0 elsewhere. */
  private lengths(): Uint8Array {
    const length = new Uint8Array(this.chunks.granules);
    for (let k = 1; k <= LISTS; k++) {
      let blocks = 0;
      for (let g = this.head[k]!; g !== 0; g = this.image[g]!) {
        invariant(g > 0 && length[g] === 0, `Pool: list ${k} is broken`);
        length[g] = k;
        blocks++;
      }
      invariant(blocks === this.listed[k], `Pool: length of list ${k}`);
    }
    return length;
  }

  /** Bytes on the lists. */
  private cachedBytes(): number {
    let granules = 0;
    for (let k = 1; k <= LISTS; k++) granules += k * this.listed[k]!;
    return granules * GRANULE;
  }

  /** Serves an object that is too long for the lists from below. */
  private newLarge(size: number): Address {
    const address = this.below.malloc(size);
    this.path = address === NULL ? 6 : 5;
    if (address === NULL) return NULL;
    this.large.set(address, 1);
    this.largeBytes += this.below.usableSize(address);
    return address;
  }

  /** Cuts objects of `k` granules: the first, with the others listed; 0: none. */
  private refill(k: number): number {
    this.path = 2;
    while (this.restEnd - this.rest < k) {
      this.listRest();
      if (!this.grow(k) && !this.scavenge(k)) return 0;
    }
    const g = this.rest;
    const objects = Math.min(REFILL, Math.floor((this.restEnd - g) / k));
    this.rest += objects * k;
    this.counters.splits += objects;
    if (objects === 1) return g;
    this.head[k] = g + k;
    this.listed[k] = objects - 1;
    for (let i = 1; i < objects; i++) {
      const at = g + i * k;
      this.image[at] = i < objects - 1 ? at + k : 0;
      if (this.source.lazy) {
        this.source.touch(this.chunks.addressOf(at), GRANULE);
      }
    }
    return g;
  }

  /** Gives the rest to the list of its length. */
  private listRest(): void {
    const k = this.restEnd - this.rest;
    if (k > 0) this.list(this.rest, k, this.chunks.addressOf(this.rest));
    this.rest = this.restEnd = 0;
  }

  /** Makes a new chunk the rest; false if operator new refuses. */
  private grow(k: number): boolean {
    const sixteenth = Math.floor(this.asked / 2 ** GROWTH_SHIFT);
    const granules = 2 * REFILL * k + Math.ceil(sixteenth / GRANULE);
    const bytes = granules * GRANULE;
    this.reserve(this.chunks.granules + granules);
    const start = this.below.malloc(bytes);
    this.path = 3;
    if (start === NULL) return false;
    this.asked += bytes;
    const usable = this.below.usableSize(start);
    this.rest = this.chunks.add(start, bytes, usable).first;
    this.restEnd = this.rest + granules;
    return true;
  }

  /** Makes a free object of at least `k` granules the rest; false: none. */
  private scavenge(k: number): boolean {
    for (let from = k; from <= LISTS; from++) {
      this.counters.searchSteps++;
      const g = this.head[from]!;
      if (g === 0) continue;
      this.head[from] = this.image[g]!;
      this.listed[from]!--;
      this.rest = g;
      this.restEnd = g + from;
      this.path = 4;
      return true;
    }
    this.path = 6;
    return false;
  }

  /** Pushes the object of `k` granules at `g` onto its list. */
  private list(g: number, k: number, address: Address): void {
    this.image[g] = this.head[k]!;
    this.head[k] = g;
    this.listed[k]!++;
    if (this.source.lazy) this.source.touch(address, GRANULE);
  }

  /** Makes room for `granules`, or throws RangeError. */
  private reserve(granules: number): void {
    let { length } = this.image;
    if (granules <= length) return;
    while (length < granules) length *= 2;
    this.image = longer(this.image, length);
  }
}
