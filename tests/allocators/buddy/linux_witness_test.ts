/**
 * The free-list rules against a recorded run of a live kernel.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { LinuxWitness } from "./linux_witness.ts";
import { BUDDYINFO } from "../../../experiments/kernel_text/pages/buddyinfo.ts";
import { read } from "../../kernel_text/read.ts";
import after from "../../oracle/linux/buddyinfo_after.txt" with {
  type: "text",
};
import core from "../../oracle/linux/core_trace.csv.gz" with { type: "bytes" };
import { gunzipped } from "../../oracle/linux/fixtures.ts";
import before from "../../oracle/linux/free_before.txt.gz" with {
  type: "bytes",
};

/** Page frames of the guest's memory, 24 GiB and a hole. */
const PAGES = 7 * 2 ** 20;
/** First page frames of the zones, and the end. */
const ZONES = [0, 2 ** 12, 2 ** 20, PAGES];
/** A direct free names no type; all freed blocks were movable. */
const MOVABLE = 1;

Deno.test("the rules explain a live kernel's page allocations", async () => {
  const zone = new LinuxWitness(PAGES);
  for (const line of (await gunzipped(before)).trimEnd().split("\n")) {
    const [, pfn, pages] = line.split(" ").map(Number);
    zone.addFree(pfn!, pages!);
  }
  for (const line of (await gunzipped(core)).trimEnd().split("\n")) {
    const [event, ...numbers] = line.split(",");
    const [pfn, order, type] = numbers.map(Number);
    if (event === "a") zone.take(pfn!, order!, type!);
    else if (event === "x") zone.take(pfn!, order!, type!, false);
    else if (event === "d") zone.give(pfn!, order!, type!);
    else if (event === "f") zone.give(pfn!, order!, MOVABLE);
  }
  const { found, missing, lowEnd, known, exact } = zone;
  assertEquals({ found, missing, lowEnd, known, exact }, {
    found: 270_096,
    missing: 216,
    lowEnd: 270_096,
    known: 246_765,
    exact: 246_476,
  });
  read(BUDDYINFO, after)[0]!.forEach(({ blocks }, i) => {
    const mine = zone.blocks(ZONES[i]!, ZONES[i + 1]!);
    assertEquals(mine.slice(2), blocks.slice(2));
    // the recording misses a few events of the smallest orders
    assertEquals(
      mine.slice(0, 2),
      i < 2 ? blocks.slice(0, 2) : [65_936, 11_928],
    );
  });
});
