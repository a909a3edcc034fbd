/**
 * Which pages of one address space are backed, and by what.
 *
 * Nothing is backed until it is touched. A first write takes a frame; a first
 * read maps the shared zero page, which costs a fault but no frame, and a
 * later write faults again.
 *
 * There is one table per region of 2 MiB that was touched; it goes when all of
 * the region is given back. With huge pages, a first write to a region that is
 * mapped as a whole and has no table takes all of it in one fault, and a first
 * read maps the zero page over all of it.
 *
 * Tables take unmovable frames from an allocator of their own, if there is one.
 * Simplified: one level of tables; those above, 1/512 of it, are not counted.
 *
 * @module
 */
import { type Address, invariant, NULL } from "../allocator.ts";
import { longer } from "../longer.ts";
import { PAGE, type PageAllocator, type Pfn } from "../pages.ts";
import type { Events } from "./events.ts";
import { FrameMap } from "./frame_map.ts";
import {
  isWhole,
  lastPage,
  maskOf,
  PAGES,
  population,
  REGION,
  regionAfter,
  WORDS,
} from "./regions.ts";
import type { Relocation } from "./relocation.ts";

/** A word whose bits are all set. */
const ALL = 0xffff_ffff;
/** Regions whose tables are remembered; a power of two. */
const TLB = 256;
/** Regions per byte. */
const PER_BYTE = 1 / REGION;
/** Tables that one entry of the directory spans. */
const FAN = 2 ** 13;
/** Migratetype of the frames of tables. */
const UNMOVABLE = 0;

/** A page table; touching a page that is resident costs a few ns. */
export class PageTable {
  /** Pages backed by frames. */
  residentPages = 0;
  /** The most there ever were. */
  peakPages = 0;
  /** Faults that found no frame; their pages stayed untouched. */
  refusedFaults = 0;

  // directory[region / FAN][region % FAN] = number of the region's table, -1
  // if it has none. Numbers below `tables` are in use or in `unused`.
  private readonly directory: Int32Array[] = [];
  private tables = 0;
  private readonly unused: number[] = [];
  // Bit page % 32 of word table * WORDS + page / 32: backed by a frame of its
  // own; backed by the zero page. Never both.
  private resident = new Uint32Array(WORDS);
  private zero = new Uint32Array(WORDS);
  // tlb[region % TLB]: a region that has a table; -1: none. tlbWord: the first
  // word of that table.
  private readonly tlb = new Int32Array(TLB).fill(-1);
  private readonly tlbWord = new Int32Array(TLB);
  // The region used last: its first byte, and the first word of its table.
  private base: Address = -Infinity;
  private word = 0;

  private readonly events: Events;
  // Page table * PAGES + page of a region; unlimited frames without.
  private readonly frames: FrameMap | undefined;
  private readonly hugePages: boolean;
  // tablePfn[table]: its frame, valid while the table is in use.
  private readonly tablePfn: Pfn[] = [];
  private readonly tableFrames: PageAllocator | undefined;

  /**
   * Counts into `events`; takes frames from `frames`, and those of the tables
   * from `tableFrames`, if there are any.
   */
  constructor(
    events: Events,
    frames?: PageAllocator,
    hugePages = false,
    tableFrames?: PageAllocator,
  ) {
    this.events = events;
    if (frames) this.frames = new FrameMap(frames);
    this.hugePages = hugePages;
    this.tableFrames = tableFrames;
  }

  /** Frames taken: more than resident pages where huge ones are in parts. */
  get heldPages(): number {
    return this.frames?.held ?? this.residentPages;
  }

  /** Bytes of the tables themselves, a page each. */
  get tableBytes(): number {
    return (this.tables - this.unused.length) * PAGE;
  }

  /** Makes the tables of `start` .. `end` - 1, as if it had been in use. */
  prepare(start: Address, end: Address): void {
    for (let at = start; at < end; at = regionAfter(at)) {
      if (!this.make(at)) this.refusedFaults++;
    }
  }

  /** Whether a write to `bytes` from `address` on would fault nowhere. */
  isResident(address: Address, bytes: number): boolean {
    const region = (address * PER_BYTE) | 0;
    const slot = region & TLB - 1;
    const page = address - region * REGION >> 12;
    const last = address - region * REGION + bytes - 1 >> 12;
    if (page === last && last < PAGES && this.tlb[slot] === region) {
      const word = this.resident[this.tlbWord[slot]! + (page >> 5)]!;
      return (word >>> (page & 31) & 1) !== 0;
    }
    return this.residentBytesIn(address, address + bytes) === bytes;
  }

