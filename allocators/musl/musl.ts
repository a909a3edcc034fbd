/**
 * musl's malloc (mallocng), exact to the address.
 *
 * A request takes a slot of its size class. Where the block lies in the slot
 * moves on from use to use (offset cycling), so that a stale pointer is
 * noticed; the offset is read from bytes that an earlier block left there.
 * Groups of few short slots lie in a slot of a longer class. A group goes back
 * to the system when its last slot is freed, unless its class bounces: was
 * unmapped and mapped again a hundred times.
 *
 * Simplified: one thread, x86-64; the break always moves.
 *
 * Source: musl 1.2.6 as in Debian, observed.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  Counters,
  notLive,
  NULL,
  type Usage,
} from "../allocator.ts";
import { AddressTable } from "../freelist/address_table.ts";
import { FreeHistogram } from "../histogram.ts";
import { PAGE, type PageSource } from "../pages.ts";
import { Bounces } from "./bounces.ts";
import {
  classOf,
  IN_BAND,
  LONGEST_NESTED,
  MAPPED_FROM,
  MAPPING,
  reducedSlots,
  slotsOf,
  STRIDE,
  UNIT,
} from "./classes.ts";
import { Contents } from "./contents.ts";
import { GROUP_HEADER, Groups, MOST_SLOTS, NONE } from "./groups.ts";
import { checkHeap, walkHeap } from "./inspect.ts";

/** Bytes that a mapping needs beyond the request. */
const MAPPING_OVERHEAD = GROUP_HEADER + IN_BAND;
/** Requests above this many bytes are refused. */
const LONGEST = 2 ** 63 - 2 * PAGE;
/** Descriptors of groups in a page of them. */
const DESCRIPTORS = 101;
/** The tag of a freed block. */
const TAG_FREED = 255;
/** The tag at the start of a slot whose block lies further up. */
const TAG_MOVED = 224;
/** The size of a slot that holds a group. */
export const NESTED = -1;

/** A heap; every operation is O(1) but for rings of groups without a free slot. */
export class Musl implements Allocator {
  readonly counters: Counters = new Counters();
  readonly groups: Groups = new Groups();
  /** Slots of live blocks, as group x 32 + index + 1, by address. */
  readonly blocks: AddressTable = new AddressTable();
  /** Pages taken from the break for descriptors, the guard included. */
  descriptorPages = 0;
  /** Address of the first of them. */
  descriptors: Address = NULL;
  footprint = 0;
  private readonly contents = new Contents();
  private readonly bounces = new Bounces();
  private readonly free_ = new FreeHistogram();
  // Slots in existence, by class.
  private readonly used = new Float64Array(MAPPING + 1);
  // Mappings made so far.
  private mappings = 0;
  private allocated = 0;

  /** An empty heap over `source`; `donated` are the gaps of a dynamic program. */
  constructor(
    private readonly source: PageSource,
    donated: readonly (readonly [Address, Address])[] = [],
  ) {
    for (const [start, end] of donated) this.donate(start, end);
  }

  malloc(size: number): Address {
    if (size >= MAPPED_FROM) return this.map(size);
    const slot = this.take(this.classFor(size), size);
    return slot === NONE ? NULL : this.place(slot, size);
  }

  free(address: Address): void {
    const slot = this.blocks.take(address) - 1;
    if (slot < 0) throw notLive(address);
    const { groups, contents } = this;
    const unit = this.unitOf(slot);
    contents.tag[unit - 1] = TAG_FREED;
    contents.offset[unit - 1] = 0;
    this.allocated -= groups.size[slot]!;
    this.release(slot);
  }

  realloc(address: Address, _oldSize: number, size: number): Address {
    const slot = this.slotAt(address);
    const { groups } = this;
    const g = slot >> 5;
    const old = groups.size[slot]!;
    const room = groups.stride[g]! - IN_BAND - groups.offset[slot]!;
    if (
      size <= room && size < MAPPED_FROM &&
      classOf(size) + 1 >= groups.sizeClass[g]!
    ) {
      this.resize(slot, size);
      return address;
    }
    if (groups.sizeClass[g] === MAPPING && size >= MAPPED_FROM) {
      const moved = this.remap(slot, address, size);
      if (moved !== NULL) return moved;
    }
    const to = this.malloc(size);
    if (to === NULL) return NULL;
    const bytes = Math.min(old, size);
    this.source.move(address, to, bytes);
    this.counters.bytesMoved += bytes;
    this.copy(slot, this.slotAt(to), bytes);
    this.free(address);
    return to;
  }

