/**
 * The last three bytes of every unit of a heap's memory.
 *
 * Where musl puts a block into a slot depends on the three bytes before the
 * slot, which an earlier block may have left there: a tag (byte 13 of the unit
 * before) and an offset (bytes 14 and 15). Nothing else of the contents
 * matters to a placement, so nothing else is kept.
 *
 * @module
 */
import { longer } from "../longer.ts";

/** Units kept of a mapping with one slot: all offsets, and the longest block that can be copied into a slot with a group. */
const ONE_SLOT = 512;
/** Units of a page. */
const PAGE_UNITS = 256;

/** Tags and offsets, by unit; each mapping has a range of its own. */
export class Contents {
  // Indexed by unit; entries are valid in the ranges given out.
  tag: Uint8Array<ArrayBuffer> = new Uint8Array(2 ** 16);
  offset: Uint16Array<ArrayBuffer> = new Uint16Array(2 ** 16);
  private end = 0;
  // Ranges given back, by their length.
  private readonly free = new Map<number, number[]>();

  /** Units of the range that a mapping of `pages` pages with `slots` slots has. */
  static lengthOf(pages: number, slots: number): number {
    return slots === 1 ? ONE_SLOT : pages * PAGE_UNITS;
  }

  /** A range of `length` units of zeros; its first unit. */
  take(length: number): number {
    const from = this.free.get(length)?.pop();
    if (from !== undefined) {
      this.fill(from, length, 0);
      return from;
    }
    const start = this.end;
    this.end += length;
    if (this.end > this.tag.length) this.grow();
    return start;
  }

  /** Gives a range back. */
  give(from: number, length: number): void {
    const known = this.free.get(length);
    if (known) known.push(from);
    else this.free.set(length, [from]);
  }

  /** Writes the byte `value` over `bytes` bytes from the start of unit `from` on. */
  write(from: number, bytes: number, value: number): void {
    const whole = bytes >> 4;
    this.fill(from, whole, value);
    const rest = bytes & 15;
    const last = from + whole;
    if (rest > 13) this.tag[last] = value;
    if (rest > 14) {
      this.offset[last] = this.offset[last]! & 0xff00 | value;
    }
  }

  /** Copies `bytes` bytes from the start of unit `from` to that of unit `to`. */
  copy(from: number, to: number, bytes: number): void {
    const whole = bytes >> 4;
    this.tag.copyWithin(to, from, from + whole);
    this.offset.copyWithin(to, from, from + whole);
    const rest = bytes & 15;
    if (rest > 13) this.tag[to + whole] = this.tag[from + whole]!;
    if (rest > 14) {
      const old = this.offset[to + whole]! & 0xff00;
      this.offset[to + whole] = old | this.offset[from + whole]! & 0xff;
    }
  }

  /** Whether the byte `at` bytes behind the start of a unit is kept. */
  static has(at: number): boolean {
    return (at & 15) >= 13;
  }

  /** Writes 0 to the byte `at` bytes behind the start of unit `from`. */
  zero(from: number, at: number): void {
    const unit = from + (at >> 4);
    switch (at & 15) {
      case 13:
        this.tag[unit] = 0;
        break;
      case 14:
        this.offset[unit]! &= 0xff00;
        break;
      case 15:
        this.offset[unit]! &= 0x00ff;
    }
  }

  private fill(from: number, units: number, value: number): void {
    this.tag.fill(value, from, from + units);
    this.offset.fill(value | value << 8, from, from + units);
  }

  private grow(): void {
    const length = Math.max(this.end, 2 * this.tag.length);
    this.tag = longer(this.tag, length);
    this.offset = longer(this.offset, length);
  }
}
