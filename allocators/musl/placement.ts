/**
 * Where a block lies in its slot, and what is written around it.
 *
 * The offset moves on from use to use: it is read from the bytes before the
 * slot, where the last block left its own.
 *
 * @module
 */
import type { Address } from "../allocator.ts";
import { IN_BAND, UNIT } from "./classes.ts";
import { Contents } from "./contents.ts";
import { type Groups, NONE } from "./groups.ts";
import type { State } from "./state.ts";

/** The tag of a freed block. */
export const TAG_FREED = 255;
/** The tag at the start of a slot whose block lies further up. */
export const TAG_MOVED = 224;

/** Units that a block alone in its mapping is kept at, at most: more than cycling moves it. */
const FARTHEST = 256;

/** Headers of blocks, and the bytes in between that placements read. */
export class Placement {
  /** Of the blocks of `state`. */
  constructor(private readonly state: State) {}

  /** Places a block of `size` bytes in `slot`, which was just taken. */
  place(slot: number, size: number): Address {
    const { groups, contents, source, blocks, mappings } = this.state;
    const g = slot >> 5;
    const i = slot & 31;
    const end = groups.stride[g]! - IN_BAND;
    const slack = Math.floor((end - size) / UNIT);
    const before = groups.slotUnit(g, i) - 1;
    let offset =
      (contents.tag[before] !== 0 ? contents.offset[before]! + 1 : mappings) &
      255;
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
      source.touch(start - 3, 3);
    }
    groups.offset[slot] = offset * UNIT;
    const address = start + offset * UNIT;
    blocks.set(address, slot + 1);
    groups.size[slot] = 0;
    this.resize(slot, size);
    return address;
  }

  /** Writes what the header and the end of the block in `slot` say of its size. */
  resize(slot: number, size: number): void {
    const { state } = this;
    const { groups, contents, source } = state;
    const g = slot >> 5;
    const i = slot & 31;
    const offset = groups.offset[slot]!;
    const rest = groups.stride[g]! - IN_BAND - offset - size;
    state.allocated += size - groups.size[slot]!;
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
  header(g: number, i: number, offset: number, rest: number): void {
    const { groups, contents } = this.state;
    const from = i * groups.stride[g]! + offset;
    const unit = groups.slotUnit(g, i) + this.unitsTo(g, offset) - 1;
    contents.tag[unit] = i + 32 * rest;
    contents.offset[unit] = from / UNIT > 65_535 ? 0 : from / UNIT;
  }

  /** Marks the block in `slot` as freed. */
  freed(slot: number): void {
    const { contents } = this.state;
    const unit = this.unitOf(slot) - 1;
    contents.tag[unit] = TAG_FREED;
    contents.offset[unit] = 0;
  }

  /** The unit of the contents at which the block in `slot` starts. */
  unitOf(slot: number): number {
    const { groups } = this.state;
    const g = slot >> 5;
    const units = this.unitsTo(g, groups.offset[slot]!);
    return groups.slotUnit(g, slot & 31) + units;
  }

  /** How many of the first `bytes` bytes of the block in `slot` are kept. */
  kept(slot: number, bytes: number): number {
    const { groups } = this.state;
    const g = slot >> 5;
    if (!isAlone(groups, g)) return bytes;
    const units = Contents.lengthOf(1, 1) - 1 -
      this.unitsTo(g, groups.offset[slot]!);
    return Math.min(bytes, units * UNIT);
  }

  /**
   * Units from the start of a slot of `g` to a block at `offset` bytes. In a
   * mapping with one slot a block behind a large alignment is kept nearer.
   */
  private unitsTo(g: number, offset: number): number {
    const units = offset / UNIT;
    return isAlone(this.state.groups, g) ? Math.min(units, FARTHEST) : units;
  }

  /** The block in slot `to` gets the first `bytes` bytes of that in `from`. */
  copy(from: number, to: number, bytes: number): void {
    this.state.contents.copy(
      this.unitOf(from),
      this.unitOf(to),
      Math.min(this.kept(from, bytes), this.kept(to, bytes)),
    );
  }
}

/** Whether `g` is a mapping with one slot. */
function isAlone({ last, outer }: Groups, g: number): boolean {
  return last[g] === 0 && outer[g] === NONE;
}