  /**
   * Makes the pages of `start` .. `end` - 1 resident. `low` .. `high` - 1 is
   * the mapping around, which a huge page must not leave.
   */
  write(start: Address, end: Address, low: Address, high: Address): void {
    for (let at = start; at < end; at = this.base + REGION) {
      if (this.hugePages && this.writeHuge(at, low, high)) continue;
      if (!this.make(at)) {
        this.refusedFaults++;
        return;
      }
      const last = lastPage(end - this.base);
      for (let w = at - this.base >> 17; w <= last >> 5; w++) {
        const mask = maskOf(w, at - this.base >> 12, last);
        const missing = mask & ~this.resident[this.word + w]!;
        if (missing !== 0 && !this.back(w, missing)) return;
      }
    }
  }

  /** Maps the zero page where `start` .. `end` - 1 is untouched; see `write`. */
  read(start: Address, end: Address, low: Address, high: Address): void {
    for (let at = start; at < end; at = this.base + REGION) {
      const huge = this.hugePages && !this.find(at) && isWhole(at, low, high);
      if (!this.make(at)) {
        this.refusedFaults++;
        return;
      }
      if (huge) {
        this.zero.fill(ALL, this.word, this.word + WORDS);
        this.events.zeroFaults++;
        continue;
      }
      const last = lastPage(end - this.base);
      for (let w = at - this.base >> 17; w <= last >> 5; w++) {
        const i = this.word + w;
        const missing = maskOf(w, at - this.base >> 12, last) &
          ~(this.resident[i]! | this.zero[i]!);
        this.zero[i]! |= missing;
        this.events.zeroFaults += population(missing);
      }
    }
  }

  /**
   * Gives back the pages of `start` .. `end` - 1, both on page bounds, and the
   * tables of regions that lie in `low` .. `high` - 1, where nothing is left.
   */
  drop(start: Address, end: Address, low = start, high = end): void {
    for (let at = start; at < end; at = regionAfter(at)) {
      if (!this.find(at)) continue;
      const last = lastPage(end - this.base);
      for (let w = at - this.base >> 17; w <= last >> 5; w++) {
        const mask = maskOf(w, at - this.base >> 12, last);
        const i = this.word + w;
        const gone = mask & this.resident[i]!;
        this.zero[i]! &= ~mask;
        this.resident[i]! &= ~mask;
        this.residentPages -= population(gone);
        for (let bits = gone; this.frames && bits !== 0; bits &= bits - 1) {
          this.frames.give(i * 32 + 31 - Math.clz32(bits & -bits));
        }
      }
      if (isWhole(at, low, high)) this.discard(at);
    }
  }

  /**
   * Moves what backs `from` .. to untouched pages at `to`, page by page; false
   * if a table for them finds no frame, and then nothing has moved.
   */
  move(from: Address, to: Address, bytes: number): boolean {
    for (let at = from; at < from + bytes; at = regionAfter(at)) {
      const last = Math.min(regionAfter(at), from + bytes) - 1;
      if (!this.find(at)) continue;
      if (!this.make(to + at - from) || !this.make(to + last - from)) {
        return false;
      }
    }
    for (let done = 0; done < bytes; done += PAGE) {
      if (!this.find(from + done)) {
        done = regionAfter(from + done) - PAGE - from;
        continue;
      }
      const page = from + done - this.base >> 12;
      const i = this.word + (page >> 5);
      const bit = 1 << (page & 31);
      const resident = this.resident[i]! & bit;
      const zero = this.zero[i]! & bit;
      this.resident[i]! &= ~bit;
      this.zero[i]! &= ~bit;
      const source = i * 32 + (page & 31);
      this.make(to + done);
      const target = to + done - this.base >> 12;
      const j = this.word + (target >> 5);
      if (resident) this.resident[j]! |= 1 << (target & 31);
      if (zero) this.zero[j]! |= 1 << (target & 31);
      this.frames?.move(source, j * 32 + (target & 31));
    }
    return true;
  }

  /** Bytes of `start` .. `end` - 1 that lie on resident pages; O(pages / 32). */
  residentBytesIn(start: Address, end: Address): number {
    let bytes = 0;
    for (let at = start; at < end; at = regionAfter(at)) {
      if (!this.find(at)) continue;
      const stop = Math.min(end - this.base, REGION);
      const first = at - this.base >> 12;
      const last = lastPage(stop);
      for (let w = first >> 5; w <= last >> 5; w++) {
        const word = this.resident[this.word + w]!;
        bytes += population(word & maskOf(w, first, last)) * PAGE;
      }
      if (this.isSet(first)) bytes -= (at - this.base) % PAGE;
      if (this.isSet(last)) bytes -= (last + 1) * PAGE - stop;
    }
    return bytes;
  }

  /** Follows frames that were moved. O(pages of all tables). */
  relocate(moves: Relocation): void {
    const frames = this.frames;
    for (let i = 0; frames && i < this.tables * PAGES; i++) {
      if (this.resident[i >> 5]! >>> (i & 31) & 1) frames.relocate(i, moves);
    }
    frames?.relocateHuge(moves);
  }