  calloc(size: number): Address {
    const address = this.malloc(size);
    if (address === NULL) return NULL;
    const g = this.slotAt(address) >> 5;
    if (this.isOwnMapping(g)) return address;
    this.write(address, size, 0);
    // From a page on it looks before it clears, from the end.
    if (size < PAGE) this.source.touch(address, size);
    else this.source.read(address, size);
    return address;
  }

  memalign(alignment: number, size: number): Address {
    if (!Number.isInteger(Math.log2(alignment))) return NULL;
    if (alignment <= UNIT) return this.malloc(size);
    const low = this.malloc(size + alignment - UNIT);
    if (low === NULL || low % alignment === 0) {
      if (low !== NULL) this.resize(this.slotAt(low), size);
      return low;
    }
    const address = Math.ceil(low / alignment) * alignment;
    const slot = this.blocks.take(low) - 1;
    const { groups, contents } = this;
    const g = slot >> 5;
    const i = slot & 31;
    const offset = address - groups.slotStart(g, i);
    const start = groups.slotUnit(g, i) - 1;
    contents.tag[start] = TAG_MOVED;
    contents.offset[start] = (offset / UNIT) % 2 ** 16;
    groups.offset[slot] = offset;
    this.blocks.set(address, slot + 1);
    this.resize(slot, size);
    return address;
  }

  usableSize(address: Address): number {
    return this.groups.size[this.slotAt(address)]!;
  }

  isMapped(address: Address): boolean {
    return this.groups.sizeClass[this.slotAt(address) >> 5] === MAPPING;
  }

  usage(): Usage {
    const { allocated, footprint } = this;
    const lengths = this.free_.usage();
    const cached = 0;
    return {
      ...lengths,
      allocated,
      cached,
      metadata: footprint - allocated - lengths.free,
      footprint,
      largestFree: this.largestFree(),
      largestServeable: Infinity,
      side: 0,
    };
  }

  walk(visit: BlockVisitor): void {
    walkHeap(this, visit);
  }

  check(): void {
    checkHeap(this);
  }

  /** The program writes the byte `value` over a live block's first `bytes` bytes. */
  write(address: Address, bytes: number, value: number): void {
    const slot = this.slotAt(address);
    const unit = this.unitOf(slot);
    this.contents.write(unit, this.kept(slot, bytes), value);
  }

  private slotAt(address: Address): number {
    const slot = this.blocks.get(address) - 1;
    if (slot < 0) throw notLive(address);
    return slot;
  }

  /** The unit of the contents at which the block in `slot` starts. */
  private unitOf(slot: number): number {
    const { groups } = this;
    return groups.slotUnit(slot >> 5, slot & 31) + groups.offset[slot]! / UNIT;
  }

  /** How many of the first `bytes` bytes of the block in `slot` are kept. */
  private kept(slot: number, bytes: number): number {
    const g = slot >> 5;
    if (this.groups.last[g] !== 0 || this.groups.outer[g] !== NONE) {
      return bytes;
    }
    const units = Contents.lengthOf(1, 1) - 1 -
      this.groups.offset[slot]! / UNIT;
    return Math.max(0, Math.min(bytes, units * UNIT));
  }

  private copy(from: number, to: number, bytes: number): void {
    this.contents.copy(
      this.unitOf(from),
      this.unitOf(to),
      Math.min(this.kept(from, bytes), this.kept(to, bytes)),
    );
  }

  /** The class that serves `size` bytes: the next one while little is in use. */
  private classFor(size: number): number {
    const c = classOf(size);
    const { groups, used } = this;
    if (
      groups.active[c] !== NONE || c < 4 || c >= 32 || c % 2 === 1 ||
      c === 6 || used[c] !== 0
    ) return c;
    const head = groups.active[c + 1]!;
    const full = head === NONE ||
      groups.available[head] === 0 && groups.freed[head] === 0;
    return used[c + 1]! + (full ? 3 : 0) <= 12 ? c + 1 : c;
  }

  /** A slot of class `c` for `size` bytes, now in use; {@linkcode NONE}. */
  private take(c: number, size: number): number {
    const { groups } = this;
    const head = groups.active[c]!;
    this.counters.searchSteps++;
    let mask = head === NONE ? 0 : groups.available[head]!;
    if (mask === 0) mask = this.refill(c);
    if (mask === 0) return this.newGroup(c, size);
    const g = groups.active[c]!;
    const i = 31 - Math.clz32(mask & -mask);
    groups.available[g] = mask & (mask - 1);
    this.free_.remove(groups.stride[g]!);
    return g * MOST_SLOTS + i;
  }

