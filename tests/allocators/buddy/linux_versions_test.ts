/**
 * Rules in which kernels differ, and rules of the per-CPU lists, the reserve
 * and the watermarks that are easily got wrong.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { ATOMIC } from "../../../allocators/buddy/linux_settings.ts";
import {
  LINUX_VERSIONS,
  type LinuxVersion,
} from "../../../allocators/buddy/linux_versions.ts";
import {
  highBounds,
  minFreeKib,
  minShare,
  usualBatch,
  usualMin,
  watermarks,
} from "../../../allocators/buddy/linux_watermarks.ts";
import { PAGE } from "../../../allocators/pages.ts";

const [UNMOVABLE, MOVABLE, RECLAIMABLE, HIGHATOMIC] = [0, 1, 2, 3];
const KERNELS = LINUX_VERSIONS;

/** Pages on per-CPU lists. */
const cached = (pages: LinuxBuddy) => pages.usage().cached / PAGE;

/** Blocks fetched by the refills of `count` requests of `order`. */
function refills(pages: LinuxBuddy, order: number, count: number): number[] {
  const fetched: number[] = [];
  for (let n = 0; n < count; n++) {
    const before = cached(pages);
    assert(pages.allocPages(order) !== NULL);
    const more = cached(pages) - before + (1 << order);
    if (more > 0) fetched.push(more >> order);
  }
  return fetched;
}

Deno.test("refills of order 0 double, those of orders 1 to 3 do not", () => {
  for (const version of KERNELS) {
    const zone = { version, pages: 113_406, pcp: 31 };
    const fetched = (order: number) =>
      refills(new LinuxBuddy(zone), order, 465);
    const doubled = version === "6.1" ? Array(15).fill(31) : [31, 62, 124, 248];
    assertEquals(fetched(0), doubled, version);
    assertEquals(fetched(1), Array(31).fill(15));
    assertEquals(fetched(2).slice(0, 3), [7, 7, 7]);
    assertEquals(fetched(3).slice(0, 3), [3, 3, 3]);
  }
});

Deno.test("requests of order 1 leave the refills of order 0 alone", () => {
  for (const version of KERNELS) {
    const pages = new LinuxBuddy({ version, pages: 65_536, pcp: 63 });
    refills(pages, 1, 70);
    assertEquals(refills(pages, 0, 1), [63], version);
  }
});

Deno.test("unmovable and reclaimable blocks of order 9 share a list", () => {
  const pages = new LinuxBuddy({ pages: 65_536, pcp: 63, high: 20_000 });
  const block = pages.allocPages(9, RECLAIMABLE);
  pages.freePages(block, 9);
  assertEquals(pages.allocPages(9, UNMOVABLE), block);
  pages.freePages(block, 9);
  assert(pages.allocPages(9, MOVABLE) !== block);
  pages.check();
});

/** Pageblocks in the reserve after 20 requests that cannot wait. */
function reserved(version: LinuxVersion, length: number): number {
  const pages = new LinuxBuddy({ version, pages: length });
  for (let n = 0; n < 20; n++) pages.allocPages(8, ATOMIC);
  pages.check();
  return pages.pageblockTypes().filter((type) => type === HIGHATOMIC).length;
}

Deno.test("the reserve has a limit, and small zones have none", () => {
  const zones = [4096, 51_199, 51_200, 51_250, 102_450, 102_399, 153_600];
  for (const version of ["6.12", "7.2"] as const) {
    const limits = zones.map((length) => reserved(version, length));
    assertEquals(limits, [0, 0, 1, 1, 2, 2, 3], version);
  }
  const old = zones.map((length) => reserved("6.1", length));
  assertEquals(old, [2, 2, 2, 2, 3, 3, 4]);
});

Deno.test("freed pages of the reserve wait on the CPU's MOVABLE list", () => {
  for (const version of KERNELS) {
    const pages = new LinuxBuddy({ version, pages: 102_400, pcp: 63 });
    const block = pages.allocPages(1, ATOMIC);
    assertEquals(pages.pageblockTypes()[block >> 9], HIGHATOMIC);
    pages.freePages(block, 1);
    assertEquals(pages.allocPages(1, MOVABLE), block, version);
    pages.check();
  }
});

