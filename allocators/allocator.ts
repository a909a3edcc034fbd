/**
 * The contract between every byte allocator and the rest of the workbench.
 *
 * An allocator is a deterministic model: the same calls always give the same
 * addresses. It hands out addresses in a simulated space and holds no payload;
 * what it would do to memory (copy, touch, give back) it says to its
 * {@linkcode PageSource}. Its state lies in properties, not in #members or
 * closures, so that `snapshot.ts` can copy any heap and bring it back.
 *
 * @module
 */
import type { SlabVisitor } from "./slab_view.ts";

/** A byte address in the simulated address space, exact up to 2^53. */
export type Address = number;

/** What an allocator returns when it cannot serve a request (0 is an address). */
export const NULL: Address = -1;

/**
 * What the bytes of a block are used for: a payload, held out of coalescing
 * after a free, free, the allocator's own, or another user's bytes in between.
 */
export type BlockKind = "live" | "cached" | "free" | "meta" | "foreign";

/** Receives one block: its first byte, its length in bytes, and its kind. */
export type BlockVisitor = (
  start: Address,
  bytes: number,
  kind: BlockKind,
) => void;

/**
 * What a heap holds at one instant, in bytes unless said otherwise.
 *
 * footprint = allocated + metadata + cached + free. Every field but
 * `largestServeable` and `side` is what the blocks of `walk` add up to.
 */
export interface Usage {
  /** Sum of `usableSize` of the live blocks; headers are metadata. */
  allocated: number;
  /** Headers, fenceposts, padding, bins, bitmaps, descriptors. */
  metadata: number;
  /** Freed, but held out of coalescing. */
  cached: number;
  /** Free blocks, the top of the heap included. */
  free: number;
  /** Bytes held from the layer below. */
  footprint: number;
  /** Bytes of the longest free block of `walk`. */
  largestFree: number;
  /** Number of free blocks of `walk`. */
  freeBlocks: number;
  /** Bytes of free blocks shorter than 4 KiB. */
  unavailable4k: number;
  /** Bytes of free blocks shorter than 64 KiB. */
  unavailable64k: number;
  /** Bytes of free blocks shorter than 2 MiB. */
  unavailable2m: number;
  /** The longest block the heap could ever serve; Infinity where it grows. */
  largestServeable: number;
  /** Held outside the footprint: foreign gaps, per-frame descriptors. */
  side: number;
}

/** Work done since the heap began; every counter only grows. */
export class Counters {
  /** Blocks cut in two. */
  splits = 0;
  /** Pairs of free neighbours (or buddies) joined. */
  coalesces = 0;
  /** Blocks, bins or index nodes looked at to serve requests. */
  searchSteps = 0;
  /** Bytes copied by `realloc` or compaction. */
  bytesMoved = 0;
}

/** Allocator-wide commands that a trace can carry. */
export interface Control {
  /** `malloc_trim`: gives free memory back, keeping `pad` bytes on top. */
  trim(pad: number): void;
  /** `mallopt`: sets a parameter by its number. */
  mallopt(parameter: number, value: number): void;
}

/** Commands about the threads that make requests. */
export interface Threading {
  /** The following requests are made by `thread`, made at its first use; 0 is main. */
  run(thread: number): void;
  /** `thread` ends; if it was running, 0 runs. `RangeError` if it never ran or is 0. */
  end(thread: number): void;
}

/** Where something lies in an arena besides the main one. */
export interface Place {
  /** Number of the arena, 1.. in order of creation. */
  arena: number;
  /** Number of its segment, 0.. from the oldest on. */
  segment: number;
  /** First byte of the segment. */
  start: Address;
}

/** What malloc_info tells of one arena, in bytes or numbers of chunks. */
export interface ArenaFigures {
  /** Bytes got from the system. */
  systemBytes: number;
  /** Bytes of the top. */
  topBytes: number;
  /** Threads attached to it. */
  threads: number;
  /** Chunks in bins. */
  binnedBlocks: number;
  /** Bytes of those. */
  binnedBytes: number;
  /** Chunks in fast bins. */
  fastBlocks: number;
  /** Bytes of those. */
  fastBytes: number;
  /** Pieces of address space it has. */
  segments: number;
}

/** One line of a census: a bin, class, order or list and what it holds. */
export interface CensusRow {
  /** The list's name in the field's terms, e.g. `small[32]`, `order 3`. */
  list: string;
  /** Blocks on the list. */
  blocks: number;
  /** Bytes of those blocks. */
  bytes: number;
  /** Blocks that it can hold; absent: any number. */
  most?: number;
}

/** Receives one block, by the name of the list that it is on. */
export type ListVisitor = (
  list: string,
  start: Address,
  bytes: number,
) => void;

