/**
 * Extents: runs of pages that serve one slab or one large block, or are free.
 *
 * Splits and joins stay within a mapping, so the extents of a mapping form a
 * list in address order and each knows its neighbours.
 *
 * @module
 */
import { type Address, invariant } from "../allocator.ts";
import { IndexLists } from "../index_lists.ts";
import { longer } from "../longer.ts";
import { PAGE } from "../pages.ts";
import type { OwnMemory } from "./own.ts";

/** No extent. */
export const NONE = 0;
/** Most blocks of a slab. */
export const MOST_REGIONS = 512;
/** Words of the map of a slab. */
export const MAP_WORDS: number = MOST_REGIONS / 32;
/** Extents that there can be: a block is an extent and a region in 31 bits. */
const MOST = 2 ** 22;

/** What becomes of an extent. */
export const State = { ACTIVE: 0, DIRTY: 1, RETAINED: 2 } as const;
/** What an active extent holds, if it is no slab; a slab has its class here. */
export const Holds = { LARGE: 254, OWN: 255 } as const;

/** Every extent by its number, from 1 on; columns are indexed by it. */
export class Extents {
  start = new Float64Array(256);
  bytes = new Float64Array(256);
  /** Extents of one mapping share a number; later mappings have higher ones. */
  serial = new Int32Array(256);
  state = new Uint8Array(256);
  /** 0, or 1 for requests that are huge. */
  arena = new Uint8Array(256);
  /** Neighbours in the mapping; {@linkcode NONE}. */
  below = new Int32Array(256);
  above = new Int32Array(256);
  /** Small class or `Holds`, valid while active. */
  holds = new Uint8Array(256);
  /** Bytes from the start to the block, valid in active extents that are no slabs. */
  offset = new Float64Array(256);
  /** Free blocks, valid in slabs. */
  free = new Int32Array(256);
  /** Bit r of its {@linkcode MAP_WORDS} words: block r is free; valid in slabs. */
  map = new Uint32Array(256 * MAP_WORDS);

  // Links of the heap that holds it, valid while in one: see `PairingHeaps`.
  child = new Int32Array(256);
  next = new Int32Array(256);
  previous = new Int32Array(256);

  /** Dirty extents of each arena, the oldest first. */
  readonly ages: IndexLists = new IndexLists(2);

  /** First extent of each mapping, in order of creation; it stays the first. */
  readonly heads: number[] = [];
  private end = 1;
  // Numbers to use again, by arena: records stay where they were made.
  private readonly spare: readonly [number[], number[]] = [[], []];

  /** None yet; `own` holds the records of each arena, the first all tables. */
  constructor(private readonly own: readonly OwnMemory[]) {
    this.ages.grow(256);
  }

  /** The number of an extent to be mapped. */
  announce(arena: number): number {
    return this.take(arena);
  }

  /** No mapping was made for `e`. */
  withdraw(e: number, arena: number): void {
    this.spare[arena]!.push(e);
  }

  /** Makes `e` the only extent of a new mapping, active. */
  mapped(
    e: number,
    start: Address,
    bytes: number,
    serial: number,
    arena: number,
  ): void {
    this.own[0]!.edge(start);
    this.own[0]!.edge(start + bytes - PAGE);
    this.start[e] = start;
    this.bytes[e] = bytes;
    this.serial[e] = serial;
    this.arena[e] = arena;
    this.state[e] = State.ACTIVE;
    this.below[e] = this.above[e] = NONE;
    this.heads.push(e);
  }

  /** Cuts an active extent after `bytes` bytes; the upper part, active. */
  split(e: number, bytes: number): number {
    const arena = this.arena[e]!;
    const upper = this.take(arena);
    const start = this.start[e]! + bytes;
    this.own[0]!.edge(start - PAGE);
    this.own[0]!.edge(start);
    this.start[upper] = start;
    this.bytes[upper] = this.bytes[e]! - bytes;
    this.bytes[e] = bytes;
    this.serial[upper] = this.serial[e]!;
    this.arena[upper] = arena;
    this.state[upper] = State.ACTIVE;
    const above = this.above[e]!;
    this.below[upper] = e;
    this.above[upper] = above;
    this.above[e] = upper;
    if (above !== NONE) this.below[above] = upper;
    return upper;
  }

  /** Joins `upper` to its lower neighbour `lower`, which remains. */
  join(lower: number, upper: number): void {
    this.bytes[lower]! += this.bytes[upper]!;
    const above = this.above[upper]!;
    this.above[lower] = above;
    if (above !== NONE) this.below[above] = lower;
    this.spare[this.arena[upper]!]!.push(upper);
  }

  /** Order of keys: the oldest mapping first, then the lowest address. */
  precedes(a: number, b: number): boolean {
    const older = this.serial[a]! - this.serial[b]!;
    return older < 0 || older === 0 && this.start[a]! < this.start[b]!;
  }

  private take(arena: number): number {
    const known = this.spare[arena]!.pop();
    if (known !== undefined) return known;
    this.own[arena]!.record();
    const e = this.end++;
    invariant(e < MOST, `More than ${MOST} extents`);
    if (e === this.start.length) this.grow();
    return e;
  }

  private grow(): void {
    const length = 2 * this.start.length;
    this.start = longer(this.start, length);
    this.bytes = longer(this.bytes, length);
    this.serial = longer(this.serial, length);
    this.state = longer(this.state, length);
    this.arena = longer(this.arena, length);
    this.below = longer(this.below, length);
    this.above = longer(this.above, length);
    this.holds = longer(this.holds, length);
    this.offset = longer(this.offset, length);
    this.free = longer(this.free, length);
    this.map = longer(this.map, length * MAP_WORDS);
    this.child = longer(this.child, length);
    this.next = longer(this.next, length);
    this.previous = longer(this.previous, length);
    this.ages.grow(length);
  }
}