Deno.test("requests that cannot wait go down to 3/8 of the watermark", () => {
  for (const version of KERNELS) {
    const pages = new LinuxBuddy({ version, pages: 8192, min: 1000 });
    while (pages.allocPages(0) !== NULL);
    assertEquals(pages.usage().free, 1000 * PAGE);
    while (pages.allocPages(0, ATOMIC) !== NULL);
    assertEquals(pages.usage().free, 375 * PAGE, version);
  }
});

Deno.test("of the reserve, what is not free counts in 6.1 only", () => {
  const left = KERNELS.map((version) => {
    const pages = new LinuxBuddy({ version, pages: 51_200, min: 1000 });
    const block = pages.allocPages(8, ATOMIC) >> 9; // half of it stays free
    let free = 0;
    while (pages.pageblockTypes()[block] === HIGHATOMIC) {
      free = pages.usage().free / PAGE;
      assert(pages.allocPages(4) !== NULL);
    }
    return free; // when the reserve had to be broken up
  });
  assertEquals(left, [1264, 1520, 1264]);
});

Deno.test("after a steal, a refill goes on stealing", () => {
  const fallbacks = KERNELS.map((version) => {
    const settings = { version, pages: 1024, pcp: 31, high: 2000 };
    const pages = new LinuxBuddy(settings);
    for (let n = 0; n < 4; n++) {
      pages.splitPages(pages.allocPages(8, RECLAIMABLE), 8, 0);
    }
    // page 0 heads the list, but its pageblock is not worth a claim; the
    // other one, half of which is free, would be
    for (let pfn = 512; pfn < 1024; pfn += 2) pages.freePages(pfn, 0);
    pages.freePages(0, 0);
    pages.compact(0, () => {}); // drains
    assertEquals([...pages.freeList(0, RECLAIMABLE)][0], 0);
    const { claims, steals } = pages;
    assertEquals(pages.allocPages(0, UNMOVABLE), 0);
    pages.check();
    return [pages.claims - claims, pages.steals - steals];
  });
  assertEquals(fallbacks, [[0, 31], [1, 1], [0, 31]]);
});

Deno.test("the next refill tries to claim again", () => {
  for (const version of ["6.12", "7.2"] as const) {
    const pages = new LinuxBuddy({ version, pages: 1024, pcp: 2, high: 2000 });
    for (let n = 0; n < 4; n++) {
      pages.splitPages(pages.allocPages(8, RECLAIMABLE), 8, 0);
    }
    for (let pfn = 512; pfn < 1024; pfn += 2) pages.freePages(pfn, 0);
    for (const pfn of [2, 0]) pages.freePages(pfn, 0);
    pages.compact(0, () => {}); // drains
    const { claims, steals } = pages;
    const fallbacks = [0, 0, 0].map(() => {
      pages.allocPages(0, UNMOVABLE);
      return [pages.claims - claims, pages.steals - steals];
    });
    assertEquals(fallbacks, [[0, 2], [0, 2], [1, 2]], version);
  }
});

Deno.test("a pageblock in which the zone ends is not reserved", () => {
  const pages = new LinuxBuddy({ pages: 51_456 });
  assertEquals(pages.allocPages(8, ATOMIC | MOVABLE), 51_200);
  assertEquals(pages.pageblockTypes().includes(HIGHATOMIC), false);
  pages.check();
});

Deno.test("an order-10 block is freed whole in 6.1", () => {
  const merges = KERNELS.map((version) => {
    const pages = new LinuxBuddy({ version, pages: 1024 });
    pages.freePages(pages.allocPages(10), 10);
    return pages.counters.coalesces;
  });
  assertEquals(merges, [1, 0, 1]);
});

Deno.test("watermarks and lists are those of zoneinfo", () => {
  // managed pages, min, low, high, promo: seen in 6.12 and 7.2
  const seen = [
    [3840, 86, 107, 128, 149],
    [500_963, 11_177, 13_971, 16_765, 19_559],
    [114_401, 659, 823, 987, 1151],
    [113_406, 654, 817, 980, 1143],
  ];
  for (const [pages, min, low, high, promo] of seen) {
    assertEquals(watermarks(min!, pages!), {
      min,
      low,
      high,
      promo,
    });
  }
  const two = [3840, 499_110]; // as they were when the kernel set them
  assertEquals([minFreeKib(two), minFreeKib([3840, 499_110, 1e6])], [
    45_056,
    67_584,
  ]);
  assertEquals([minShare(3840, two), minShare(499_110, two)], [86, 11_177]);
  assertEquals(usualMin(499_110), 11_177);
  // without huge pages: seen 22 and 654 of 2711 KiB
  assertEquals(minShare(3840, [3840, 113_406], 2711), 22);
  assertEquals(minShare(113_406, [3840, 113_406], 2711), 654);
  assertEquals([3840, 113_406, 499_255].map(usualBatch), [1, 31, 63]);
  assertEquals(
    highBounds(111_004, { low: 817, cpus: 1, batch: 31 }),
    [817, 13_875],
  );
  assertEquals(highBounds(3840, { low: 27, cpus: 1, batch: 1 }), [27, 480]);
});

