/**
 * Watermarks: which of them refused a request, and at which order.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  ATOMIC,
  gfpOf,
  ORDINARY,
} from "../../experiments/kernel_text/watermarks/gfp.ts";
import { MEM_INFO } from "../../experiments/kernel_text/watermarks/mem_info.ts";
import { Report } from "../../experiments/kernel_text/watermarks/reported.ts";
import {
  checkWatermark,
  lowered,
} from "../../experiments/kernel_text/watermarks/watermark.ts";
import { ZONEINFO } from "../../experiments/kernel_text/watermarks/zoneinfo.ts";
import { TEXTS } from "./fixtures.ts";
import { explained, read } from "./read.ts";

Deno.test("order 3 is refused although a block is free: one page is left", () => {
  const lines = explained(TEXTS.dmesgOrder3);
  assert(
    lines.includes(
      "258 - 7 - 72 - 86 - 92 = 1 page is left above order 2, and more than 6 must be (min 127 pages, lowered to 48",
    ),
    lines,
  );
  assert(lines.includes("although 1 block is free of order 3 or more"), lines);
  assert(lines.includes("served at orders 0..2, and stops at 3..10"), lines);
  assert(lines.includes("swapper asked for order 3: 8 pages in one piece, 32"));
});

Deno.test("an atomic request may use 5/8 of the reserve below min", () => {
  assertEquals(lowered(127, ORDINARY), 127);
  assertEquals(lowered(127, { ...ORDINARY, high: true }), 64);
  assertEquals(lowered(127, ATOMIC), 48);
  assertEquals(lowered(1000, ATOMIC), 375);
});

Deno.test("up to 4.3 the mark counts above each order, later a block does", () => {
  const zone = {
    free: 258,
    reserved: 0,
    cma: 0,
    mark: 127,
    lowmemReserve: 0,
    blocks: [72, 43, 23, 1],
    takes: (order: number) => order <= 3,
  };
  const at = (order: number, rule: "old" | "new", gfp = ATOMIC) =>
    checkWatermark(zone, gfp, order, rule);
  assertEquals([0, 1, 2, 3].map((k) => at(k, "old").ok), [
    true,
    true,
    true,
    false,
  ]);
  assertEquals(at(3, "old"), { ok: false, order: 3, left: 1, needed: 6 });
  assertEquals(at(3, "new").ok, true);
  assertEquals(at(4, "new").ok, false);
  // what is reserved, in CMA areas or for higher zones is not to be had
  const held = { ...zone, reserved: 100, cma: 40, lowmemReserve: 10 };
  assertEquals(checkWatermark(held, ORDINARY, 0, "new"), {
    ok: false,
    order: 0,
    left: 118,
    needed: 137,
  });
  const movable = { ...ORDINARY, type: "Movable" as const };
  assertEquals(checkWatermark(held, movable, 0, "new").left, 158);
  assertEquals(checkWatermark(held, ATOMIC, 0, "new").left, 218);
});

Deno.test("what flags mean, by name and by number", () => {
  const short = (mode: string) => {
    const { waits, high, harder, type, zone } = gfpOf(mode)!;
    return `${waits} ${high} ${harder} ${type} ${zone}`;
  };
  for (
    const [modes, meaning] of [
      [
        ["0x820(GFP_ATOMIC)", "0x20", "0x4020", "0x2080020"],
        "false true true Unmovable Normal",
      ],
      [
        [
          "0xcc0(GFP_KERNEL)",
          "0xd0",
          "0x24000c0",
          "0xdc0(GFP_KERNEL|__GFP_ZERO)",
        ],
        "true false false Unmovable Normal",
      ],
      [
        ["0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO)", "0x280da"],
        "true false false Movable Movable",
      ],
      [["0xd1", "0xcc1(GFP_KERNEL|GFP_DMA)"], "true false false Unmovable DMA"],
      [
        ["0xd4", "0xcc4(GFP_KERNEL|GFP_DMA32)"],
        "true false false Unmovable DMA32",
      ],
      [
        ["0x800d0", "0xcd0(GFP_KERNEL|__GFP_RECLAIMABLE)"],
        "true false false Reclaimable Normal",
      ],
      [["0x800(GFP_NOWAIT)"], "false false false Unmovable Normal"],
      [["0xd2"], "true false false Unmovable HighMem"],
    ] as const
  ) {
    for (const mode of modes) assertEquals(short(mode), meaning, mode);
  }
  assertEquals(gfpOf("GFP_KERNEL"), undefined);
});

Deno.test("CMA blocks are for others: order 10 is refused, 60234 pages do not count", () => {
  const lines = explained(TEXTS.dmesgCmaAtomic);
  assert(
    lines.includes(
      "the watermark is met (62086 - 1023 - 60234 (CMA) = 829 > 230; min 611 pages, lowered to 230 for an atomic request), but the free blocks of order 10 and more are for others only",
    ),
    lines,
  );
  assertMatch(lines, /^10 59 C 4 MiB no block compaction served no block$/m);
});

Deno.test("the OOM killer: lowmem_reserve keeps DMA, min keeps Normal", () => {
  const lines = explained(TEXTS.dmesgOomX86);
  for (
    const says of [
      "a.out asked for order 0: 1 page, 4 KiB; the OOM killer was called",
      "3973 pages are free, and more than 15882 must be (min 16 pages, plus 15866 of lowmem_reserve)",
      "(16047 > 16046; min 3011 pages, plus 13035 of lowmem_reserve)",
      "13800 pages are free, and more than 13867 must be",
      "By these figures DMA32 of node 0 would serve it",
      "Watermarks as kernels from 4.4 on",
    ]
  ) assert(lines.includes(says), `${says}\n${lines}`);
});

Deno.test("lines of a journal are cut anywhere, and mean the same", () => {
  const [info] = read(MEM_INFO, TEXTS.dmesgWords);
  assertEquals(info!.zones.map(({ zone, reserves }) => [zone, reserves]), [
    ["DMA", [0, 1906, 64353, 64353, 64353]],
    ["Normal", [0, 0, 0]],
  ]);
  assertEquals(info!.zones[0]!.kib.managed, 15900);
  assertEquals(info!.zones[1]!.kib.free_pcp, 5984);
  assertEquals(info!.zones[1]!.blocks.length, 11);
  assertEquals(info!.kernel, [4, 14]);
  assert(
    explained(TEXTS.dmesgWords).includes("6037 - 3 = 6034 pages are free"),
  );
});

Deno.test("HighMem is not for the kernel: lowmem is short, 1.1 GiB are free", () => {
  const lines = explained(TEXTS.dmesgHighmem);
  assert(
    lines.includes("232 pages are free, and more than 234 must be"),
    lines,
  );
  assert(lines.includes("The request may not use this zone."), lines);
  assertMatch(lines, /^10 290 - 4 MiB - served -$/m);
  assert(lines.includes("zone DMA: 3 pages free (12 KiB)"), lines);
});

Deno.test("a log with several failures: each, and those without zones as well", () => {
  const lines = explained(TEXTS.dmesgRhel6);
  assert(lines.includes("From line 1 (Mar 18 14:39:17 host):"), lines);
  assert(lines.includes("8848 - 1 - 8848 = -1 pages are left above order 0"));
  assert(lines.includes("From line 17"), lines);
  assert(lines.includes("The Mem-Info after it, with the zones, is missing."));
});

Deno.test("the limit of a cgroup is no shortage of a zone; boost is told", () => {
  const lines = explained(
    "a.out invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0\n" +
      "memory: usage 524288kB, limit 524288kB, failcnt 999\n" +
      "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),task=a.out\n",
  );
  assert(lines.includes("A memory cgroup reached its limit"), lines);
  const boosted = TEXTS.dmesgOrder3.replace(
    "min:508kB",
    "boost:256kB min:508kB",
  );
  assert(explained(boosted).includes("high 190 pages (64 of each boost)"));
});

Deno.test("Mem-Info shows the size of pages", () => {
  const lines = explained(TEXTS.dmesgArm6464k);
  assert(lines.endsWith("Pages have 64 KiB.\n"), lines);
  assert(lines.includes("order 5: 32 pages in one piece, 2 MiB"), lines);
  assert(lines.includes("142 pages free (8.9 MiB), min 64, low 80"), lines);
});

Deno.test("where the kernel is not known both rules are told", () => {
  const lines = explained(TEXTS.dmesgTwoRules);
  assert(
    lines.includes(
      "Order 2, kernels up to 4.3: the zone refuses: 258 - 3 - 240 = 15",
    ),
  );
  assert(
    lines.includes("Order 2, kernels from 4.4 on: the zone would serve it"),
  );
});

Deno.test("a list of free blocks that does not add up is not believed", () => {
  const text = TEXTS.dmesgOrder3.replace("72*4kB", "73*4kB");
  const lines = explained(text);
  assert(lines.includes("do not add up to the sum"), lines);
  assert(!lines.includes("Such a request"), lines);
});

Deno.test("the reserve of a zone is by the highest zone a request may use", () => {
  const [info] = read(MEM_INFO, TEXTS.dmesgOomX86);
  const report = new Report(info!, 4096);
  const kept = (zone: (typeof ORDINARY)["zone"]) =>
    info!.zones.map((one) =>
      report.state(one, { ...ORDINARY, zone }, "min").lowmemReserve
    );
  assertEquals(kept("DMA"), [0, 0, 0]);
  assertEquals(kept("DMA32"), [2830, 0, 0]);
  assertEquals(kept("Normal"), [15866, 13035, 0]);
  assertEquals(kept("Movable"), [15866, 13035, 0]);
});

Deno.test("zoneinfo: watermarks, reserves, CPUs' lists", () => {
  const [zones] = read(ZONEINFO, TEXTS.zoneinfo);
  assertEquals(zones!.map(({ cpus, onCpuLists }) => [cpus, onCpuLists]), [
    [1, 0],
    [2, 2700],
    [0, 0],
  ]);
  assertEquals(zones![0]!.protection, [0, 1952, 1952, 1952, 1952]);
  assertEquals(zones![0]!.perNode.nr_kernel_stack, 816);
  const lines = explained(TEXTS.zoneinfo);
  for (
    const says of [
      "zone DMA: 3776 pages free (14.8 MiB, 98.3 % of its memory); above high",
      " for DMA32 1952 1717 1738 1791\n",
      "zone DMA32: 13000 pages free (50.8 MiB, 2.6 % of its memory); below low",
      // 13000 - 1000 CMA - 512 reserved - 11177 min; atomic: 12000 - 4192
      " for DMA32 0 0 311 7808\n",
      "2700 pages on the lists of 2 CPUs",
      "Without memory: Normal of node 0.",
      "Pages of 4 KiB are assumed",
    ]
  ) assert(lines.includes(says), `${says}\n${lines}`);
  const old = explained(TEXTS.zoneinfo26);
  assert(old.includes("74 pages on the lists of 1 CPU"), old);
  assert(old.includes(" for Normal 0 1249 1376 1693\n"), old);
});

/** The zoneinfo of a machine of 2 GiB with a CPU whose lists are like that. */
function twoZones(list: string, min = 11_177): string {
  const zone = (name: string, min: number, managed: number, list: string) =>
    `Node 0, zone ${name}\n  pages free     3776\n        min      ${min}\n` +
    `        low      ${min + (min >> 2)}\n        high     ${
      min + 2 * (min >> 2)
    }\n        managed  ${managed}\n  pagesets\n    cpu: 0\n` +
    `              count: 0\n${list}  node_unreclaimable:  0\n`;
  return zone("DMA", 86, 3840, "") + zone("DMA32", min, 499_255, list);
}

