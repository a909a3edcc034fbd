/**
 * Looks at a musl heap: every byte of it, and whether it is sound.
 *
 * @module
 */
import {
  type BlockVisitor,
  type CensusRow,
  invariant,
  type ListVisitor,
} from "../allocator.ts";
import { FreeHistogram } from "../histogram.ts";
import { PAGE } from "../pages.ts";
import { type SlabVisitor, Slot } from "../slab_view.ts";
import { MAPPING, STRIDE } from "./classes.ts";
import { GROUP_HEADER, MOST_SLOTS, NESTED, NONE } from "./groups.ts";
import type { State } from "./state.ts";

/** Visits the mappings, the donated gaps and the descriptors in address order. */
export function walkHeap(heap: State, visit: BlockVisitor): void {
  const { groups } = heap;
  const outermost = [...groups.all()].filter((g) => groups.outer[g] === NONE)
    .sort((a, b) => groups.start[a]! - groups.start[b]!);
  const inner = new Map<number, number>();
  for (const g of groups.all()) {
    if (groups.outer[g] !== NONE) inner.set(groups.outer[g]!, g);
  }
  const descriptors = [...heap.descriptors].reverse();
  const tellDescriptors = (end: number) => {
    while (descriptors.length > 0 && descriptors.at(-1)! < end) {
      visit(descriptors.pop()!, PAGE, "meta");
    }
  };
  for (const g of outermost) {
    tellDescriptors(groups.start[g]!);
    const slots = groups.last[g]! + 1;
    const end = groups.pages[g]! > 0
      ? groups.start[g]! + groups.pages[g]! * PAGE
      : groups.slotStart(g, slots);
    walkGroup(heap, g, end, inner, visit);
  }
  tellDescriptors(Infinity);
}

function walkGroup(
  heap: State,
  g: number,
  end: number,
  inner: ReadonlyMap<number, number>,
  visit: BlockVisitor,
): void {
  const { groups } = heap;
  const some = (from: number, to: number, kind: "meta" | "live" | "free") => {
    if (to > from) visit(from, to - from, kind);
  };
  const free = groups.freed[g]! | groups.available[g]!;
  const stride = groups.stride[g]!;
  visit(groups.start[g]!, GROUP_HEADER, "meta");
  for (let i = 0; i <= groups.last[g]!; i++) {
    const start = groups.slotStart(g, i);
    const slot = g * MOST_SLOTS + i;
    if (free >>> i & 1) visit(start, stride, "free");
    else if (groups.size[slot] === NESTED) {
      walkGroup(heap, inner.get(slot)!, start + stride, inner, visit);
    } else {
      const from = start + groups.offset[slot]!;
      const to = from + groups.size[slot]!;
      some(start, from, "meta");
      visit(from, to - from, "live");
      some(to, start + stride, "meta");
    }
  }
  some(groups.slotStart(g, groups.last[g]! + 1), end, "meta");
}

/** Rings hold groups of their class; no slot is freed and available; free ones are on rings and counted; blocks are found. */
export function checkHeap({ groups, blocks, free }: State): void {
  let used = 0;
  const found = new Int32Array(free.length);
  for (const g of groups.all()) {
    const freed = groups.freed[g]!;
    const available = groups.available[g]!;
    invariant((freed & available) === 0, `Group ${g}: freed and available`);
    const all = groups.allSlots(g);
    invariant(((freed | available) & ~all) === 0, `Group ${g}: no such slot`);
    const next = groups.next[g]!;
    if (next !== NONE) {
      invariant(groups.previous[next] === g, `Group ${g}: ring is torn`);
      invariant(
        groups.sizeClass[next] === groups.sizeClass[g],
        `Group ${g}: classes on a ring differ`,
      );
    }
    for (let i = 0; i <= groups.last[g]!; i++) {
      const slot = g * MOST_SLOTS + i;
      if ((freed | available) >>> i & 1) {
        found[groups.sizeClass[g]!]!++;
        invariant(next !== NONE, `Group ${g}: a free slot, but on no ring`);
        continue;
      }
      if (groups.size[slot] === NESTED) continue;
      used++;
      const address = groups.slotStart(g, i) + groups.offset[slot]!;
      invariant(blocks.get(address) === slot + 1, `${address} is not found`);
    }
  }
  for (const [c, slots] of found.entries()) {
    invariant(free[c] === slots, `Class ${c}: ${slots} free, ${free[c]} said`);
  }
  invariant(used === blocks.size, `${used} slots in use, ${blocks.size} found`);
}

