/**
 * How long per-CPU lists get, what fills them and what drains them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { pcpHigh } from "../../../allocators/buddy/linux_pcp_high.ts";
import { ATOMIC } from "../../../allocators/buddy/linux_settings.ts";
import {
  LINUX_RULES,
  LINUX_VERSIONS,
  type LinuxVersion,
} from "../../../allocators/buddy/linux_versions.ts";
import { PAGE } from "../../../allocators/pages.ts";

const [UNMOVABLE, MOVABLE] = [0, 1];
/** The zone of a guest of 512 MiB with one CPU, as 7.2 shows it. */
const GUEST = { cpus: 1, batch: 31, lowest: 817, highest: 13_875 };
const guest = (version: LinuxVersion, limits = GUEST) =>
  pcpHigh(LINUX_RULES[version], limits);

/** What frees of single pages drain, for the first `times`. */
function drains(version: LinuxVersion, times: number, belowHigh = false) {
  const high = guest(version);
  high.belowHigh = belowHigh;
  const drained: number[] = [];
  for (let count = 1; drained.length < times; count++) {
    const pages = high.freed(0, 0, count);
    if (pages === 0) continue;
    drained.push(pages);
    count -= pages;
  }
  return drained;
}

Deno.test("6.1 drains twice as much each time, later ones what was freed", () => {
  assertEquals(drains("6.1", 7), [31, 62, 124, 248, 496, 786, 786]);
  for (const version of ["6.12", "7.2"] as const) {
    assertEquals(drains(version, 4), [786, 817, 992, 992], version);
    // the lists stay short while pages are
    assertEquals(drains(version, 3, true), [786, 786, 786], version);
  }
});

Deno.test("an allocation halves what counts as freed of late", () => {
  const high = guest("6.12");
  for (let count = 1; count <= 800; count++) high.freed(0, 0, count);
  for (let n = 0; n < 3; n++) high.taken(0);
  assertEquals(high.freed(0, 0, 817), 101); // 800 / 8 and one more
  const old = guest("6.1");
  for (let n = 0; n < 3; n++) old.freed(0, 0, 817);
  old.taken(0);
  assertEquals(old.freed(0, 0, 817), 62);
});

Deno.test("a free halves the next refill, which grows while there is room", () => {
  const high = guest("6.12");
  for (let n = 0; n < 3; n++) high.fetched(0, 0, 0);
  high.freed(0, 0, 1);
  assertEquals(high.fetched(0, 0, 0), 62);
  const fixed = guest("6.12", { ...GUEST, lowest: 124, highest: 124 });
  const fetched = [0, 0, 0, 0, 0, 0].map(() => fixed.fetched(0, 0, 0));
  assertEquals(fetched, [31, 62, 93, 93, 93, 93]);
  fixed.freed(0, 0, 1);
  assertEquals(fixed.fetched(0, 0, 0), 62);
});

Deno.test("a refill has two blocks at least", () => {
  for (const version of LINUX_VERSIONS) {
    const high = guest(version, { ...GUEST, batch: 7 });
    assertEquals([1, 2, 3].map((k) => high.fetched(0, k, 0)), [3, 2, 2]);
  }
});

Deno.test("a high grows by what is fetched, up to the greatest", () => {
  const high = guest("6.12", { ...GUEST, highest: 1000 });
  const fetched = [0, 0, 0, 0].map((order) => high.fetched(0, order, 0));
  assertEquals(fetched, [31, 62, 124, 248]); // 817 + 465 > 1000
  assertEquals(high.freed(0, 0, 999), 0);
  assertEquals(high.freed(0, 0, 1000), 31);
  const low = guest("6.12");
  low.belowHigh = true;
  low.fetched(0, 0, 0);
  low.belowHigh = false;
  assertEquals(low.freed(0, 0, 817), 31); // pages are short: it stays
});

Deno.test("one more free of order 1 to 3 drains, each kernel in its way", () => {
  // pages freed before it, and what the second of two frees of order 1 drains
  const cases: Record<LinuxVersion, [freed: number, drained: number][]> = {
    "6.12": [[28, 0], [29, 33], [436, 440]],
    "7.2": [[29, 0], [436, 0], [437, 441]],
    "6.1": [[436, 0]],
  };
  for (const version of LINUX_VERSIONS) {
    for (const [freed, drained] of cases[version]) {
      const high = guest(version);
      for (let count = 1; count <= freed; count++) high.freed(0, 0, count);
      assertEquals(high.freed(0, 1, freed + 2), 0);
      assertEquals(high.freed(0, 1, freed + 4), drained, `${version} ${freed}`);
    }
  }
  const old = guest("6.1");
  assertEquals(old.freed(0, 0, 817), 31);
  assertEquals(old.freed(0, 9, 600), 0);
  assertEquals(old.freed(0, 1, 88), 88); // everything, between drains
});

