/**
 * The memory of one process, as Linux gives it.
 *
 * Addresses are virtual and free of charge; a page gets a frame when it is
 * first written. The break moves by bytes, its mapping by pages, and growth
 * fails when it would come within a page of the next mapping. A mapping goes
 * to the top of the highest gap that is long enough. On 64 bits a mapping of
 * whole 2 MiB is searched with 2 MiB more and placed on a 2 MiB boundary, as
 * Linux does since 6.7.
 *
 * As with the C library, the break of a request below its start does not move
 * and the request counts as served. Simplified: all mappings are private,
 * anonymous and writable, and their number is not limited.
 *
 * Source: behaviour of Linux 6.18, compared address by address.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import {
  PAGE,
  type PageAllocator,
  type PageSource,
  pageUp,
  type Pfn,
} from "../pages.ts";
import { Events } from "./events.ts";
import { type Layout, LAYOUT_64, type Origins } from "./layout.ts";
import { PageTable } from "./page_table.ts";
import { REGION } from "./regions.ts";
import type { Relocation } from "./relocation.ts";
import { VmaTable } from "./vma_table.ts";

/** No mapping lies below this address. */
const LOWEST = 0x1_0000;

/** What an address space can be made from. */
export interface AddressSpaceOptions {
  /** What is there before the first request; a 64-bit process if not given. */
  layout?: Layout;
  /** Where frames come from; unlimited if not given. */
  frames?: PageAllocator;
  /** Where the frames of page tables come from; costs none if not given. */
  tableFrames?: PageAllocator;
  /** Whether every mapping gets huge pages where they fit. */
  hugePages?: boolean;
}

/** A page source with an address space and a page table. */
export class AddressSpace implements PageSource {
  readonly lazy = true;
  readonly donated: readonly (readonly [Address, Address])[];
  readonly origins: Origins | undefined;
  /** System calls and faults by kind. */
  readonly events: Events = new Events();
  private readonly layout: Layout;
  private readonly vmas = new VmaTable();
  private readonly table: PageTable;
  private brk: Address;

  /** A process before its first request; `RangeError` if it is too high. */
  constructor(
    { layout = LAYOUT_64, frames, hugePages, tableFrames }:
      AddressSpaceOptions = {},
  ) {
    this.layout = layout;
    this.donated = layout.donated ?? [];
    this.origins = layout.origins;
    this.brk = layout.heapStart;
    this.table = new PageTable(
      this.events,
      frames,
      hugePages,
      tableFrames,
    );
    for (const [start, end] of layout.occupied) {
      if (end > layout.end) throw new RangeError(tooHigh(end, layout.end));
      this.vmas.add(start, end);
      this.table.prepare(start, end);
    }
  }

  /** The break: the first byte after the heap. */
  get break(): Address {
    return this.brk;
  }

  get systemCalls(): number {
    return this.events.systemCalls;
  }

  get pageFaults(): number {
    return this.events.pageFaults;
  }

  get residentBytes(): number {
    return this.table.residentPages * PAGE;
  }

  /** The most bytes that were resident at once. */
  get peakResidentBytes(): number {
    return this.table.peakPages * PAGE;
  }

  /** Bytes of frames taken for pages: resident, or the rest of a huge page. */
  get heldBytes(): number {
    return this.table.heldPages * PAGE;
  }

  /** Bytes mapped since the start. */
  get mappedBytes(): number {
    let bytes = 0;
    for (const [start, end] of this.segments()) bytes += end - start;
    for (const [start, end] of this.layout.occupied) bytes -= end - start;
    return Math.max(0, bytes);
  }

  /** Faults that found no frame: the process would have been killed. */
  get refusedFaults(): number {
    return this.table.refusedFaults;
  }

  /** Bytes of page tables. */
  get tableBytes(): number {
    return this.table.tableBytes;
  }

  /** `sbrk(0)` is not a system call. */
  sbrk(increment: number): Address {
    const old = this.brk;
    if (increment === 0) return old;
    this.events.brk++;
    const wanted = old + increment;
    if (wanted < this.layout.heapStart) return wanted < 0 ? NULL : old;
    const oldEnd = pageUp(old);
    const end = pageUp(wanted);
    if (end > oldEnd) {
      const next = this.vmas.start(this.vmas.indexAbove(oldEnd));
      const room = Math.min(next, this.layout.end) - PAGE;
      if (end > room || end - oldEnd > this.layout.commitLimit) return NULL;
      this.vmas.add(oldEnd, end);
    } else if (end < oldEnd) {
      this.unmap(end, oldEnd);
    }
    this.brk = wanted;
    return old;
  }

  mmap(bytes: number, hint: Address = NULL): Address {
    this.events.mmap++;
    const length = pageUp(bytes);
    if (length === 0 || length > this.layout.commitLimit) return NULL;
    const end = hint + length;
    const fits = hint !== NULL && end <= this.layout.end &&
      this.vmas.isFree(hint, end);
    const address = fits
      ? hint
      : hint === NULL
      ? this.place(length)
      : this.gap(length);
    if (address !== NULL) this.vmas.add(address, address + length);
    return address;
  }

  protect(_address: Address, _bytes: number): void {
    this.events.mprotect++;
  }

  munmap(address: Address, bytes: number): void {
    this.events.munmap++;
    onPage(address);
    this.unmap(address, address + pageUp(bytes));
  }

