/**
 * The free-list rules against what kernels 6.12 and 7.2 did between their
 * per-CPU lists and the zone: which block each request got, and what was left.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { pcpHigh } from "../../../allocators/buddy/linux_pcp_high.ts";
import { LINUX_RULES } from "../../../allocators/buddy/linux_versions.ts";
import { BUDDYINFO } from "../../../experiments/kernel_text/pages/buddyinfo.ts";
import { read } from "../../kernel_text/read.ts";
import { type PageEvent, RECORDINGS } from "../../oracle/linux/recordings.ts";
import { LinuxWitness } from "./linux_witness.ts";

/** Page frames of 512 MiB. */
const PAGES = 2 ** 17;
/** The first page frame of the DMA32 zone. */
const DMA32 = 2 ** 12;

/**
 * Requests, all served at the low end of a free block; how many could be
 * predicted, and how many if the second pages of the two fallbacks of order 1
 * are taken off the start, so that their blocks lie in pieces; the free blocks
 * of orders 0 and 1 at the end.
 */
const EXPECTED = {
  "6.12": { found: 9869, known: 9832, less: 9816, small: [33, 21] },
  "7.2": { found: 10_113, known: 10_065, less: 10_047, small: [43, 23] },
};

for (const { version, events, before, after } of RECORDINGS) {
  const { found, known, less, small } = EXPECTED[version];
  for (const [start, predicted] of [["all", known], ["less", less]] as const) {
    Deno.test(`the rules explain what a ${version} kernel took: ${start}`, async () => {
      const zone = new LinuxWitness(PAGES);
      const recorded = await events();
      const without = recorded
        .filter(({ kind, order }) => kind === "x" && order === 1)
        .map(({ pfn }) => pfn + 1);
      const free = await before(start === "less" ? without : []);
      for (const [pfn, pages] of free) zone.addFree(pfn, pages);
      for (const { kind, pfn, order, type } of recorded) {
        if (kind === "a") zone.take(pfn, order, type);
        else if (kind === "x") zone.take(pfn, order, type, false);
        else if (kind === "d") zone.give(pfn, order, type);
      }
      assertEquals(
        [zone.found, zone.missing, zone.lowEnd, zone.known, zone.exact],
        [found, 0, found, predicted, predicted],
      );
      if (start === "less") return; // those pages stay where they are
      const [dma, dma32] = read(BUDDYINFO, after)[0]!;
      assertEquals(zone.blocks(0, DMA32), dma!.blocks);
      const mine = zone.blocks(DMA32, PAGES);
      assertEquals(mine.slice(2), dma32!.blocks.slice(2));
      // pages that moved between the last event and the reading
      assertEquals(mine.slice(0, 2), small);
    });
  }
}

Deno.test("the rules foresee every refill of the CPU's lists", async () => {
  const all: [version: string, right: number, refills: number][] = [];
  for (const { version, events } of RECORDINGS) {
    const limits = { cpus: 1, batch: 31, lowest: 817, highest: 13_875 };
    const lists = pcpHigh(LINUX_RULES[version], limits);
    const recorded = (await events()).filter(({ pfn }) => pfn >= DMA32);
    let [right, refills, held] = [0, 0, 0];
    for (let i = 0; i < recorded.length;) {
      const { kind, order } = recorded[i]!;
      let end = i + 1;
      if (kind === "a" || kind === "x") {
        while (isRefill(recorded[end], order)) end++;
        refills++;
        if (lists.fetched(0, order, held) === end - i) right++;
        held += (end - i) << order;
      } else if (kind === "A") {
        lists.taken(0);
        held -= 1 << order;
      } else {
        held += kind === "F" ? 1 << order : -(1 << order);
        // what is drained depends on seconds that the recording does not show
        if (kind === "F") lists.freed(0, order, held);
      }
      i = end;
    }
    all.push([version, right, refills]);
  }
  assertEquals(all, [["6.12", 177, 177], ["7.2", 176, 176]]);
});

/** Whether `event` goes on with a refill of blocks of `order`. */
function isRefill(event: PageEvent | undefined, order: number): boolean {
  return event !== undefined && event.order === order &&
    (event.kind === "a" || event.kind === "x");
}