/**
 * Free slots by the class of their groups: those that may be handed out, and
 * those that wait until none of these is left. In brackets: bytes of a slot.
 */
export function census({ groups }: State): CensusRow[] {
  const lists = ["available", "freed"].map((name) =>
    STRIDE.map((stride) => ({
      list: `${name}[${stride}]`,
      blocks: 0,
      bytes: 0,
    }))
  );
  for (const g of groups.all()) {
    [groups.available[g]!, groups.freed[g]!].forEach((slots, kind) => {
      const row = lists[kind]![groups.sizeClass[g]!];
      for (let rest = slots; row && rest !== 0; rest &= rest - 1) {
        row.blocks++;
        row.bytes += groups.stride[g]!;
      }
    });
  }
  return lists.flat().filter(({ blocks }) => blocks > 0);
}

/** Visits the free slots of every ring: group by group, the lowest first. */
export function eachFree(
  { groups }: State,
  visit: ListVisitor,
): void {
  STRIDE.forEach((stride, c) => {
    for (const g of groups.ring(c)) {
      for (let i = 0; i <= groups.last[g]!; i++) {
        const list = groups.available[g]! >>> i & 1
          ? "available"
          : groups.freed[g]! >>> i & 1
          ? "freed"
          : undefined;
        if (!list) continue;
        const bytes = groups.stride[g]!;
        visit(`${list}[${stride}]`, groups.slotStart(g, i), bytes);
      }
    }
  });
}

/** Visits every group; the mapping of a long block is one with a single slot. */
export function eachGroup({ groups }: State, visit: SlabVisitor): void {
  for (const g of groups.all()) {
    const c = groups.sizeClass[g]!;
    const count = groups.last[g]! + 1;
    const pages = groups.pages[g]!;
    const onRing = c < STRIDE.length && groups.next[g] !== NONE;
    const where = groups.outer[g] !== NONE
      ? "in a slot"
      : groups.freeable[g] === 0
      ? "donated"
      : c === MAPPING
      ? "of its own"
      : "mapped";
    const turn = !onRing ? "" : groups.active[c] === g ? ", active" : ", next";
    visit({
      kind: c === MAPPING ? "mapping" : "group",
      of: c === MAPPING ? "" : `[${groups.stride[g]}]`,
      start: groups.start[g]!,
      bytes: pages > 0
        ? pages * PAGE
        : GROUP_HEADER + count * groups.stride[g]!,
      place: `${where}${turn}`,
      count,
      slots: () => signsOf(groups, g),
    });
  }
}

function signsOf(groups: State["groups"], g: number): string {
  let signs = "";
  for (let i = 0; i <= groups.last[g]!; i++) {
    signs += groups.available[g]! >>> i & 1
      ? Slot.FREE
      : groups.freed[g]! >>> i & 1
      ? Slot.WAITING
      : groups.size[g * MOST_SLOTS + i] === NESTED
      ? Slot.NESTED
      : Slot.LIVE;
  }
  return signs;
}

/** Free slots by their length. */
export function histogram({ free }: State): FreeHistogram {
  const lengths = new FreeHistogram();
  for (const [c, slots] of free.entries()) lengths.add(STRIDE[c]!, slots);
  return lengths;
}

/** Bytes of the longest free slot. */
export function largestFree({ free }: State): number {
  return STRIDE[free.findLastIndex((slots) => slots > 0)] ?? 0;
}
