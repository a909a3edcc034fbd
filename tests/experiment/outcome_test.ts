/**
 * The scalars of a cell, computed by hand from a heap that follows a script.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { define } from "../../allocators/entry.ts";
import { cellOf } from "../../experiments/experiment/cell.ts";
import { MEASURE_COLUMNS } from "../../experiments/measures/columns.ts";
import type { Cell } from "../../experiments/experiment/experiment.ts";
import {
  columnMean,
  driveCell,
  measuresOf,
  replayCell,
  SampleSums,
} from "../../experiments/experiment/outcome.ts";
import { Session } from "../../experiments/replay/replay.ts";
import { type Answer, rep, Script } from "../replay/scripted.ts";

/** A cell whose heap is `script`. */
function cell(script: Script): Cell {
  const entry = define({
    name: "scripted",
    summary: "",
    source: "",
    layer: "",
    options: {},
    create: () => script,
  });
  const none = () => Promise.reject(new Error("no files"));
  return cellOf(
    { experiment: "e", allocator: "scripted", parameters: {}, seed: 1 },
    {
      spec: () => ({ entry, values: {}, text: "scripted" }),
      open: none,
      data: none,
    },
  );
}

/**
 * The footprint is largest, 1000, with 500, 400, 625 and 400 bytes live; most,
 * 800, are live at a footprint of 960.
 */
const ANSWERS: readonly Answer[] = [
  { at: 0, footprint: 400 },
  { at: 400, footprint: 1000 },
  { at: 0 },
  { at: 0, footprint: 960 },
];
const REQUESTS = `a 1 100
a 2 400
f 1
a 3 225
f 3
p full
a 4 400
f 2
f 4
`;

Deno.test("the four measures of memory used over memory requested", async () => {
  const { measures, samples, workload } = await replayCell(
    cell(new Script(ANSWERS)),
    rep(REQUESTS),
    { every: 1 },
  );
  assertEquals(workload, "t.rep");
  assertEquals(
    samples.map((s) => [s.op, s.footprint_bytes, s.requested_bytes]),
    [
      [1, 400, 100], // used/requested - 1 = 3
      [2, 1000, 500], // 1
      [3, 1000, 400], // 1.5
      [4, 1000, 625], // 0.6
      [5, 1000, 400], // 1.5
      [5, 1000, 400], // 1.5, at the mark
      [6, 960, 800], // 0.2
      [7, 960, 400], // 1.4
      [8, 960, 0], // none
    ],
  );
  assertAlmostEquals(measures.jw1_ratio!, 10.7 / 8);
  assertAlmostEquals(measures.jw2_ratio!, 960 / 800 - 1);
  assertAlmostEquals(measures.jw3_ratio!, 1000 / 625 - 1);
  assertAlmostEquals(measures.jw4_ratio!, 1000 / 800 - 1);
  assertEquals(measures.operations, 8, "a mark is none");
  assertEquals(measures.failures, 0);
  assertEquals(measures.peak_requested_bytes, 800);
  assertEquals(measures.peak_footprint_bytes, 1000);
});

Deno.test("peaks between samples count", async () => {
  const often = await replayCell(
    cell(new Script(ANSWERS)),
    rep(REQUESTS),
    { every: 1 },
  );
  const seldom = await replayCell(
    cell(new Script(ANSWERS)),
    rep(REQUESTS),
    { every: 0 },
  );
  assertEquals(seldom.samples.map(({ op }) => op), [5, 8]);
  for (const name of ["jw2_ratio", "jw3_ratio", "jw4_ratio"]) {
    assertEquals(seldom.measures[name], often.measures[name]);
  }
  assertEquals(seldom.measures.jw1_ratio, 1.5, "of the samples");
});

Deno.test("a driver's cell has the same scalars and one sample", () => {
  const { measures, samples, workload } = driveCell(
    cell(new Script(ANSWERS)),
    "mine",
    (player) => {
      const [a, b] = [player.malloc(100), player.malloc(400)];
      player.free(a);
      player.free(player.malloc(225));
      player.free(player.malloc(400));
      player.free(b);
    },
  );
  assertEquals([workload, samples.length, samples[0]!.op], ["mine", 1, 8]);
  assertEquals(measures.jw1_ratio, 0, "nothing is requested at the end");
  assertAlmostEquals(measures.jw2_ratio!, 0.2);
  assertAlmostEquals(measures.jw3_ratio!, 0.6);
  assertAlmostEquals(measures.jw4_ratio!, 0.25);
});

Deno.test("ratios are means over the samples, counters are the last's", () => {
  const script = new Script([]);
  const session = new Session(script, script.source);
  const row = {
    ...session.sample(),
    requested_bytes: 0,
    footprint_bytes: 0,
    internal_ratio: 0.1,
    external_ratio: 0.2,
    overhead_ratio: 0.3,
    retained_ratio: 0.4,
  };
  const last = {
    ...row,
    internal_ratio: 0.3,
    external_ratio: 0.6,
    overhead_ratio: 0.5,
    retained_ratio: 0.8,
    splits: 1,
    coalesces: 2,
    search_steps: 3,
    system_calls: 4,
    page_faults: 5,
  };
  const measures = measuresOf(session, SampleSums.of([row, last]));
  const rounded = Object.entries(measures).map(([name, value]) =>
    [name, Math.round(value * 1e9) / 1e9] as const
  );
  assertEquals(Object.fromEntries(rounded), {
    operations: 0,
    failures: 0,
    peak_requested_bytes: 0,
    peak_footprint_bytes: 0,
    internal_ratio: 0.2,
    external_ratio: 0.4,
    overhead_ratio: 0.4,
    retained_ratio: 0.6,
    jw1_ratio: 0,
    jw2_ratio: 0,
    jw3_ratio: 0,
    jw4_ratio: 0,
    splits: 1,
    coalesces: 2,
    search_steps: 3,
    system_calls: 4,
    page_faults: 5,
  });
  assertEquals(
    Object.keys(measures),
    MEASURE_COLUMNS.map(({ name }) => name),
  );
  assertEquals(columnMean([], "internal_ratio"), 0);
});

Deno.test("a cell over memory without a page table counts no faults", async () => {
  const { measures, tables } = await replayCell(
    cell(new Script(ANSWERS)),
    rep(REQUESTS),
    { map: true },
  );
  assertEquals([measures.system_calls, measures.page_faults], [0, 0]);
  assertEquals(Object.keys(tables!), ["heap_map"]);
});

Deno.test("the mean of a column is that of all samples", () => {
  const samples = [1, 2, 6].map((free_blocks) => ({ free_blocks }));
  assertEquals(columnMean(samples, "free_blocks"), 3);
  assertEquals(columnMean<"free_blocks">([], "free_blocks"), 0);
});
