/**
 * The remaining texts: meminfo, the indexes of debugfs, and glibc's.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { MALLOC_INFO } from "../../experiments/kernel_text/heaps/malloc_info.ts";
import { TEXTS } from "./fixtures.ts";
import { explained, read } from "./read.ts";

function says(text: string, ...answers: string[]): void {
  const lines = explained(text);
  for (const answer of answers) {
    assert(lines.includes(answer), `${answer}\n\n${lines}`);
  }
}

Deno.test("meminfo: shares that add up, and what they leave over", () => {
  says(
    TEXTS.meminfo,
    "15625.0 MiB of memory in the machine",
    "AnonPages 5859.4 MiB 37.5 %",
    "Hugetlb 1024.0 MiB 6.6 %",
    // 16,000,000 kB less the lines above and 512 pages of 2 MiB
    "(the rest) 2061.9 MiB 13.2 %",
    "Shmem 732.4 MiB, 25.0 % of Cached",
    "HugePages_Free 128, 25.0 % of HugePages_Total",
    "Committed_AS 11718.8 MiB, 150.0 % of CommitLimit",
  );
  const node = TEXTS.meminfo.replaceAll(/^/gm, "Node 0 ").replace(
    /Node 0 $/,
    "",
  );
  says(node, "15625.0 MiB of memory in node 0", "(the rest) 2061.9 MiB");
  const short = TEXTS.meminfo.replace(/^AnonPages.*\n/m, "");
  assert(!explained(short).includes("the rest"));
  const much = TEXTS.meminfo.replace(
    "MemTotal:       16",
    "MemTotal:       10",
  );
  says(much, "more than MemTotal");
  assert(!/-\d|\d{3}\.\d %/.test(explained(much).replace("150.0 %", "")));
});

Deno.test("extfrag_index and unusable_index are told apart", () => {
  says(
    TEXTS.extfragIndex,
    "The fragmentation index",
    "3 0.875 not now: free memory is fragmented",
    "1 0.480 not now: memory is short",
    "2 -0.500 not now: memory is short",
    "Served now: orders 0..2.",
  );
  says(TEXTS.unusableIndex, "The unusable index", "2 0.016 98.4 % of the free");
});

Deno.test("malloc_info: one heap with nothing in its bins, top not counted", () => {
  says(
    TEXTS.mallocInfo,
    "1 heap, 1134592 bytes (1.1 MiB) from the system",
    "nothing is free in fast bins and bins",
    "1134592 bytes (1.1 MiB) are in use or in the top chunk",
  );
});

Deno.test("malloc_info: arenas, their bins, and the top chunk since 2.30", () => {
  says(
    TEXTS.mallocInfoArenas,
    "2 heaps, 1024000 bytes from the system; besides, 1 block mapped: 1052672",
    "Heap 1: 618496 bytes from the system; 1360 bytes in 11 free chunks in fast bins, 306880 bytes in 491 free chunks in bins, the top chunk of 592 bytes included; 310256 bytes (50.2 %) are in use",
    "490 chunks of 144..1120 bytes (unsorted, 306288 bytes), 8 chunks of 128 bytes (1024 bytes)",
    "All heaps: 1024000 bytes",
    "2 top chunks of 41312 bytes included; 522096 bytes (51.0 %) are in use",
  );
  const one = TEXTS.mallocInfoArenas.replaceAll("\n", "");
  assertEquals(
    read(MALLOC_INFO, one),
    read(MALLOC_INFO, TEXTS.mallocInfoArenas),
  );
});

Deno.test("malloc_info: the flags of binned chunks are no bytes of theirs", () => {
  const heap = (sizes: string, rest: string) =>
    `<malloc version="1"><heap nr="0"><sizes>${sizes}</sizes>` +
    `<total type="fast" count="0" size="0"/>${rest}` +
    `<system type="current" size="135168"/></heap>${rest}` +
    `<system type="current" size="135168"/></malloc>\n`;
  const [info] = read(
    MALLOC_INFO,
    heap(
      `<size from="1025" to="1025" total="2050" count="2"/>` +
        `<size from="2053" to="2065" total="4118" count="2"/>` +
        `<size from="129" to="133" total="1052" count="8"/>` +
        `<size from="3077" to="3125" total="9307" count="3"/>` +
        `<size from="17" to="32" total="64" count="2"/>`,
      `<total type="rest" count="16" size="116527"/>`,
    ),
  );
  const { heaps, total } = info!;
  assertEquals(heaps[0]!.sizes.map(({ bytes }) => bytes), [
    2048,
    4112,
    1024, // whatever flags they have
    9296, // 3072 + 3104 + 3120, the one between with other flags
    64,
  ]);
  assertEquals(heaps[0]!.rest.bytes, 116480);
  assertEquals(total.rest.bytes, 116480);
});

Deno.test("malloc_stats: free bytes, and figures that wrapped around", () => {
  says(
    TEXTS.mallocStats,
    "0 396 KiB 206.9 KiB 189.1 KiB 47.8 %",
    "total, with mapped blocks 2.0 MiB 1.5 MiB 490.1 KiB 24.2 %",
    "At most 1 block was mapped at one time, and at most 1.0 MiB",
  );
  says(
    TEXTS.mallocStatsWrapped,
    "0 1287.8 MiB 3553.0 MiB figures that disagree",
    "1 1808.1 MiB 1577.1 MiB 230.9 MiB 12.8 %",
    "these figures have 32 bits and have wrapped around at 4096 MiB",
  );
});
