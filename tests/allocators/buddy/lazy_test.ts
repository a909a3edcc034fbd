/**
 * The lazy buddy system: when a freed block stays whole.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { BinaryBuddy } from "../../../allocators/buddy/binary.ts";
import { LazyBuddy } from "../../../allocators/buddy/lazy.ts";

const settings = { page: 4096, orders: 11, pages: 1024 };

Deno.test("freed at slack 2 a block stays, at 1 it merges, at 0 two do", () => {
  const pages = new LazyBuddy(settings);
  const held = Array.from({ length: 4 }, () => pages.allocPages(0));
  assertEquals(held, [0, 1, 2, 3]);
  const lazy = () => pages.usage().cached / 4096;
  const before = lazy();
  pages.freePages(held[0]!, 0); // slack 4
  assertEquals(lazy(), before + 1);
  pages.freePages(held[1]!, 0); // slack 2
  assertEquals(lazy(), before + 2);
  pages.freePages(held[2]!, 0); // slack 0: it and a lazy one merge
  assertEquals(lazy(), before + 1);
  pages.check();
});

Deno.test("ping-pong at the order boundary neither splits nor merges", () => {
  const lazy = new LazyBuddy(settings);
  const eager = new BinaryBuddy({ ...settings, pick: "head" });
  for (const pages of [lazy, eager]) {
    const kept = pages.allocPages(0);
    pages.freePages(pages.allocPages(0), 0);
    const { splits, coalesces } = pages.counters;
    for (let i = 0; i < 1000; i++) pages.freePages(pages.allocPages(0), 0);
    pages.freePages(kept, 0);
    const work = pages.counters.splits - splits + pages.counters.coalesces -
      coalesces;
    if (pages === lazy) assert(work <= 20, `${work}`);
  }
});

Deno.test("what is lazily free merges before a request fails", () => {
  const pages = new LazyBuddy(settings);
  const held = Array.from({ length: 1024 }, () => pages.allocPages(0));
  for (const pfn of held) pages.freePages(pfn, 0);
  pages.check();
  assertEquals(pages.allocPages(10), 0);
  assertEquals(pages.usage().free, 0);
});
