/**
 * The two contracts below a heap: what a heap asks of the operating system
 * ({@linkcode PageSource}), and what the operating system asks of its
 * allocator of page frames ({@linkcode PageAllocator}).
 *
 * @module
 */
import {
  type Address,
  type CensusRow,
  type Counters,
  NULL,
  type Usage,
} from "./allocator.ts";
import type { Origins } from "./os/layout.ts";

/** Bytes of a page. */
export const PAGE = 4096;

/** The length of the whole pages that hold `bytes`, in bytes. */
export function pageUp(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}

/**
 * Memory as a process gets it: one break, and mappings.
 *
 * Lengths are in bytes. Calls that can fail return {@linkcode NULL}.
 */
export interface PageSource {
  /** Moves the break by `increment` bytes; returns the old break. */
  sbrk(increment: number): Address;
  /** Maps `bytes` (a multiple of the page), at `hint` if they fit there, else anywhere. */
  mmap(bytes: number, hint?: Address): Address;
  /** Unmaps `bytes` from `address` on. */
  munmap(address: Address, bytes: number): void;
  /** Resizes a mapping, moving it if needed. */
  mremap(address: Address, oldBytes: number, newBytes: number): Address;
  /** Makes reserved pages accessible; absent: there is no such call. */
  protect?(address: Address, bytes: number): void;
  /** Gives the frames of whole pages back; the range stays mapped. */
  discard(address: Address, bytes: number): void;
  /** A write to `bytes` from `address` on: makes their pages resident. */
  touch(address: Address, bytes: number): void;
  /** A read: untouched pages become the shared zero page. */
  read(address: Address, bytes: number): void;
  /** The program copies `bytes`: a read and a write. */
  move(from: Address, to: Address, bytes: number): void;
  /** Gaps in the pages of a program that its malloc may use; absent: none. */
  readonly donated?: readonly (readonly [Address, Address])[];
  /** What an allocator did before the first request, where it is recorded. */
  readonly origins?: Origins;
  /** Whether `touch` and `read` have any effect: heaps may skip them if not. */
  readonly lazy: boolean;
  /** Bytes backed by frames; undefined without a page table. */
  readonly residentBytes: number | undefined;
  /** How many of `bytes` bytes from `address` on lie on resident pages; absent without a page table. */
  residentBytesIn?(address: Address, bytes: number): number;
  /** System calls so far. */
  readonly systemCalls: number;
  /** Page faults so far. */
  readonly pageFaults: number;
}

/** A page frame number; {@linkcode NULL} where there is none. */
export type Pfn = number;

/** Receives one block of page frames. */
export type PageVisitor = (
  pfn: Pfn,
  order: number,
  kind: "live" | "cached" | "free" | "meta",
) => void;

/** Receives one cached block, by the name of the list that it is on. */
export type CachedVisitor = (list: string, pfn: Pfn, order: number) => void;

/** Hears that a live block now lies at page frame `to` instead of `from`. */
export type PageMoved = (from: Pfn, to: Pfn, order: number) => void;

/**
 * An allocator of page frames. Blocks come in orders 0..`orders` - 1; order k
 * has `pagesOf(k)` pages (2^k for binary buddies).
 */
export interface PageAllocator {
  /** Bytes of one page. */
  readonly pageBytes: number;
  /** Address of page 0 in the layer below; absent: 0. */
  readonly base?: Address;
  /** Number of orders. */
  readonly orders: number;
  /** Pages of a block of `order`. */
  pagesOf(order: number): number;
  /** The smallest order of at least `pages` pages; `orders` if none. */
  orderFor(pages: number): number;
  /** A block of `order` for requests of migrate type `type` (0 if none). */
  allocPages(order: number, type?: number): Pfn;
  /** Takes a live block back; `RangeError` if there is no such block. */
  freePages(pfn: Pfn, order: number): void;
  /** Order of the live block that starts at `pfn`; -1 if there is none. */
  liveOrder(pfn: Pfn): number;
  /** Visits every page once, in ascending order. */
  walkPages(visit: PageVisitor): void;
  /** Throws InvariantError if the structure contradicts itself. */
  check(): void;
  /** What is held now, in bytes, in O(orders). */
  usage(): Usage;
  /** Pages held now times `pageBytes`, in O(1). */
  readonly footprint: number;
  /** Work done so far. */
  readonly counters: Counters;
  /** Free blocks per order. */
  census(): CensusRow[];

  /** Capability: moves live blocks until one of `order` is free; false: no. */
  compact?(order: number, moved: PageMoved): boolean;
  /**
   * Capability: makes a live block of `order` live blocks of order `into`, to
   * be freed one by one; `RangeError` if there is no such block.
   */
  splitPages?(pfn: Pfn, order: number, into: number): void;
  /** Capability: compacts on its own from now on, and tells what it moves. */
  follow?(moved: PageMoved): void;
  /** Capability: a second passes, for housekeeping. */
  second?(): void;
  /** Capability: the CPU that makes the next requests. */
  cpu?: number;
  /** Capability: the blocks of a free list, head first. */
  freeList?(order: number, type: number): Iterable<Pfn>;
  /** Capability: every cached block, with the name of its list. */
  eachCached?(visit: CachedVisitor): void;
  /** Capability: the migratetype of every pageblock. */
  pageblockTypes?(): Uint8Array;
}

/**
 * The plainest source: the break moves anywhere below `limit`, mappings are
 * placed upward from 2^46, nothing is lazy. Counts the calls.
 */
export class FlatSource implements PageSource {
  readonly lazy = false;
  readonly residentBytes: number | undefined = undefined;
  readonly pageFaults = 0;
  systemCalls = 0;
  private break = 0;
  private nextMapping = 2 ** 46;

  /** Memory whose break cannot pass `limit` bytes. */
  constructor(readonly limit: number = 2 ** 46) {}

  sbrk(increment: number): Address {
    if (increment !== 0) this.systemCalls++;
    const old = this.break;
    if (old + increment > this.limit || old + increment < 0) return NULL;
    this.break = old + increment;
    return old;
  }

  mmap(bytes: number): Address {
    this.systemCalls++;
    return this.place(bytes);
  }

  munmap(_address: Address, _bytes: number): void {
    this.systemCalls++;
  }

  mremap(address: Address, oldBytes: number, newBytes: number): Address {
    this.systemCalls++;
    return newBytes <= oldBytes ? address : this.place(newBytes);
  }

  discard(_address: Address, _bytes: number): void {
    this.systemCalls++;
  }

  touch(_address: Address, _bytes: number): void {}
  read(_address: Address, _bytes: number): void {}
  move(_from: Address, _to: Address, _bytes: number): void {}

  /** Places a mapping above all others; NULL where numbers end. */
  private place(bytes: number): Address {
    const address = this.nextMapping;
    if (address + bytes > 2 ** 52) return NULL;
    this.nextMapping += Math.ceil(bytes / PAGE) * PAGE;
    return address;
  }
}