  /**
   * Grows in place if the gap above is long enough, else moves with what
   * backs it; nothing is copied and nothing faults.
   */
  mremap(address: Address, oldBytes: number, newBytes: number): Address {
    this.events.mremap++;
    onPage(address);
    const oldEnd = address + pageUp(oldBytes);
    const length = pageUp(newBytes);
    const end = address + length;
    this.segmentOf(address, oldEnd - address);
    if (length === 0) return NULL;
    if (end <= oldEnd) {
      this.unmap(end, oldEnd);
      return address;
    }
    if (end - oldEnd > this.layout.commitLimit) return NULL;
    if (end <= this.layout.end && this.vmas.isFree(oldEnd, end)) {
      this.vmas.add(oldEnd, end);
      return address;
    }
    const moved = this.place(length);
    if (moved === NULL) return NULL;
    this.vmas.add(moved, moved + length);
    if (!this.table.move(address, moved, oldEnd - address)) {
      this.unmap(moved, moved + length);
      return NULL;
    }
    this.unmap(address, oldEnd);
    return moved;
  }

  /** The process ends: every mapping, frame and table goes. */
  exit(): void {
    const all = [...this.segments()];
    for (const [start, end] of all) this.table.drop(start, end);
    for (const [start, end] of all) {
      this.vmas.remove(start, end);
      this.table.drop(start, end, 0, Infinity); // segments share tables
    }
    this.brk = this.layout.heapStart;
  }

  /** How many of `bytes` bytes from `address` on lie on resident pages. */
  residentBytesIn(address: Address, bytes: number): number {
    return this.table.residentBytesIn(address, address + bytes);
  }

  /** Follows frames that the page allocator has moved. */
  relocate(moves: Relocation): void {
    this.table.relocate(moves);
  }

  /** Visits the frame of every page table, if they come from an allocator. */
  eachTableFrame(visit: (pfn: Pfn) => void): void {
    this.table.eachTableFrame(visit);
  }

  discard(address: Address, bytes: number): void {
    this.events.madvise++;
    onPage(address);
    this.table.drop(address, address + pageUp(bytes));
  }

  /** `RangeError` if a byte of a page not yet resident is not mapped. */
  touch(address: Address, bytes: number): void {
    if (this.table.isResident(address, bytes) || bytes === 0) return;
    const i = this.segmentOf(address, bytes);
    const end = address + bytes;
    this.table.write(address, end, this.vmas.start(i), this.vmas.end(i));
  }

  /** `RangeError` if a byte is not mapped. */
  read(address: Address, bytes: number): void {
    if (this.table.isResident(address, bytes) || bytes === 0) return;
    const i = this.segmentOf(address, bytes);
    const end = address + bytes;
    this.table.read(address, end, this.vmas.start(i), this.vmas.end(i));
  }

  move(from: Address, to: Address, bytes: number): void {
    this.read(from, bytes);
    this.touch(to, bytes);
  }

  /** Visits every mapped segment in address order, as [first, after]. */
  *segments(): Generator<[Address, Address]> {
    for (let i = 0; i < this.vmas.count; i++) {
      yield [this.vmas.start(i), this.vmas.end(i)];
    }
  }

  /** Visits the frame of every resident page, if there is an allocator. */
  eachFrame(visit: (pfn: Pfn) => void): void {
    this.table.eachFrame(visit);
  }

  /** Throws InvariantError if mappings or pages contradict themselves. */
  check(): void {
    this.vmas.check();
    this.table.check();
  }

  /** Where `length` bytes would go without a hint; NULL if nowhere. */
  private place(length: number): Address {
    if (this.layout.alignHuge && length % REGION === 0) {
      const address = this.gap(length + REGION);
      if (address !== NULL) {
        return (Math.floor(address / REGION) + 1) * REGION;
      }
    }
    return this.gap(length);
  }

  /** The highest gap below `mmapTop`, else the lowest above `mmapBottom`. */
  private gap(length: number): Address {
    const { mmapTop, mmapBottom, end } = this.layout;
    const address = this.vmas.highestGap(length, LOWEST, mmapTop);
    return address !== NULL
      ? address
      : this.vmas.lowestGap(length, mmapBottom, end);
  }

  /** The segment that holds `bytes` from `address` on; RangeError if none. */
  private segmentOf(address: Address, bytes: number): number {
    const i = this.vmas.indexAbove(address);
    if (
      this.vmas.start(i) <= address && address + bytes <= this.vmas.end(i)
    ) {
      return i;
    }
    throw new RangeError(`Cannot access unmapped memory at ${address}`);
  }

  /** Unmaps `start` .. `end` - 1 and drops page tables that became empty. */
  private unmap(start: Address, end: Address): void {
    this.vmas.remove(start, end);
    const next = this.vmas.indexAbove(start);
    const low = this.vmas.end(next - 1);
    this.table.drop(start, end, low, this.vmas.start(next));
  }
}

function tooHigh(end: Address, limit: Address): string {
  return `A mapping ends at 0x${end.toString(16)}, ` +
    `the address space at 0x${limit.toString(16)}`;
}

function onPage(address: Address): void {
  if (address % PAGE !== 0) {
    throw new RangeError(`Address ${address} is not on a page boundary`);
  }
}
