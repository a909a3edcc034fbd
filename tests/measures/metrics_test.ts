/**
 * Every column of a sample, computed by hand.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { SAMPLE_COLUMNS } from "../../experiments/measures/columns.ts";
import {
  externalRatio,
  internalRatio,
  measure,
} from "../../experiments/measures/metrics.ts";
import { Script } from "../replay/scripted.ts";

const DEMAND = { op: 9, clock: 2000, requested: 450, live: 3, failures: 2 };

/** 1000 bytes held: 600 allocated, 40 metadata, 60 cached, 300 free. */
function heap(changed = {}): Script {
  const script = new Script([{
    at: 0,
    allocated: 600,
    metadata: 40,
    cached: 60,
    free: 300,
    footprint: 1000,
    largestFree: 75,
    freeBlocks: 8,
    unavailable4k: 60,
    unavailable64k: 150,
    unavailable2m: 240,
    side: 24,
    ...changed,
  }]);
  script.malloc(450);
  Object.assign(script.counters, {
    splits: 31,
    coalesces: 32,
    searchSteps: 33,
    bytesMoved: 34,
  });
  return script;
}

Deno.test("a sample has every column, in order, each with its number", () => {
  const script = heap();
  const row = measure("heap", script, script.source, DEMAND, "load");
  assertEquals(row, {
    layer: "heap",
    phase: "load",
    op: 9,
    clock_bytes: 2000,
    requested_bytes: 450,
    allocated_bytes: 600,
    metadata_bytes: 40,
    cached_bytes: 60,
    free_bytes: 300,
    footprint_bytes: 1000,
    side_bytes: 24,
    resident_bytes: 20480,
    largest_free_bytes: 75,
    free_blocks: 8,
    live_blocks: 3,
    internal_ratio: 0.25, // 1 - 450/600
    external_ratio: 0.75, // 1 - 75/300
    overhead_ratio: 0.04, // 40/1000
    retained_ratio: 0.4, // 1 - 600/1000
    unavailable_4k_ratio: 0.2,
    unavailable_64k_ratio: 0.5,
    unavailable_2m_ratio: 0.8,
    failures: 2,
    splits: 31,
    coalesces: 32,
    search_steps: 33,
    moved_bytes: 34,
    system_calls: 6,
    page_faults: 7,
  });
  assertEquals(Object.keys(row), SAMPLE_COLUMNS.map(({ name }) => name));
});

Deno.test("free memory that no block could use does not count as split up", () => {
  const ratio = (largestFree: number, largestServeable: number) =>
    externalRatio(heap({ largestFree, largestServeable }).usage());
  assertEquals(ratio(75, Infinity), 0.75);
  assertEquals(ratio(75, 300), 0.75);
  assertEquals(ratio(75, 150), 0.5, "at most 150 of 300 could be one block");
  assertEquals(ratio(150, 150), 0);
  assertEquals(ratio(200, 150), 0, "a free block longer than any request");
  assertEquals(ratio(0, 150), 1);
});

Deno.test("a heap that holds nothing is not fragmented", () => {
  const script = new Script([]);
  const row = measure("heap", script, undefined, DEMAND);
  for (const [name, value] of Object.entries(row)) {
    if (name.endsWith("_ratio")) assertEquals(value, 0, name);
  }
  assertEquals(
    [row.phase, row.resident_bytes, row.system_calls, row.page_faults],
    ["", undefined, undefined, undefined],
  );
  assertEquals(internalRatio(0, 0), 0);
  assertEquals(internalRatio(30, 40), 0.25);
});
