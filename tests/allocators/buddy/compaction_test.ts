/**
 * Compaction: what it moves, what it cannot, and what that costs.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";

/** A zone of 16 pageblocks where one page in 512 stays live, of `type`. */
function pinned(type: number): { pages: LinuxBuddy; live: Set<number> } {
  const pages = new LinuxBuddy({ pages: 8192 });
  const all = Array.from({ length: 8192 }, () => pages.allocPages(0, type));
  const live = new Set(all.filter((pfn) => pfn % 512 === 300));
  for (const pfn of all) if (!live.has(pfn)) pages.freePages(pfn, 0);
  return { pages, live };
}

Deno.test("compaction gets a pageblock back by moving one page", () => {
  const { pages, live } = pinned(1);
  assertEquals(pages.allocPages(9), -1);
  const moves: number[][] = [];
  assert(pages.compact(9, (from, to, order) => {
    moves.push([from, to, order]);
    live.delete(from);
    live.add(to);
  }));
  // the lowest range is emptied into the highest pageblock
  assertEquals(moves, [[300, 15 * 512, 0]]);
  assertEquals(pages.counters.bytesMoved, 4096);
  pages.check();
  assertEquals(pages.allocPages(9), 0);
  for (const pfn of live) pages.freePages(pfn, 0);
});

Deno.test("compaction goes on until the scanners meet", () => {
  const { pages, live } = pinned(1);
  let got = 0;
  while (pages.compact(9, () => {}) && pages.allocPages(9) >= 0) got++;
  // 16 pages fit into the last pageblock
  assertEquals(got, 15);
  assertEquals(pages.counters.bytesMoved, 15 * 4096);
  assertEquals(live.size, 16);
  pages.check();
});

Deno.test("unmovable pages stay, and their ranges are not emptied in vain", () => {
  const { pages } = pinned(0);
  assert(!pages.compact(9, () => {}));
  assertEquals(pages.counters.bytesMoved, 0);
  assert(pages.compact(8, () => {}));
});

Deno.test("blocks of several pages move as blocks", () => {
  const pages = new LinuxBuddy({ pages: 2048 });
  const all = Array.from({ length: 512 }, () => pages.allocPages(2, 1));
  const freed = all.filter((_, i) => i % 8 !== 0);
  for (const pfn of freed) pages.freePages(pfn, 2);
  const orders = new Set<number>();
  assert(pages.compact(9, (from, to, order) => {
    assert(to > from && to % 4 === 0);
    orders.add(order);
  }));
  assertEquals([...orders], [2]);
  pages.check();
});
