/**
 * musl's malloc (mallocng), exact to the address.
 *
 * A request takes a slot of its size class (`supply.ts`). Where the block lies
 * in the slot moves on from use to use (`placement.ts`), so that a stale
 * pointer is noticed. Groups of few short slots lie in a slot of a longer
 * class. A group goes back to the system when its last slot is freed
 * (`release.ts`), unless its class bounces: was unmapped and mapped again a
 * hundred times.
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
  type CensusRow,
  type Counters,
  type ListVisitor,
  notLive,
  NULL,
  type Usage,
} from "../allocator.ts";
import { PAGE, type PageSource, pageUp } from "../pages.ts";
import type { SlabVisitor } from "../slab_view.ts";
import {
  classOf,
  IN_BAND,
  MAPPED_FROM,
  MAPPING,
  STRIDE,
  UNIT,
} from "./classes.ts";
import { Contents } from "./contents.ts";
import { donate } from "./donated.ts";
import { GROUP_HEADER, MOST_SLOTS, NONE } from "./groups.ts";
import {
  census,
  checkHeap,
  eachFree,
  eachGroup,
  histogram,
  largestFree,
  walkHeap,
} from "./inspect.ts";
import { inWords, Path } from "./path.ts";
import { Placement } from "./placement.ts";
import { Release } from "./release.ts";
import { State } from "./state.ts";
import { MAPPING_OVERHEAD, Supply } from "./supply.ts";

/** Requests above this many bytes are refused. */
const LONGEST = 2 ** 63 - 2 * PAGE;

/** A heap; every operation is O(1) but for rings of groups without a free slot. */
export class Musl implements Allocator {
  readonly counters: Counters;
  private readonly state: State;
  private readonly placement: Placement;
  private readonly supply: Supply;
  private readonly releasing: Release;
  readonly resizesToNothing = true;

  /**
   * An empty heap over `source`, which may have gaps to use. With `fills` the
   * program writes the byte (operation | 1) mod 256 over every block that it
   * gets, all of it.
   */
  constructor(source: PageSource, private readonly fills = false) {
    this.state = new State(source);
    this.counters = this.state.counters;
    this.placement = new Placement(this.state);
    this.supply = new Supply(this.state, this.placement);
    this.releasing = new Release(this.state);
    for (const [from, to] of source.donated ?? []) {
      donate(this.state, from, to);
    }
  }

  malloc(size: number): Address {
    this.state.path = 0;
    if (size >= MAPPED_FROM) return this.map(size);
    const slot = this.supply.take(this.supply.classFor(size), size);
    return slot === NONE ? this.refused() : this.placement.place(slot, size);
  }

  free(address: Address): void {
    const slot = this.state.blocks.take(address) - 1;
    if (slot < 0) throw notLive(address);
    const { state, placement } = this;
    const { groups } = state;
    state.path = 0;
    placement.freed(slot);
    state.allocated -= groups.size[slot]!;
    this.releasing.release(slot);
  }

  realloc(address: Address, _oldSize: number, size: number): Address {
    const slot = this.slotAt(address);
    const { placement } = this;
    const { groups, source, counters } = this.state;
    this.state.path = 0;
    const g = slot >> 5;
    const old = groups.size[slot]!;
    const room = groups.stride[g]! - IN_BAND - groups.offset[slot]!;
    if (
      size <= room && size < MAPPED_FROM &&
      classOf(size) + 1 >= groups.sizeClass[g]!
    ) {
      this.state.path |= Path.IN_PLACE;
      placement.resize(slot, size);
      return address;
    }
    if (groups.sizeClass[g] === MAPPING && size >= MAPPED_FROM) {
      const moved = this.remap(slot, address, size);
      if (moved !== NULL) return moved;
    }
    const to = this.malloc(size);
    if (to === NULL) return NULL;
    const { path } = this.state;
    const bytes = Math.min(old, size);
    source.move(address, to, bytes);
    counters.bytesMoved += bytes;
    placement.copy(slot, this.slotAt(to), bytes);
    this.free(address);
    this.state.path |= path | Path.MOVED;
    return to;
  }

  calloc(size: number): Address {
    const address = this.malloc(size);
    if (address === NULL) return NULL;
    const { source } = this.state;
    const g = this.slotAt(address) >> 5;
    if (this.isOwnMapping(g)) return address;
    this.write(address, size, 0);
    // From a page on it looks before it clears, from the end.
    if (size < PAGE) source.touch(address, size);
    else source.read(address, size);
    return address;
  }