Deno.test("lists are short while the zone is below its high watermark", () => {
  for (const version of ["6.12", "7.2"] as const) {
    const zone = { version, pages: 65_536, pcp: 63, min: 1000 };
    const pages = new LinuxBuddy(zone);
    const held: number[] = [];
    for (let pfn = 0; (pfn = pages.allocPages(0)) !== NULL;) held.push(pfn);
    for (const pfn of held.slice(0, 1400)) pages.freePages(pfn, 0);
    // 1250 pages are the least; a drain leaves a batch of them
    assertEquals(pages.usage().cached / PAGE, 63 + 150, version);
    // now enough are free: from the second drain on, 2079 pages may wait
    for (const pfn of held.slice(1400, 4400)) pages.freePages(pfn, 0);
    assertEquals(pages.usage().cached / PAGE, 63 + 4400 - 2437, version);
    pages.check();
  }
});

Deno.test("a drained page goes to its pageblock's type, of then or of now", () => {
  const lists = LINUX_VERSIONS.map((version) => {
    const zone = { version, pages: 1024, pcp: 31, high: 2000 };
    const pages = new LinuxBuddy(zone);
    const blocks = [0, 1, 2, 3].map(() => pages.allocPages(8, UNMOVABLE));
    assertEquals(blocks, [0, 256, 512, 768]);
    pages.splitPages(0, 8, 0);
    for (let pfn = 0; pfn < 256; pfn++) pages.freePages(pfn, 0);
    pages.freePages(256, 8);
    assertEquals(pages.allocPages(5, MOVABLE), 256); // claims the pageblock
    assertEquals([...pages.pageblockTypes()], [MOVABLE, UNMOVABLE]);
    pages.compact(0, () => {}); // drains
    pages.check();
    return [UNMOVABLE, MOVABLE].map((type) => [...pages.freeList(8, type)]);
  });
  assertEquals(lists, [[[], [0]], [[0], []], [[], [0]]]);
});

Deno.test("in 7.2 what cannot wait takes cached blocks, but fetches none", () => {
  const seen = LINUX_VERSIONS.map((version) => {
    const pages = new LinuxBuddy({ version, pages: 102_400, pcp: 63 });
    const reserved = () =>
      pages.pageblockTypes().filter((type) => type === 3).length;
    const block = pages.allocPages(1, ATOMIC | MOVABLE);
    const first = [pages.usage().cached > 0, reserved()];
    const other = pages.allocPages(1, MOVABLE);
    pages.freePages(other, 1);
    assertEquals(pages.allocPages(1, ATOMIC | MOVABLE), other);
    assertEquals(other >> 9 === block >> 9, version !== "7.2");
    pages.check();
    return [...first, reserved()];
  });
  // in 7.2 a cached block reserves nothing
  assertEquals(seen, [[true, 1, 1], [true, 1, 1], [false, 1, 1]]);
});

Deno.test("the last reserved pageblock stays while draining helps", () => {
  const settings = { pages: 51_200, pcp: 63, cpus: 2, high: 60_000 };
  for (const version of LINUX_VERSIONS) {
    const pages = new LinuxBuddy({ ...settings, version });
    const block = pages.allocPages(4, ATOMIC) >> 9;
    const held: number[] = [];
    while (held.length < 50_000) held.push(pages.allocPages(0));
    pages.cpu = 1;
    for (const pfn of held) pages.freePages(pfn, 0);
    pages.cpu = 0;
    for (let n = 0; n < 49_000; n++) pages.allocPages(0);
    assertEquals(pages.pageblockTypes()[block], 3, version);
  }
});

Deno.test("lists of CPUs are told by CPU, order and type", () => {
  const settings = { pages: 4096, pcp: 63, cpus: 2 };
  const zone = new LinuxBuddy(settings);
  const first = zone.allocPages(0, MOVABLE);
  zone.freePages(first, 0);
  zone.cpu = 1;
  zone.freePages(zone.allocPages(1, UNMOVABLE), 1);
  const order: number[] = [];
  const sums = new Map<string, number>();
  zone.eachCached((list, pfn, k) => {
    order.push(pfn);
    sums.set(list, (sums.get(list) ?? 0) + PAGE * 2 ** k);
  });
  assertEquals(order[0], first); // what was freed last comes first
  const rows = zone.census().filter(({ list }) => list.startsWith("CPU"));
  assertEquals(rows.map(({ list, bytes }) => [list, bytes]), [...sums]);
  assertEquals([...sums.keys()], [
    "CPU 0 order 0 movable",
    "CPU 1 order 1 unmovable",
  ]);
});
