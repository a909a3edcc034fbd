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
      if (source.lazy) source.touch(start - 3, 3);
    }
    const address = start + offset * UNIT;
    blocks.set(address, slot + 1);
    groups.offset[slot] = offset * UNIT;
    groups.blockUnit[slot] = before + 1 + offset;
    contents.offset[before + offset] = before + offset - groups.unit[g]!;
    groups.size[slot] = 0;
    this.resize(slot, size);
    return address;
  }

  /** The block in `slot` starts `offset` bytes further up, in a slot that was made for that. */
  moveUp(slot: number, offset: number): void {
    const { groups, contents } = this.state;
    const g = slot >> 5;
    const i = slot & 31;
    const start = groups.slotUnit(g, i);
    contents.tag[start - 1] = TAG_MOVED;
    contents.offset[start - 1] = (offset / UNIT) % 2 ** 16;
    // In a mapping with one slot a block behind a large alignment is kept nearer.
    const units = isAlone(groups, g)
      ? Math.min(offset / UNIT, FARTHEST)
      : offset / UNIT;
    groups.offset[slot] = offset;
    groups.blockUnit[slot] = start + units;
    const toGroup = (i * groups.stride[g]! + offset) / UNIT;
    contents.offset[start + units - 1] = toGroup > 65_535 ? 0 : toGroup;
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
    const unit = groups.blockUnit[slot]!;
    contents.tag[unit - 1] = i + 32 * Math.min(rest, 5);
    if (rest > 0 && Contents.has(size) && this.kept(slot, size + 1) > size) {
      contents.zero(unit, size);
    }
    if (!source.lazy) return;
    const address = groups.slotStart(g, i) + offset;
    source.touch(address - IN_BAND, IN_BAND);
    if (rest > 0) source.touch(address + size, 1);
    if (rest >= 5) source.touch(address + size + rest - 5, 5);
  }

  /** Marks the block in `slot` as freed. */
  freed(slot: number): void {
    const { groups, contents } = this.state;
    const header = groups.blockUnit[slot]! - 1;
    contents.tag[header] = TAG_FREED;
    contents.offset[header] = 0;
  }

  /** How many of the first `bytes` bytes of the block in `slot` are kept. */
  kept(slot: number, bytes: number): number {
    const { groups } = this.state;
    const g = slot >> 5;
    if (!isAlone(groups, g)) return bytes;
    const units = groups.unit[g]! + Contents.lengthOf(1, 1) -
      groups.blockUnit[slot]!;
    return Math.min(bytes, units * UNIT);
  }

  /** The block in slot `to` gets the first `bytes` bytes of that in `from`. */
  copy(from: number, to: number, bytes: number): void {
    const { groups, contents } = this.state;
    contents.copy(
      groups.blockUnit[from]!,
      groups.blockUnit[to]!,
      Math.min(this.kept(from, bytes), this.kept(to, bytes)),
    );
  }
}

/** Whether `g` is a mapping with one slot. */
function isAlone({ last, outer }: Groups, g: number): boolean {
  return last[g] === 0 && outer[g] === NONE;
}