  /** Makes slots of ring `c` available; the mask of them, 0 if it has none. */
  private refill(c: number): number {
    const { groups } = this;
    const { active, freed, next } = groups;
    let g = active[c]!;
    if (g === NONE) return 0;
    this.counters.searchSteps++;
    if (freed[g] === 0) {
      groups.remove(c, g);
      g = active[c]!;
      if (g === NONE) return 0;
    } else g = active[c] = next[g]!;
    if (freed[g] === groups.allSlots(g) && groups.freeable[g] === 1) {
      g = active[c] = next[g]!; // skips a group that nobody uses
    }
    if ((freed[g]! & groups.activeSlots(g)) === 0) {
      if (next[g] !== g) g = active[c] = next[g]!;
      else this.activateMore(g);
    }
    this.bounces.decay(c);
    return groups.activate(g);
  }

  /** Lets slots of `g` be handed out up to the next page boundary. */
  private activateMore(g: number): void {
    const { groups } = this;
    const stride = groups.stride[g]!;
    let count = groups.activeTo[g]! + 2;
    let span = GROUP_HEADER + stride * count;
    while (Math.floor(span / PAGE) === Math.floor((span + stride - 1) / PAGE)) {
      count++;
      span += stride;
    }
    groups.activeTo[g] = Math.min(count, groups.last[g]! + 1) - 1;
  }

  /** The first slot of a new group of class `c` for `size` bytes; {@linkcode NONE}. */
  private newGroup(c: number, size: number): number {
    const count = slotsOf(c, this.used[c]!);
    const stride = STRIDE[c]!;
    const bytes = stride * count + GROUP_HEADER;
    const g = bytes <= LONGEST_NESTED
      ? this.nestedGroup(c, count, bytes)
      : this.mappedGroup(c, count, size);
    if (g === NONE) return NONE;
    const { groups } = this;
    const slots = groups.last[g]! + 1;
    this.used[c]! += slots;
    for (let i = 1; i < slots; i++) this.free_.add(groups.stride[g]!);
    groups.available[g]! &= ~1;
    groups.append(c, g);
    return g * MOST_SLOTS;
  }

  private nestedGroup(c: number, count: number, bytes: number): number {
    const j = classOf(bytes - IN_BAND);
    const outer = this.take(j, bytes - IN_BAND);
    if (outer === NONE) return NONE;
    const { groups } = this;
    const host = outer >> 5;
    const i = outer & 31;
    const start = groups.slotStart(host, i);
    const unit = groups.slotUnit(host, i);
    groups.size[outer] = NESTED;
    groups.offset[outer] = 0;
    this.header(host, i, 0, 6);
    this.source.touch(start - IN_BAND, IN_BAND + 9);
    this.counters.splits++;
    const g = this.describe(c, start, unit, STRIDE[c]!, count);
    groups.outer[g] = outer;
    groups.activeTo[g] = count - 1;
    groups.available[g] = groups.allSlots(g);
    if (this.source.lazy) {
      for (let k = 0; k <= count; k++) {
        this.source.touch(groups.slotStart(g, k) - IN_BAND, 1);
      }
    }
    return g;
  }

  private mappedGroup(c: number, most: number, size: number): number {
    const { bounces, used, groups } = this;
    const stays = bounces.isBouncing(c);
    bounces.made(c);
    let slots = used[c]!;
    if (c % 2 === 0 && c < 32) slots += used[c + 1]!;
    const stride = STRIDE[c]!;
    let count = 4 * most > slots && !stays ? reducedSlots(c, most) : most;
    let bytes = pageUp(stride * count + GROUP_HEADER);
    if (!stays && count <= 7) {
      const alone = pageUp(size + MAPPING_OVERHEAD);
      if (
        alone < stride + GROUP_HEADER || alone >= 16_384 && 2 * count > slots
      ) {
        count = 1;
        bytes = alone;
      }
    }
    const start = this.source.mmap(bytes);
    if (start === NULL) return NONE;
    this.mappings++;
    const pages = bytes / PAGE;
    const unit = this.contents.take(Contents.lengthOf(pages, count));
    const length = count === 1 ? bytes - GROUP_HEADER : stride;
    const g = this.describe(c, start, unit, length, count);
    groups.pages[g] = pages;
    const first = Math.max(Math.floor((PAGE - GROUP_HEADER) / length) - 1, 0);
    groups.activeTo[g] = Math.min(first, count - 1);
    groups.available[g] = groups.activeSlots(g);
    groups.freed[g] = (groups.allSlots(g) ^ groups.activeSlots(g)) >>> 0;
    this.footprint += bytes;
    this.source.touch(start, 9);
    return g;
  }