Deno.test("vm.defrag_mode keeps types apart until a request would fail", () => {
  const strict = { version: "7.2", pages: 2048 } as const;
  for (const defrag of [false, true]) {
    const pages = new LinuxBuddy({ ...strict, defrag, noFragment: !defrag });
    for (let n = 0; n < 4; n++) pages.allocPages(8, MOVABLE);
    for (let n = 0; n < 2; n++) pages.allocPages(8, UNMOVABLE);
    pages.allocPages(8, RECLAIMABLE);
    // three quarters of a pageblock are left, none of them UNMOVABLE
    assertEquals(pages.allocPages(8, UNMOVABLE) !== NULL, defrag);
  }
});

/** Which half of a zone of 2048 pages each request gets: 1 is CMA's. */
function halves(zone: LinuxBuddy, requests: number[][]): number[] {
  return requests.map(([order, type]) => {
    const pfn = zone.allocPages(order!, type);
    return pfn === NULL ? NULL : pfn >> 10;
  });
}

Deno.test("CMA serves movable requests, first when it is most of what is free", () => {
  for (const version of KERNELS) {
    const zone = new LinuxBuddy({ version, pages: 2048, cma: 1000 });
    assertEquals([...zone.pageblockTypes()], [1, 1, 4, 4]);
    assertEquals([...zone.freeList(10, 4)], [1024]);
    const requests = [MOVABLE, MOVABLE, MOVABLE, UNMOVABLE, MOVABLE];
    assertEquals(
      // half is CMA's; most is; half; not for what stays; most
      halves(zone, requests.map((type) => [8, type])),
      [0, 1, 0, 0, 1],
      version,
    );
    zone.freePages(0, 8);
    zone.freePages(1024, 8);
    assertEquals([...zone.freeList(8, 4), ...zone.freeList(9, 4)], [
      1024,
      1536,
    ]);
    zone.check();
    assertEquals(halves(zone, [[9, UNMOVABLE], [9, RECLAIMABLE]]), [-1, -1]);
  }
});

Deno.test("CMA serves movable requests before a fallback", () => {
  for (const version of KERNELS) {
    const zone = new LinuxBuddy({ version, pages: 2048, cma: 512 });
    zone.freePages(zone.allocPages(10, UNMOVABLE), 10);
    assertEquals(zone.allocPages(9, MOVABLE), 1024);
    assertEquals(zone.allocPages(4, MOVABLE), 1536, version); // 512 of 1536
    assertEquals([...zone.pageblockTypes()], [0, 0, 1, 4]);
    zone.check();
  }
});

Deno.test("freed pages of CMA wait on MOVABLE lists, and go back to CMA", () => {
  for (const version of KERNELS) {
    const settings = { version, pages: 2048, cma: 1024, pcp: 63, high: 5000 };
    const zone = new LinuxBuddy(settings);
    const held = Array.from({ length: 2048 }, () => zone.allocPages(0));
    assertEquals(held.includes(NULL), false);
    zone.freePages(2000, 0);
    assertEquals(zone.allocPages(0, MOVABLE), 2000);
    for (const pfn of held) zone.freePages(pfn, 0);
    zone.compact(0, () => {}); // drains
    assertEquals([...zone.freeList(10, 4)], [1024], version);
    zone.check();
  }
});

Deno.test("what cannot move may not count on the pages of CMA", () => {
  const zone = new LinuxBuddy({ pages: 2048, cma: 1024, min: 100 });
  let served = 0;
  while (zone.allocPages(0, UNMOVABLE) !== NULL) served++;
  assertEquals(served, 1024 - 100);
  while (zone.allocPages(0, MOVABLE) !== NULL) served++;
  assertEquals(served, 2048 - 100);
});
