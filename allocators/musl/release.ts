/**
 * What becomes of a slot that is free again, and when its group goes.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import { MAPPING, STRIDE } from "./classes.ts";
import { Contents } from "./contents.ts";
import { NONE } from "./groups.ts";
import { Path } from "./path.ts";
import type { State } from "./state.ts";

/** Gives slots back. */
export class Release {
  /** To the groups of `state`. */
  constructor(private readonly state: State) {}

  /** A slot is free: its bit is set, or its whole group goes. */
  release(slot: number): void {
    const { groups, free } = this.state;
    const g = slot >> 5;
    const self = 1 << (slot & 31);
    const mask = groups.freed[g]! | groups.available[g]!;
    const c = groups.sizeClass[g]!;
    if ((mask | self) === groups.allSlots(g) && this.goes(g, c)) {
      this.dissolve(g, c);
      return;
    }
    if (mask === 0 && groups.active[c] !== g) groups.append(c, g);
    this.state.path |= Path.FREED;
    groups.freed[g]! |= self;
    free[c]!++;
  }

  /** Whether the group `g`, of which no slot is in use, is given up. */
  private goes(g: number, c: number): boolean {
    const { groups, bounces, used } = this.state;
    if (groups.freeable[g] === 0) return false;
    if (c === MAPPING || groups.stride[g]! < STRIDE[c]!) return true;
    if (groups.outer[g] !== NONE || groups.next[g] !== g) return true;
    if (!bounces.isBouncing(c)) return true;
    const slots = groups.last[g]! + 1;
    return 9 * slots <= used[c]! && slots < 20;
  }

  private dissolve(g: number, c: number): void {
    const { state } = this;
    const { groups, free } = state;
    state.path |= Path.GROUP_GONE;
    const slots = groups.last[g]! + 1;
    if (groups.next[g] !== NONE) {
      const wasHead = groups.active[c] === g;
      groups.remove(c, g);
      const head = groups.active[c]!;
      if (wasHead && head !== NONE) groups.activate(head);
    }
    if (c !== MAPPING) {
      state.used[c]! -= slots;
      free[c]! -= slots - 1;
    }
    const outer = groups.outer[g]!;
    if (outer === NONE) {
      const pages = groups.pages[g]!;
      state.bounces.gone(c);
      state.contents.give(groups.unit[g]!, Contents.lengthOf(pages, slots));
      state.footprint -= pages * PAGE;
      state.path |= Path.MUNMAP;
      state.source.munmap(groups.start[g]!, pages * PAGE);
      groups.give(g);
    } else {
      groups.give(g);
      state.counters.coalesces++;
      this.release(outer);
    }
  }
}