  /** A block that is a mapping of its own. */
  private map(size: number): Address {
    if (size > LONGEST) return NULL;
    const bytes = pageUp(size + MAPPING_OVERHEAD);
    const start = this.source.mmap(bytes);
    if (start === NULL) return NULL;
    this.bounces.step();
    const pages = bytes / PAGE;
    const unit = this.contents.take(Contents.lengthOf(pages, 1));
    const g = this.describe(MAPPING, start, unit, bytes - GROUP_HEADER, 1);
    this.groups.pages[g] = pages;
    this.mappings++;
    this.footprint += bytes;
    this.source.touch(start, 9);
    return this.place(g * MOST_SLOTS, size);
  }

  /** Resizes a mapping; {@linkcode NULL} if the system refuses. */
  private remap(slot: number, address: Address, size: number): Address {
    const { groups } = this;
    const g = slot >> 5;
    const offset = groups.offset[slot]!;
    const bytes = pageUp(size + offset + MAPPING_OVERHEAD);
    const old = groups.pages[g]! * PAGE;
    let to = address;
    if (bytes !== old) {
      const start = this.source.mremap(groups.start[g]!, old, bytes);
      if (start === NULL) return NULL;
      this.footprint += bytes - old;
      groups.start[g] = start;
      groups.pages[g] = bytes / PAGE;
      groups.stride[g] = bytes - GROUP_HEADER;
      to = start + GROUP_HEADER + offset;
      if (to !== address) {
        this.blocks.take(address);
        this.blocks.set(to, slot + 1);
      }
    }
    this.resize(slot, size);
    return to;
  }

  /** Describes a new group; what is available in it is to be set. */
  private describe(
    c: number,
    start: Address,
    unit: number,
    stride: number,
    count: number,
  ): number {
    const { groups } = this;
    const g = groups.take();
    if (groups.most > DESCRIPTORS * Math.max(0, this.descriptorPages - 1)) {
      this.moreDescriptors();
    }
    groups.start[g] = start;
    groups.unit[g] = unit;
    groups.stride[g] = stride;
    groups.sizeClass[g] = c;
    groups.last[g] = count - 1;
    groups.activeTo[g] = 0;
    groups.available[g] = groups.freed[g] = 0;
    groups.pages[g] = 0;
    groups.outer[g] = NONE;
    groups.freeable[g] = 1;
    return g;
  }

  /** A page for descriptors; the first comes with a guard below it. */
  private moreDescriptors(): void {
    const pages = this.descriptorPages === 0 ? 2 : 1;
    const start = this.source.sbrk(pages * PAGE);
    if (start === NULL) return;
    if (this.descriptorPages === 0) this.descriptors = start;
    this.descriptorPages += pages;
    this.footprint += pages * PAGE;
    this.source.touch(start + (pages - 1) * PAGE, 1);
  }

  /** Places a block of `size` bytes in `slot`, which was just taken. */
  private place(slot: number, size: number): Address {
    const { groups, contents } = this;
    const g = slot >> 5;
    const i = slot & 31;
    const end = groups.stride[g]! - IN_BAND;
    const slack = Math.floor((end - size) / UNIT);
    const before = groups.slotUnit(g, i) - 1;
    let offset =
      (contents.tag[before] !== 0
        ? contents.offset[before]! + 1
        : this.mappings) & 255;
    if (offset > slack) {
      let mask = slack;
      mask |= mask >> 1;
      mask |= mask >> 2;
      mask |= mask >> 4;
      offset &= mask;
      if (offset > slack) offset -= slack + 1;
    }
    const start = groups.slotStart(g, i);
    if (offset > 0) {
      contents.tag[before] = TAG_MOVED;
      contents.offset[before] = offset;
      this.source.touch(start - 3, 3);
    }
    groups.offset[slot] = offset * UNIT;
    const address = start + offset * UNIT;
    this.blocks.set(address, slot + 1);
    groups.size[slot] = 0;
    this.resize(slot, size);
    return address;
  }

  /** Writes what the header and the end of the block in `slot` say of its size. */
  private resize(slot: number, size: number): void {
    const { groups, contents, source } = this;
    const g = slot >> 5;
    const i = slot & 31;
    const offset = groups.offset[slot]!;
    const rest = groups.stride[g]! - IN_BAND - offset - size;
    this.allocated += size - groups.size[slot]!;
    groups.size[slot] = size;
    if (rest > 0 && this.kept(slot, size + 1) > size) {
      contents.zero(this.unitOf(slot), size);
    }
    this.header(g, i, offset, Math.min(rest, 5));
    if (!source.lazy) return;
    const address = groups.slotStart(g, i) + offset;
    source.touch(address - IN_BAND, IN_BAND);
    if (rest > 0) source.touch(address + size, 1);
    if (rest >= 5) source.touch(address + size + rest - 5, 5);
  }

