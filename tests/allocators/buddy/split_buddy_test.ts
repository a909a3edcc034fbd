/**
 * Fibonacci and weighted buddies: the lengths, the rounding, and the numbers
 * of Peterson and Norman's comparison on a full memory.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { BinaryBuddy } from "../../../allocators/buddy/binary.ts";
import { SplitBuddy } from "../../../allocators/buddy/split_buddy.ts";
import {
  fibonacciRules,
  weightedRules,
} from "../../../allocators/buddy/split_rules.ts";
import type { PageAllocator } from "../../../allocators/pages.ts";
import { parseLaw } from "../../../experiments/laws/distributions.ts";
import { prng } from "../../../experiments/laws/prng.ts";

const fibonacci = (pages: number) =>
  new SplitBuddy(fibonacciRules(pages), { page: 1, pages, pick: "lowest" });
const weighted = (pages: number) =>
  new SplitBuddy(weightedRules(pages), { page: 1, pages, pick: "lowest" });

Deno.test("every block splits into two whole blocks", () => {
  for (const rules of [fibonacciRules(75_025), weightedRules(2 ** 16)]) {
    for (let k = 1; k < rules.pages.length; k++) {
      const low = rules.pages[rules.low[k]!]!;
      const high = rules.pages[rules.high[k]!]!;
      assertEquals(low + high, rules.pages[k]);
      assert(low >= high && rules.pages[k]! > rules.pages[k - 1]!);
    }
  }
});

Deno.test("a request splits down to its order and merges back", () => {
  const pages = fibonacci(13);
  const two = pages.allocPages(pages.orderFor(2));
  // 13 = 8 + 5, 5 = 3 + 2: the high part suffices, twice
  assertEquals(two, 11);
  assertEquals(pages.allocPages(pages.orderFor(8)), 0);
  assertEquals(pages.allocPages(pages.orderFor(4)), NULL);
  pages.freePages(two, 1);
  assertEquals(pages.allocPages(pages.orderFor(4)), 8);
  pages.check();
});

Deno.test("buddy-int-fib: rounding up to 1, 2, 3, 5, ... costs 2/phi", () => {
  const { pages } = fibonacciRules(46_368);
  let rounded = 0;
  let asked = 0;
  for (let n = 1, k = 0; n <= 46_368; n++) {
    while (pages[k]! < n) k++;
    rounded += pages[k]!;
    asked += n;
  }
  assertAlmostEquals(rounded / asked, 1.23604, 0.0001);
});

/** Means over the failures of a full memory, percent, after 100,000 steps. */
function fullMemory(pages: PageAllocator, sizes: string): number[] {
  const draw = prng(1, "sizes");
  const size = parseLaw(sizes).sampler(draw);
  const victims = prng(1, "victims");
  const live: { pfn: number; order: number; size: number }[] = [];
  const [sums, memory] = [[0, 0, 0], pages.footprint];
  let [asked, held, failures] = [0, 0, 0];
  for (let step = 0; step < 250_000; step++) {
    const n = size();
    const order = pages.orderFor(n);
    if (order >= pages.orders) continue;
    let pfn = pages.allocPages(order);
    while (pfn === NULL) {
      if (step > 100_000) {
        failures++;
        sums[0]! += 1 - asked / held;
        sums[1]! += 1 - held / memory;
        sums[2]! += 1 - asked / memory;
      }
      const i = victims.below(live.length);
      const victim = live[i]!;
      live[i] = live.at(-1)!;
      live.pop();
      pages.freePages(victim.pfn, victim.order);
      asked -= victim.size;
      held -= pages.pagesOf(victim.order);
      pfn = pages.allocPages(order);
    }
    live.push({ pfn, order, size: n });
    asked += n;
    held += pages.pagesOf(order);
  }
  pages.check();
  return sums.map((sum) => 100 * sum / failures);
}

const binary = () =>
  new BinaryBuddy({ page: 1, orders: 17, pages: 2 ** 16, pick: "lowest" });
/** Waste inside blocks, memory not allocated, memory not used; percent. */
const ANCHORS: [string, () => PageAllocator, string, number[]][] = [
  ["pn-binary", binary, "uniform:1:1024", [25.0, 3.83, 27.87]],
  ["pn-binary", binary, "exp:256", [30.57, 13.4, 39.86]],
  ["pn-fibonacci", () => fibonacci(75_025), "uniform:1:1024", [
    ...[20.6, 9.51, 28.15],
  ]],
  ["pn-weighted", () => weighted(2 ** 16), "uniform:1:1024", [
    ...[14.22, 22.24, 33.3],
  ]],
  ["pn-weighted", () => weighted(2 ** 16), "exp:256", [16.68, 21.83, 34.86]],
];
for (const [name, make, sizes, expected] of ANCHORS) {
  Deno.test(`${name}, ${sizes}: ${expected.join(" / ")} percent`, () => {
    fullMemory(make(), sizes).forEach((percent, i) =>
      assertAlmostEquals(percent, expected[i]!, 1)
    );
  });
}