/** The figures of mallinfo2, in bytes or numbers of chunks. */
export interface Mallinfo {
  /** Bytes from the break, or from mappings in its place. */
  arena: number;
  /** Chunks in bins, and the top. */
  ordblks: number;
  /** Chunks in fast bins. */
  smblks: number;
  /** Chunks that are mappings. */
  hblks: number;
  /** Bytes of those. */
  hblkhd: number;
  /** Bytes of chunks in fast bins. */
  fsmblks: number;
  /** Bytes in use; the tcache counts as such. */
  uordblks: number;
  /** Bytes free: bins, fast bins and top. */
  fordblks: number;
  /** Bytes of the top. */
  keepcost: number;
}

/**
 * A simulated byte allocator.
 *
 * `malloc` and its kin return {@linkcode NULL} on exhaustion and then have
 * changed nothing that a user could miss. `free`, `realloc` and `usableSize`
 * throw `RangeError` for an address at which no live block starts.
 */
export interface Allocator {
  /** Serves `size` >= 0 payload bytes. */
  malloc(size: number): Address;
  /** Takes back the live block at `address`, of which `size` were asked. */
  free(address: Address, size: number): void;
  /**
   * Resizes the live block at `address` from `oldSize` to `size` > 0 payload
   * bytes; contents move along (`PageSource.move`). On {@linkcode NULL} the
   * old block stays as it was.
   */
  realloc(address: Address, oldSize: number, size: number): Address;
  /** Bytes the live block at `address` can hold, at least what was asked. */
  usableSize(address: Address): number;
  /**
   * Visits every byte of the footprint once, in address order by segment; only
   * a live block can have no bytes.
   */
  walk(visit: BlockVisitor): void;
  /** Throws {@linkcode InvariantError} if the structure contradicts itself. */
  check(): void;
  /** What is held now, in O(bins). */
  usage(): Usage;
  /** `usage().footprint`, in O(1). */
  readonly footprint: number;
  /** Work done so far. */
  readonly counters: Counters;

  /** Capability: `size` bytes at a multiple of `alignment`, a power of two. */
  memalign?(alignment: number, size: number): Address;
  /** Capability: `size` zeroed bytes where that differs from `malloc`. */
  calloc?(size: number): Address;
  /** Capability: commands to the whole allocator. */
  readonly control?: Control;
  /** Capability: several threads, whose requests come one at a time. */
  readonly threading?: Threading;
  /** Capability: where an address outside of the main arena lies; undefined for others. */
  placeOf?(address: Address): Place | undefined;
  /** Capability: figures of each arena, in order of creation. */
  arenaFigures?(): ArenaFigures[];
  /** Capability: what lies on each list. */
  census?(): CensusRow[];
  /** Capability: every cached block as `walk` shows it, with the name of its list. */
  eachCached?(visit: ListVisitor): void;
  /** Capability: every free block that lies on a list of `census`, from the head of each on. */
  eachBinned?(visit: ListVisitor): void;
  /** Capability: the slabs, groups or extents that blocks are cut from, in no order. */
  eachSlab?(visit: SlabVisitor): void;
  /** Capability: whether the live block at `address` is a mapping of its own. */
  isMapped?(address: Address): boolean;
  /** Capability: the figures that the C library reports of itself. */
  mallinfo?(): Mallinfo;
  /** Capability: where the last request was served from, in words. */
  explain?(): string;
  /** Capability: `realloc` takes a size of 0 as any other, and frees nothing. */
  readonly resizesToNothing?: boolean;
  /**
   * Capability: hears that operation `op`, from 0 on, gave the live block at
   * `address` with `size` bytes to the program, which now writes; for heaps
   * that place blocks by what lies in memory.
   */
  written?(address: Address, size: number, op: number): void;
  /**
   * Capability: hears of an operation of the program that asks nothing of the
   * heap, such as freeing nothing; for heaps with a clock.
   */
  idle?(): void;
}

/** A defect of a simulator, never of a workload. */
export class InvariantError extends Error {
  /** The class name, for reports. */
  override name = "InvariantError";
}

/** Throws {@linkcode InvariantError} with `message` unless `condition`. */
export function invariant(
  condition: boolean,
  message: string,
): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The error of a double, wild or interior free. */
export function notLive(address: Address): RangeError {
  return new RangeError(`Cannot find a live block at address ${address}`);
}

/**
 * The default `realloc`: keeps a block that is long enough, else allocates,
 * moves the contents and frees.
 */
export function reallocByMove(
  heap: Allocator,
  source: { move(from: Address, to: Address, bytes: number): void },
  address: Address,
  oldSize: number,
  size: number,
): Address {
  if (heap.usableSize(address) >= size) return address;
  const moved = heap.malloc(size);
  if (moved === NULL) return NULL;
  source.move(address, moved, oldSize);
  heap.counters.bytesMoved += oldSize;
  heap.free(address, oldSize);
  return moved;
}