Deno.test("zoneinfo: how a CPU's lists are filled and drained", () => {
  const lists: [string, string][] = [
    ["              high:  13971\n              batch: 63\n", "13971 pages."],
    [
      "              batch: 63\n              high_min: 13971\n" +
      "              high_max: 62189\n",
      "13971 to 62189 pages, by what it has freed.",
    ],
  ];
  for (const [list, holds] of lists) {
    const lines = explained(twoZones(list));
    const says =
      ` A CPU fetches 63 pages at first, and drains its lists when ` +
      `they hold ${holds}\n`;
    assert(lines.includes(says), lines);
    assert(lines.includes("11 free pageblocks for each of 2 zones, 11264"));
  }
  const idle = twoZones(
    "              high:  0\n              batch: 1\n",
    654,
  );
  const lines = explained(idle);
  assert(lines.includes(" A CPU fetches 1 page at first.\n"), lines);
  assert(!lines.includes("khugepaged"), lines);
});

/** A report of a zone of 1 GiB with `free` pages in blocks of order 0. */
function shattered(free: number, reserved: number): string {
  return `app: page allocation failure: order:3, mode:0xcc0(GFP_KERNEL), nodemask=(null)
Mem-Info:
Node 0 Normal free:${
    4 * free
  }kB boost:0kB min:33000kB low:41250kB high:49500kB reserved_highatomic:${
    4 * reserved
  }KB managed:1000000kB
lowmem_reserve[]: 0 0 0
Node 0 Normal: ${free}*4kB (UME) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = ${
    4 * free
  }kB
`;
}

Deno.test("compaction needs room above min up to order 3, above low beyond", () => {
  const kernel = (free: number, reserved = 0) => {
    const lines = explained(shattered(free, reserved)).split("\n");
    return Array.from({ length: 11 }, (_, order) => {
      const line = lines.find((line) => line.startsWith(`${order} `))!;
      return /(served|compaction|reclaim|watermark|no block) (?:\1|served|compaction|reclaim) (?:served|watermark|no block)$/
        .exec(line)?.[1];
    });
  };
  // min is 8,250 pages, low 10,312; a request of order k leaves 2^k - 1 less.
  assertEquals(kernel(9000).slice(1, 5), [
    ...["compaction", "compaction", "compaction"],
    "reclaim",
  ]);
  assertEquals(kernel(11_000).slice(4, 10), [
    ...["compaction", "compaction", "compaction", "compaction", "compaction"],
    "reclaim", // 10,312 + 1,024 pages are needed
  ]);
  // What is reserved for atomic requests gives no room.
  assertEquals(kernel(11_000, 512).slice(4, 8), [
    ...["compaction", "compaction", "compaction"],
    "reclaim",
  ]);
});