  /** The tag and offset before a block at `offset` bytes of slot `i` of `g`. */
  private header(g: number, i: number, offset: number, rest: number): void {
    const { groups, contents } = this;
    const from = i * groups.stride[g]! + offset;
    const unit = groups.slotUnit(g, i) + offset / UNIT - 1;
    contents.tag[unit] = i + 32 * rest;
    contents.offset[unit] = from / UNIT > 65_535 ? 0 : from / UNIT;
  }

  /** A slot is free: its bit is set, or its whole group goes. */
  private release(slot: number): void {
    const { groups } = this;
    const g = slot >> 5;
    const self = 2 ** (slot & 31);
    const mask = (groups.freed[g]! | groups.available[g]!) >>> 0;
    const c = groups.sizeClass[g]!;
    if (mask + self === groups.allSlots(g) && this.goes(g, c)) {
      this.dissolve(g, c);
      return;
    }
    if (mask === 0 && groups.active[c] !== g) groups.append(c, g);
    groups.freed[g]! += self;
    this.free_.add(groups.stride[g]!);
  }

  /** Whether the group `g`, of which no slot is in use, is given up. */
  private goes(g: number, c: number): boolean {
    const { groups } = this;
    if (groups.freeable[g] === 0) return false;
    if (c === MAPPING || groups.stride[g]! < STRIDE[c]!) return true;
    if (groups.outer[g] !== NONE || groups.next[g] !== g) return true;
    if (!this.bounces.isBouncing(c)) return true;
    const slots = groups.last[g]! + 1;
    return 9 * slots <= this.used[c]! && slots < 20;
  }

  private dissolve(g: number, c: number): void {
    const { groups, free_ } = this;
    const stride = groups.stride[g]!;
    const slots = groups.last[g]! + 1;
    for (let i = 1; i < slots; i++) free_.remove(stride);
    if (groups.next[g] !== NONE) {
      const wasHead = groups.active[c] === g;
      groups.remove(c, g);
      const head = groups.active[c]!;
      if (wasHead && head !== NONE) groups.activate(head);
    }
    if (c !== MAPPING) this.used[c]! -= slots;
    const outer = groups.outer[g]!;
    if (outer === NONE) {
      const pages = groups.pages[g]!;
      this.bounces.gone(c);
      this.contents.give(groups.unit[g]!, Contents.lengthOf(pages, slots));
      this.footprint -= pages * PAGE;
      this.source.munmap(groups.start[g]!, pages * PAGE);
      groups.give(g);
    } else {
      groups.give(g);
      this.counters.coalesces++;
      this.release(outer);
    }
  }

  /** Whether `g` is a mapping for one request, of which nothing was used before. */
  private isOwnMapping(g: number): boolean {
    const c = this.groups.sizeClass[g]!;
    return c === MAPPING || this.groups.stride[g]! < STRIDE[c]!;
  }

  private largestFree(): number {
    const { groups } = this;
    let largest = 0;
    for (let c = 0; c < STRIDE.length; c++) {
      const head = groups.active[c]!;
      for (let g = head; g !== NONE;) {
        if ((groups.freed[g]! | groups.available[g]!) !== 0) {
          largest = Math.max(largest, groups.stride[g]!);
        }
        g = groups.next[g]!;
        if (g === head) break;
      }
    }
    return largest;
  }

  /** Lays one-slot groups into a gap of the program's memory, the longest first. */
  private donate(from: Address, to: Address): void {
    const { groups } = this;
    const end = Math.floor(to / UNIT) * UNIT;
    let start = Math.ceil(from / UNIT) * UNIT;
    for (let c = STRIDE.length - 1; c >= 3; c -= 4) {
      const stride = STRIDE[c]!;
      if (end - start < stride + GROUP_HEADER) continue;
      const unit = this.contents.take(Contents.lengthOf(1, 1));
      const g = this.describe(c, start, unit, stride, 1);
      groups.freeable[g] = 0;
      groups.freed[g] = 1;
      this.contents.tag[unit] = TAG_FREED;
      groups.append(c, g);
      this.free_.add(stride);
      this.footprint += stride + GROUP_HEADER;
      start += stride + GROUP_HEADER;
    }
  }
}

function pageUp(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}
