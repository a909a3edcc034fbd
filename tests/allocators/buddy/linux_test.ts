/**
 * The Linux page allocator against the kernel's own code, run on the same
 * requests: every page frame, every free list in order, every pageblock.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { ATOMIC } from "../../../allocators/buddy/linux_settings.ts";
import {
  freeAreaLines,
  pfnLines,
} from "../../../experiments/replay/page_lines.ts";
import { PageSession } from "../../../experiments/replay/page_session.ts";
import { readPages } from "../../../experiments/traces/pages_reader.ts";
import { gunzipped, RUNS } from "../../oracle/linux/fixtures.ts";
import { firstDifference } from "../../oracle/simulate.ts";

for (const { name, ops, expected } of RUNS) {
  Deno.test(`linux_buddy is the kernel's: ${name}`, async () => {
    const noFragment = name.endsWith("nofragment");
    const pages = new LinuxBuddy({ pages: 4096, noFragment });
    const session = new PageSession(pages);
    let answers = "";
    for await (const text of pfnLines(readPages(name, () => [ops]), session)) {
      answers += text;
    }
    answers += freeAreaLines(pages);
    const lines = (await gunzipped(expected)).trimEnd().split("\n");
    const totals = lines.find((line) => line.startsWith("#"))!;
    const simulated = answers.trimEnd().split("\n");
    const real = lines.filter((line) => line !== totals);
    const at = firstDifference(simulated, real);
    assertEquals(simulated[at], real[at], `line ${at}`);
    const [allocs, failed, events] = /allocs (\d+).*failed (\d+).* (\d+)$/
      .exec(totals)!.slice(1).map(Number);
    assertEquals(session.failures, failed);
    assertEquals(pages.claims + pages.steals, events);
    assertEquals(answers.match(/^-?\d+$/gm)?.length, allocs);
    pages.check();
  });
}

Deno.test("an order-10 block is freed as two of order 9, which merge", () => {
  const pages = new LinuxBuddy({ pages: 2048 });
  pages.freePages(pages.allocPages(10), 10);
  assertEquals(pages.counters.coalesces, 1);
  assertEquals([...pages.freeList(10, 1)], [0, 1024]);
});

Deno.test("a reserve of whole pageblocks is broken up and merges again", () => {
  const pages = new LinuxBuddy({ pages: 102_400 });
  pages.freePages(pages.allocPages(10, ATOMIC), 10);
  pages.freePages(pages.allocPages(9, ATOMIC), 9);
  pages.check();
  const held: number[] = [];
  for (let pfn = 0; pfn !== NULL; pfn = pages.allocPages(10)) held.push(pfn);
  assertEquals(held.length - 1, 100);
  pages.check();
});

Deno.test("a per-CPU list is refilled in batches and drained from its tail", () => {
  const pages = new LinuxBuddy({ pages: 4096, pcp: 63, high: 252, cpus: 2 });
  const first = pages.allocPages(0);
  assertEquals(first, 0);
  assertEquals(pages.usage().cached, 62 * 4096);
  pages.allocPages(5); // not held by CPUs
  assertEquals(pages.usage().cached, 62 * 4096);
  pages.cpu = 1;
  pages.freePages(first, 0); // to the head of the other CPU's list
  assertEquals(pages.allocPages(0), first);
  pages.cpu = 0;
  assertEquals(pages.allocPages(0), 1); // the rest of the batch, in order
  const held = Array.from({ length: 600 }, () => pages.allocPages(0));
  for (const pfn of held) pages.freePages(pfn, 0);
  assert(pages.usage().cached <= (252 + 63) * 4096);
  pages.check();
});

Deno.test("lists are drained before a request fails", () => {
  const pages = new LinuxBuddy({ pages: 1024, pcp: 63, high: 504 });
  const held = Array.from({ length: 1024 }, () => pages.allocPages(0));
  assertEquals(pages.allocPages(0), NULL);
  for (const pfn of held) pages.freePages(pfn, 0);
  assertEquals(pages.allocPages(10), 0);
  pages.check();
});

Deno.test("the min watermark leaves pages to requests that cannot wait", () => {
  const pages = new LinuxBuddy({ pages: 1024, min: 64 });
  let served = 0;
  while (pages.allocPages(0) !== NULL) served++;
  assertEquals(served, 1024 - 64);
  while (pages.allocPages(0, ATOMIC) !== NULL) served++;
  assertEquals(served, 1024 - 24); // 3/8 of min
});

Deno.test("reclaim would wake below the low watermark, sleep above the high", () => {
  const pages = new LinuxBuddy({ pages: 1024, min: 64 });
  const held = Array.from({ length: 1024 - 80 }, () => pages.allocPages(0));
  assertEquals(pages.wakeups, 0);
  held.push(pages.allocPages(0)); // 79 pages are free
  assertEquals(pages.wakeups, 1);
  for (const pfn of held.splice(-16)) pages.freePages(pfn, 0);
  held.push(pages.allocPages(0), pages.allocPages(0)); // 93: still awake
  while (pages.usage().free > 70 * 4096) held.push(pages.allocPages(0));
  assertEquals(pages.wakeups, 1);
  for (const pfn of held.splice(-40)) pages.freePages(pfn, 0);
  while (pages.usage().free > 70 * 4096) held.push(pages.allocPages(0));
  assertEquals(pages.wakeups, 2);
});

Deno.test("a high-order atomic request reserves its pageblock", () => {
  const pages = new LinuxBuddy({ pages: 51_200 });
  const block = pages.allocPages(2, ATOMIC);
  assertEquals(pages.pageblockTypes()[block >> 9], 3);
  // nobody else gets its pages while others are free
  for (let n = 0; n < 51_200 - 512; n++) {
    assert(pages.allocPages(0) >> 9 !== block >> 9);
  }
  assertEquals(pages.allocPages(2, ATOMIC) >> 9, block >> 9);
  pages.check();
  // the reserve is broken up before a request fails
  assert(pages.allocPages(0) !== NULL);
  assertEquals(pages.pageblockTypes()[block >> 9], 1);
  pages.check();
});

Deno.test("misuse is refused", () => {
  const pages = new LinuxBuddy({ pages: 1024 });
  const pfn = pages.allocPages(3);
  for (const [at, order] of [[pfn + 1, 3], [pfn, 2], [9000, 0], [-1, 0]]) {
    assertThrows(() => pages.freePages(at!, order!), RangeError);
  }
  assertThrows(() => pages.allocPages(0, 3), RangeError);
  assertEquals(pages.allocPages(11), NULL);
  pages.freePages(pfn, 3);
  assertThrows(() => pages.freePages(pfn, 3), RangeError);
});
