/**
 * The textbook buddy against a plain version of itself, and its rules one by
 * one.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import {
  BinaryBuddy,
  type BuddyOptions,
} from "../../../allocators/buddy/binary.ts";
import { BitSet } from "../../../allocators/buddy/bitset.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";

/** Buddies as arrays of start pages, the head first; every step is a scan. */
class PlainBuddy {
  readonly lists: number[][];

  constructor(readonly options: BuddyOptions) {
    this.lists = Array.from({ length: options.orders }, () => []);
    const top = 2 ** (options.orders - 1);
    for (let pfn = 0; pfn < options.pages; pfn += top) {
      this.lists[options.orders - 1]!.push(pfn);
    }
  }

  alloc(order: number): number {
    let k = order;
    while (k < this.lists.length && this.lists[k]!.length === 0) k++;
    const list = this.lists[k];
    if (!list) return NULL;
    const at = this.options.pick === "head"
      ? 0
      : list.indexOf(Math.min(...list));
    const [pfn] = list.splice(at, 1);
    while (k-- > order) this.lists[k]!.unshift(pfn! + 2 ** k);
    return pfn!;
  }

  free(pfn: number, order: number): void {
    for (; order < this.lists.length - 1; order++) {
      const at = this.lists[order]!.indexOf(pfn ^ 2 ** order);
      if (at < 0) break;
      this.lists[order]!.splice(at, 1);
      pfn = Math.min(pfn, pfn ^ 2 ** order);
    }
    this.lists[order]!.unshift(pfn);
  }
}

for (const pick of ["head", "lowest"] as const) {
  Deno.test(`${pick}: 10^5 requests as the plain buddy answers them`, () => {
    const options = { page: 4096, orders: 7, pages: 2048, pick };
    const buddy = new BinaryBuddy(options);
    const plain = new PlainBuddy(options);
    const draw = lottery(5);
    const live: [number, number][] = [];
    for (let i = 0; i < 100_000; i++) {
      if (draw() < 0.51) {
        const order = Math.floor(draw() ** 2 * 7);
        const pfn = buddy.allocPages(order);
        assertEquals(pfn, plain.alloc(order), `request ${i}`);
        if (pfn !== NULL) live.push([pfn, order]);
      } else if (live.length > 0) {
        const [pfn, order] = live.splice(
          Math.floor(draw() * live.length),
          1,
        )[0]!;
        buddy.freePages(pfn, order);
        plain.free(pfn, order);
      }
    }
    buddy.check();
    assertEquals(
      buddy.census().map((row) => row.blocks),
      plain.lists.map((list) => list.length),
    );
  });
}

const SMALL: BuddyOptions = {
  page: 4096,
  orders: 11,
  pages: 2048,
  pick: "head",
};

Deno.test("a page is split off the low end, the halves go to their lists", () => {
  const buddy = new BinaryBuddy(SMALL);
  assertEquals(buddy.allocPages(0), 0);
  assertEquals(
    buddy.census().map((row) => row.blocks),
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  );
  assertEquals(buddy.counters.splits, 10);
});

Deno.test("a freed page coalesces up to the top order", () => {
  const buddy = new BinaryBuddy(SMALL);
  buddy.freePages(buddy.allocPages(0), 0);
  assertEquals(buddy.census()[10]!.blocks, 2);
  assertEquals(buddy.counters.coalesces, 10);
});

Deno.test("neighbours that are not buddies stay apart", () => {
  const buddy = new BinaryBuddy(SMALL);
  for (let i = 0; i < 4; i++) buddy.allocPages(0);
  buddy.freePages(1, 0);
  buddy.freePages(2, 0);
  assertEquals(buddy.census()[0]!.blocks, 2);
  assertEquals(buddy.counters.coalesces, 0);
});

Deno.test("an empty top order fails; an order above it is none", () => {
  const buddy = new BinaryBuddy(SMALL);
  assertEquals(
    [0, 1, 2].map(() => buddy.allocPages(10)),
    [1024, 0, NULL].sort(
      (a, b) => (a === NULL ? 1 : b === NULL ? -1 : a - b),
    ),
  );
  assertEquals(buddy.allocPages(0), NULL);
  assertEquals(buddy.allocPages(11), NULL);
  assertEquals(buddy.orderFor(1025), 11);
});

Deno.test("only a live block of that order can be freed", () => {
  const buddy = new BinaryBuddy(SMALL);
  const pfn = buddy.allocPages(3);
  assertThrows(() => buddy.freePages(pfn, 2), RangeError);
  assertThrows(() => buddy.freePages(pfn + 1, 3), RangeError);
  buddy.freePages(pfn, 3);
  assertThrows(() => buddy.freePages(pfn, 3), RangeError);
});

Deno.test("BitSet finds the lowest member at every size", () => {
  const set = new BitSet();
  const plain = new Set<number>();
  const draw = lottery(9);
  for (let i = 0; i < 20_000; i++) {
    const size = 2 ** Math.min(17, Math.floor(i / 1000));
    set.grow(size);
    const n = Math.floor(draw() * size);
    if (draw() < 0.5) set.add(n), plain.add(n);
    else set.delete(n), plain.delete(n);
    if (i % 100 === 0) {
      assertEquals(set.lowest(), plain.size === 0 ? -1 : Math.min(...plain));
    }
  }
});
