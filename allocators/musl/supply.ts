/**
 * Slots to be used: of the group at the head of a class's ring, of another one
 * there, else of a new group, which lies in a slot of a longer class or is a
 * mapping.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import { PAGE, pageUp } from "../pages.ts";
import {
  classOf,
  IN_BAND,
  LONGEST_NESTED,
  reducedSlots,
  slotsOf,
  STRIDE,
} from "./classes.ts";
import { Contents } from "./contents.ts";
import { GROUP_HEADER, MOST_SLOTS, NESTED, NONE } from "./groups.ts";
import { Path } from "./path.ts";
import type { Placement } from "./placement.ts";
import type { State } from "./state.ts";

/** Bytes that a mapping needs beyond the request. */
export const MAPPING_OVERHEAD = GROUP_HEADER + IN_BAND;

/** The slots of one heap. */
export class Supply {
  /** Of the groups of `state`. */
  constructor(
    private readonly state: State,
    private readonly placement: Placement,
  ) {}

  /** The class that serves `size` bytes: the next one while little is in use. */
  classFor(size: number): number {
    const c = classOf(size);
    const { groups, used } = this.state;
    if (
      groups.active[c] !== NONE || c < 4 || c >= 32 || c % 2 === 1 ||
      c === 6 || used[c] !== 0
    ) return c;
    const head = groups.active[c + 1]!;
    const full = head === NONE ||
      groups.available[head] === 0 && groups.freed[head] === 0;
    if (used[c + 1]! + (full ? 3 : 0) > 12) return c;
    this.state.path |= Path.LONGER_CLASS;
    return c + 1;
  }

  /** A slot of class `c` for `size` bytes, now in use; {@linkcode NONE}. */
  take(c: number, size: number): number {
    const { state } = this;
    const { groups } = state;
    const head = groups.active[c]!;
    state.counters.searchSteps++;
    let mask = head === NONE ? 0 : groups.available[head]!;
    if (mask === 0) mask = this.refill(c);
    if (mask === 0) return this.newGroup(c, size);
    const g = groups.active[c]!;
    const i = 31 - Math.clz32(mask & -mask);
    groups.available[g] = mask & (mask - 1);
    state.free[c]!--;
    return g * MOST_SLOTS + i;
  }

  /** Makes slots of ring `c` available; the mask of them, 0 if it has none. */
  private refill(c: number): number {
    const { groups, counters, bounces } = this.state;
    const { active, freed, next } = groups;
    let g = active[c]!;
    if (g === NONE) return 0;
    counters.searchSteps++;
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
    bounces.decay(c);
    this.state.path |= Path.REFILLED;
    return groups.activate(g);
  }

  /** Lets slots of `g` be handed out up to the next page boundary. */
  private activateMore(g: number): void {
    const { groups } = this.state;
    const stride = groups.stride[g]!;
    let count = groups.activeTo[g]! + 2;
    let span = GROUP_HEADER + stride * count;
    while (Math.floor(span / PAGE) === Math.floor((span + stride - 1) / PAGE)) {
      count++;
      span += stride;
    }
    groups.activeTo[g] = Math.min(count, groups.last[g]! + 1) - 1;
    this.state.path |= Path.ACTIVATED;
  }

  /** The first slot of a new group of class `c` for `size` bytes; {@linkcode NONE}. */
  private newGroup(c: number, size: number): number {
    const { groups, used, free } = this.state;
    const count = slotsOf(c, used[c]!);
    const stride = STRIDE[c]!;
    const bytes = stride * count + GROUP_HEADER;
    const g = bytes <= LONGEST_NESTED
      ? this.nestedGroup(c, count, bytes)
      : this.mappedGroup(c, count, size);
    if (g === NONE) return NONE;
    const slots = groups.last[g]! + 1;
    used[c]! += slots;
    free[c]! += slots - 1;
    groups.available[g]! &= ~1;
    groups.append(c, g);
    return g * MOST_SLOTS;
  }

  private nestedGroup(c: number, count: number, bytes: number): number {
    const j = classOf(bytes - IN_BAND);
    const outer = this.take(j, bytes - IN_BAND);
    if (outer === NONE) return NONE;
    const { groups, contents, source, counters } = this.state;
    const host = outer >> 5;
    const i = outer & 31;
    const start = groups.slotStart(host, i);
    const unit = groups.slotUnit(host, i);
    groups.size[outer] = NESTED;
    contents.tag[unit - 1] = i + 32 * 6;
    contents.offset[unit - 1] = unit - 1 - groups.unit[host]!;
    source.touch(start - IN_BAND, IN_BAND + 9);
    counters.splits++;
    this.state.path |= Path.NESTED;
    const g = this.state.describe(c, start, unit, STRIDE[c]!, count);
    groups.outer[g] = outer;
    groups.activeTo[g] = count - 1;
    groups.available[g] = groups.allSlots(g);
    if (source.lazy) {
      for (let k = 0; k <= count; k++) {
        source.touch(groups.slotStart(g, k) - IN_BAND, 1);
      }
    }
    return g;
  }

  private mappedGroup(c: number, most: number, size: number): number {
    const { state } = this;
    const { bounces, used, groups, contents } = state;
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
    const start = state.map(bytes);
    if (start === NULL) return NONE;
    state.path |= Path.MAPPED;
    if (stays) state.path |= Path.BOUNCING;
    if (count === 1) state.path |= Path.INDIVIDUAL;
    const pages = bytes / PAGE;
    const unit = contents.take(Contents.lengthOf(pages, count));
    const length = count === 1 ? bytes - GROUP_HEADER : stride;
    const g = state.describe(c, start, unit, length, count);
    groups.pages[g] = pages;
    const first = Math.max(Math.floor((PAGE - GROUP_HEADER) / length) - 1, 0);
    groups.activeTo[g] = Math.min(first, count - 1);
    groups.available[g] = groups.activeSlots(g);
    groups.freed[g] = groups.allSlots(g) ^ groups.activeSlots(g);
    return g;
  }
}