  memalign(alignment: number, size: number): Address {
    // A power of two has one bit; 0, which has none, is taken as well.
    if (alignment > 0 && !Number.isInteger(Math.log2(alignment))) {
      this.state.path = 0;
      return this.refused();
    }
    if (alignment <= UNIT) return this.malloc(size);
    const low = this.malloc(size + alignment - UNIT);
    if (low === NULL || low % alignment === 0) {
      if (low !== NULL) this.placement.resize(this.slotAt(low), size);
      return low;
    }
    const { blocks, groups } = this.state;
    const address = Math.ceil(low / alignment) * alignment;
    const slot = blocks.take(low) - 1;
    blocks.set(address, slot + 1);
    const start = groups.slotStart(slot >> 5, slot & 31);
    this.placement.moveUp(slot, address - start);
    this.placement.resize(slot, size);
    return address;
  }

  usableSize(address: Address): number {
    return this.state.groups.size[this.slotAt(address)]!;
  }

  isMapped(address: Address): boolean {
    return this.state.groups.sizeClass[this.slotAt(address) >> 5] === MAPPING;
  }

  get footprint(): number {
    return this.state.footprint;
  }

  explain(): string {
    return inWords(this.state.path);
  }

  usage(): Usage {
    const { allocated, footprint } = this.state;
    const lengths = histogram(this.state).usage();
    return {
      ...lengths,
      allocated,
      cached: 0,
      metadata: footprint - allocated - lengths.free,
      footprint,
      largestFree: largestFree(this.state),
      largestServeable: Infinity,
      side: 0,
    };
  }

  census(): CensusRow[] {
    return census(this.state);
  }

  eachBinned(visit: ListVisitor): void {
    eachFree(this.state, visit);
  }

  eachSlab(visit: SlabVisitor): void {
    eachGroup(this.state, visit);
  }

  walk(visit: BlockVisitor): void {
    walkHeap(this.state, visit);
  }

  check(): void {
    checkHeap(this.state);
  }

  written(address: Address, size: number, op: number): void {
    if (!this.fills) return;
    this.state.source.touch(address, size);
    this.write(address, size, (op | 1) & 255);
  }

  /** Writes the byte `value` over the first `bytes` bytes of a live block. */
  private write(address: Address, bytes: number, value: number): void {
    const slot = this.slotAt(address);
    const { contents, groups } = this.state;
    const unit = groups.blockUnit[slot]!;
    contents.write(unit, this.placement.kept(slot, bytes), value);
  }

  private refused(): Address {
    this.state.path |= Path.REFUSED;
    return NULL;
  }

  private slotAt(address: Address): number {
    const slot = this.state.blocks.get(address) - 1;
    if (slot < 0) throw notLive(address);
    return slot;
  }

  /** A block that is a mapping of its own. */
  private map(size: number): Address {
    this.state.path |= Path.MMAP;
    if (size > LONGEST) return this.refused();
    const bytes = pageUp(size + MAPPING_OVERHEAD);
    const { groups, bounces, contents } = this.state;
    const start = this.state.map(bytes);
    if (start === NULL) return this.refused();
    bounces.step();
    const pages = bytes / PAGE;
    const unit = contents.take(Contents.lengthOf(pages, 1));
    const g = this.state.describe(
      MAPPING,
      start,
      unit,
      bytes - GROUP_HEADER,
      1,
    );
    groups.pages[g] = pages;
    return this.placement.place(g * MOST_SLOTS, size);
  }

  /** Resizes a mapping; {@linkcode NULL} if the system refuses. */
  private remap(slot: number, address: Address, size: number): Address {
    const { state } = this;
    const { groups, blocks } = state;
    const g = slot >> 5;
    const offset = groups.offset[slot]!;
    const bytes = pageUp(size + offset + MAPPING_OVERHEAD);
    const old = groups.pages[g]! * PAGE;
    let to = address;
    if (bytes !== old) {
      const start = state.source.mremap(groups.start[g]!, old, bytes);
      if (start === NULL) return NULL;
      state.path |= Path.MREMAP;
      state.footprint += bytes - old;
      groups.start[g] = start;
      groups.pages[g] = bytes / PAGE;
      groups.stride[g] = bytes - GROUP_HEADER;
      to = start + GROUP_HEADER + offset;
      if (to !== address) {
        blocks.take(address);
        blocks.set(to, slot + 1);
      }
    }
    this.placement.resize(slot, size);
    return to;
  }

  /** Whether `g` is a mapping for one request, of which nothing was used before. */
  private isOwnMapping(g: number): boolean {
    const { groups } = this.state;
    const c = groups.sizeClass[g]!;
    return c === MAPPING || groups.stride[g]! < STRIDE[c]!;
  }
}
