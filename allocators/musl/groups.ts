/**
 * Groups: up to 32 slots of one stride behind a header of 16 bytes, in a
 * mapping of their own or in a slot of a longer class.
 *
 * A slot is in use, available (it may be handed out), or freed (free, but not
 * yet available); a group with a slot to hand out, or that may get one, is on
 * the ring of its class.
 *
 * Source: musl 1.2.6 (mallocng), observed.
 *
 * @module
 */
import { longer } from "../longer.ts";
import type { Address } from "../allocator.ts";
import { CLASSES } from "./classes.ts";

/** No group. */
export const NONE = -1;
/** Bytes of the header before the first slot. */
export const GROUP_HEADER = 16;
/** The size of a slot that holds a group. */
export const NESTED = -1;
/** Most slots of a group. */
export const MOST_SLOTS = 32;

/** Every group by its number, reused oldest first; columns are indexed by it. */
export class Groups {
  /** Address of the header. */
  start = new Float64Array(256);
  /** Unit of its contents that stands for the header. */
  unit = new Int32Array(256);
  /** Bytes of a slot. */
  stride = new Float64Array(256);
  /** Class: 0..47, or 63. */
  sizeClass = new Uint8Array(256);
  /** Slots less one. */
  last = new Uint8Array(256);
  /** Slots up to this one have been available at least once. */
  activeTo = new Uint8Array(256);
  /** Bit i: slot i may be handed out. */
  available = new Int32Array(256);
  /** Bit i: slot i is free, but may not be handed out yet. */
  freed = new Int32Array(256);
  /** Pages of its own mapping; 0: it lies in a slot, or was donated. */
  pages = new Int32Array(256);
  /** Slot, as group x 32 + index, that it lies in; {@linkcode NONE}. */
  outer = new Int32Array(256);
  /** 1: it may be unmapped; 0: the program donated it. */
  freeable = new Uint8Array(256);
  /** Its neighbours on the ring; {@linkcode NONE} while it is on none. */
  next = new Int32Array(256);
  previous = new Int32Array(256);

  // Indexed by group x 32 + index, valid while the slot is in use: bytes that
  // were asked for, bytes from the slot's start to the block, and the unit of
  // the contents that the block starts with; a slot that holds a group has a
  // size of NESTED.
  size = new Float64Array(256 * MOST_SLOTS);
  offset = new Float64Array(256 * MOST_SLOTS);
  blockUnit = new Int32Array(256 * MOST_SLOTS);

  /** The first group of the ring of each class; {@linkcode NONE}. */
  readonly active: Int32Array = new Int32Array(CLASSES).fill(NONE);
  /** Groups that exist. */
  live = 0;
  /** Most groups that ever existed at once. */
  most = 0;
  // Numbers below `end` were given out; those in `spare` from `oldest` on are free.
  private end = 0;
  private readonly spare: number[] = [];
  private oldest = 0;

  /** The number of a new group on no ring, all its columns to be set. */
  take(): number {
    let g: number;
    if (this.oldest < this.spare.length) {
      g = this.spare[this.oldest++]!;
      if (this.oldest > 1024 && 2 * this.oldest > this.spare.length) {
        this.spare.splice(0, this.oldest);
        this.oldest = 0;
      }
    } else g = this.end++;
    if (g === this.start.length) this.grow();
    this.next[g] = this.previous[g] = NONE;
    this.live++;
    this.most = Math.max(this.most, this.live);
    return g;
  }

  /** The group `g`, which is on no ring, exists no more. */
  give(g: number): void {
    this.last[g] = 0;
    this.stride[g] = 0;
    this.spare.push(g);
    this.live--;
  }

  /** All groups. */
  *all(): Generator<number> {
    for (let g = 0; g < this.end; g++) if (this.stride[g]! > 0) yield g;
  }

  /** The groups on ring `c`, its head first. */
  *ring(c: number): Generator<number> {
    const head = this.active[c]!;
    for (let g = head; g !== NONE;) {
      yield g;
      g = this.next[g]!;
      if (g === head) break;
    }
  }

  /** Bits of all slots of `g`. */
  allSlots(g: number): number {
    return bitsUpTo(this.last[g]!);
  }

  /** Bits of the slots of `g` that may be made available. */
  activeSlots(g: number): number {
    return bitsUpTo(this.activeTo[g]!);
  }

  /** Address of slot `i` of `g`. */
  slotStart(g: number, i: number): Address {
    return this.start[g]! + GROUP_HEADER + i * this.stride[g]!;
  }

  /** Unit of slot `i` of `g`. */
  slotUnit(g: number, i: number): number {
    return this.unit[g]! + 1 + i * (this.stride[g]! / 16);
  }

  /** Puts `g` at the end of ring `c`. */
  append(c: number, g: number): void {
    const head = this.active[c]!;
    if (head === NONE) {
      this.active[c] = this.next[g] = this.previous[g] = g;
      return;
    }
    const tail = this.previous[head]!;
    this.next[g] = head;
    this.previous[g] = tail;
    this.next[tail] = this.previous[head] = g;
  }

  /** Takes `g` off ring `c`; if it was the head, the next one is. */
  remove(c: number, g: number): void {
    const next = this.next[g]!;
    if (next === g) this.active[c] = NONE;
    else {
      const previous = this.previous[g]!;
      this.next[previous] = next;
      this.previous[next] = previous;
      if (this.active[c] === g) this.active[c] = next;
    }
    this.next[g] = this.previous[g] = NONE;
  }

  /** Makes the freed slots that may be handed out available. */
  activate(g: number): number {
    const mask = this.freed[g]! & this.activeSlots(g);
    this.freed[g]! ^= mask;
    this.available[g] = mask;
    return mask;
  }

  private grow(): void {
    const length = 2 * this.start.length;
    this.start = longer(this.start, length);
    this.unit = longer(this.unit, length);
    this.stride = longer(this.stride, length);
    this.sizeClass = longer(this.sizeClass, length);
    this.last = longer(this.last, length);
    this.activeTo = longer(this.activeTo, length);
    this.available = longer(this.available, length);
    this.freed = longer(this.freed, length);
    this.pages = longer(this.pages, length);
    this.outer = longer(this.outer, length);
    this.freeable = longer(this.freeable, length);
    this.next = longer(this.next, length);
    this.previous = longer(this.previous, length);
    const slots = length * MOST_SLOTS;
    this.size = longer(this.size, slots);
    this.offset = longer(this.offset, slots);
    this.blockUnit = longer(this.blockUnit, slots);
  }
}

/** Bits 0 .. `last`, `last` < 32. */
function bitsUpTo(last: number): number {
  return -1 >>> 31 - last | 0;
}