  /** Visits the frame of every table in use, if they take any. */
  eachTableFrame(visit: (pfn: Pfn) => void): void {
    const unused = new Set(this.unused);
    this.tablePfn.forEach((pfn, table) => unused.has(table) || visit(pfn));
  }

  /** Visits the frame of every resident page; there must be an allocator. */
  eachFrame(visit: (pfn: Pfn) => void): void {
    const frames = this.frames;
    for (let i = 0; frames && i < this.tables * PAGES; i++) {
      if (this.resident[i >> 5]! >>> (i & 31) & 1) visit(frames.at(i));
    }
  }

  /** Throws InvariantError unless residentPages = bits set, none of them zero pages. */
  check(): void {
    let pages = 0;
    for (let i = 0; i < this.tables * WORDS; i++) {
      pages += population(this.resident[i]!);
      invariant(
        (this.resident[i]! & this.zero[i]!) === 0,
        `Word ${i}: a page is resident and the zero page`,
      );
    }
    invariant(
      pages === this.residentPages,
      `${pages} resident bits, ${this.residentPages} counted`,
    );
  }

  /** Backs the pages `missing` of word `w`; false if a frame was missing. */
  private back(w: number, missing: number): boolean {
    const i = this.word + w;
    let backed = missing;
    if (this.frames) {
      for (let bits = missing; bits !== 0; bits &= bits - 1) {
        const bit = 31 - Math.clz32(bits & -bits);
        if (this.frames.take(i * 32 + bit)) continue;
        this.refusedFaults++;
        backed = missing & ((1 << bit) - 1);
        break;
      }
    }
    this.resident[i]! |= backed;
    this.zero[i]! &= ~backed;
    const pages = population(backed);
    this.countPages(pages);
    this.events.writeFaults += pages;
    return backed === missing;
  }

  /** Backs the region of `at` with one huge page, if there is room for one. */
  private writeHuge(at: Address, low: Address, high: Address): boolean {
    if (!isWhole(at, low, high)) return false;
    if (this.find(at) && !this.isAll(this.zero, ALL)) return false;
    if (!this.make(at)) return false;
    if (this.frames?.takeHuge(this.word * 32) === false) return false;
    this.resident.fill(ALL, this.word, this.word + WORDS);
    this.zero.fill(0, this.word, this.word + WORDS);
    this.countPages(PAGES);
    this.events.hugeFaults++;
    return true;
  }

  private countPages(pages: number): void {
    this.residentPages += pages;
    if (this.residentPages > this.peakPages) {
      this.peakPages = this.residentPages;
    }
  }

  /** Whether every word of `bits` for the region used last is `value`. */
  private isAll(bits: Uint32Array, value: number): boolean {
    for (let w = 0; w < WORDS; w++) {
      if (bits[this.word + w] !== value) return false;
    }
    return true;
  }

  /** Makes the region of `address` the one used last; false without a table. */
  private find(address: Address): boolean {
    const region = Math.floor(address / REGION);
    const slot = region & TLB - 1;
    this.base = region * REGION;
    if (this.tlb[slot] === region) {
      this.word = this.tlbWord[slot]!;
      return true;
    }
    const table = this.directory[Math.floor(region / FAN)]?.[region % FAN];
    if (table === undefined || table < 0) return false;
    this.tlb[slot] = region;
    this.word = this.tlbWord[slot] = table * WORDS;
    return true;
  }

  /** Whether page `page` of the region used last is resident. */
  private isSet(page: number): boolean {
    return (this.resident[this.word + (page >> 5)]! >>> (page & 31) & 1) !==
      0;
  }

  /** As `find`, with a new table if there is none; false without a frame. */
  private make(address: Address): boolean {
    if (this.find(address)) return true;
    const pfn = this.tableFrames?.allocPages(0, UNMOVABLE) ?? 0;
    if (pfn === NULL) return false;
    const region = Math.floor(address / REGION);
    const table = this.unused.pop() ?? this.tables++;
    if (this.tableFrames) this.tablePfn[table] = pfn;
    (this.directory[Math.floor(region / FAN)] ??= new Int32Array(FAN)
      .fill(-1))[region % FAN] = table;
    if (this.tables * WORDS > this.resident.length) this.grow();
    return this.find(address);
  }

  /** Takes the empty table of the region of `address` away. */
  private discard(address: Address): void {
    const region = Math.floor(address / REGION);
    this.directory[Math.floor(region / FAN)]![region % FAN] = -1;
    this.tlb[region & TLB - 1] = -1;
    const table = this.word / WORDS;
    this.unused.push(table);
    this.tableFrames?.freePages(this.tablePfn[table]!, 0);
  }

  private grow(): void {
    const length = 2 * this.resident.length;
    this.resident = longer(this.resident, length);
    this.zero = longer(this.zero, length);
    this.frames?.grow(32 * length);
  }
}
