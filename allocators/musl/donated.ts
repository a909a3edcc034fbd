/**
 * Memory that a dynamic program gives to malloc before it begins: the gaps in
 * the first and last pages of its writable segments.
 *
 * @module
 */
import type { Address } from "../allocator.ts";
import { STRIDE, UNIT } from "./classes.ts";
import { Contents } from "./contents.ts";
import { GROUP_HEADER } from "./groups.ts";
import { TAG_FREED } from "./placement.ts";
import type { State } from "./state.ts";

/** Lays one-slot groups into a gap of the program's memory, the longest first. */
export function donate(state: State, from: Address, to: Address): void {
  const { groups, contents } = state;
  const end = Math.floor(to / UNIT) * UNIT;
  let start = Math.ceil(from / UNIT) * UNIT;
  for (let c = STRIDE.length - 1; c >= 3; c -= 4) {
    const stride = STRIDE[c]!;
    if (end - start < stride + GROUP_HEADER) continue;
    const unit = contents.take(Contents.lengthOf(1, 1));
    const g = state.describe(c, start, unit, stride, 1);
    groups.freeable[g] = 0;
    groups.freed[g] = 1;
    contents.tag[unit] = TAG_FREED;
    groups.append(c, g);
    state.free[c]!++;
    state.footprint += stride + GROUP_HEADER;
    start += stride + GROUP_HEADER;
  }
}
