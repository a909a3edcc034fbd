/**
 * Does the buddy system keep memory in one piece? Small blocks come and go in
 * a memory of fixed size; then the load falls, or not, and large blocks are
 * requested, as many as free memory could hold.
 *
 * @module
 */
import { Unsuitable } from "../../replay/unsuitable.ts";
import { ratio } from "../../measures/columns.ts";
import {
  above,
  difference,
  exactly,
  lectureNotes,
  mean,
  REFUTED,
} from "../../experiment/claims.ts";
import type { Cell, Experiment } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf, reusedRatio } from "../../measures/phases.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { ORDER_AFTER_CHURN } from "../../workloads/order_after_churn.ts";

/** 64 MiB of pages, by two rules. */
const BUDDY = "buddy:pages=16384";
const FIRST_FIT = "first_fit:header=0:align=4096:arena=67108864";

const MIXED = { orders: "uniform:0:4" };
const AFTER_PEAK = {
  ...MIXED,
  allocator: BUDDY,
  order: 9,
  peak_percent: 95,
  fill_percent: 50,
};
const STEADY = { ...MIXED, peak_percent: 75, fill_percent: 75 };

/** The memory of the cell's allocator, MiB; `Unsuitable` if it can grow. */
function mebibytesOf(cell: Cell): number {
  const { heap } = cell.heap();
  const mebibytes = heap.footprint / 2 ** 20;
  if (mebibytes >= 4 && Number.isInteger(mebibytes)) return mebibytes;
  throw new Unsuitable(
    "does not hold a fixed memory of 4, 5, .. MiB from the start, " +
      `as ${BUDDY} does`,
  );
}

/** The declaration. */
export const contiguous: Experiment = {
  name: "contiguous",
  question: "After churn, is free memory still in large blocks?",
  claims: [{
    id: "external-def",
    statement: "Allocating and freeing page frames over and over leaves runs " +
      "too short for a large request: share of order-9 requests that are " +
      "refused although half of the memory is free.",
    source: lectureNotes("fragmentation"),
    measured: mean("refused_ratio", AFTER_PEAK),
    expected: above(0),
  }, {
    id: "buddy-external",
    statement: "The buddy system solves external fragmentation: share of " +
      "order-9 requests that are refused although half of the memory is free.",
    source: lectureNotes("the buddy system"),
    measured: mean("refused_ratio", AFTER_PEAK),
    expected: exactly(0),
    verdict: REFUTED,
  }, {
    id: "buddy-external-relief",
    statement: "The buddy system relieves external fragmentation: share of " +
      "requests that first fit refuses in steady churn, minus the share that it refuses itself.",
    source: `${lectureNotes("the buddy system")}, restated`,
    measured: difference(
      mean("refused_ratio", { allocator: FIRST_FIT, ...STEADY }),
      mean("refused_ratio", { allocator: BUDDY, ...STEADY }),
    ),
    expected: above(0),
  }],
  random: true,
  allocators: [BUDDY, "buddy:pages=16384:pick=lowest", FIRST_FIT],
  parameters: {
    peak_percent: {
      summary: "live share while small blocks come and go, percent",
      values: { default: [75, 95] },
    },
    fill_percent: {
      summary: "live share when large blocks are requested, percent",
      values: { default: [10, 50, 75] },
    },
    orders: {
      summary: "distribution of the orders of the small blocks",
      values: { default: ["uniform:0:4"] },
    },
    steps: {
      summary: "small blocks that come and go",
      values: { quick: [5000], default: [20_000], full: [1_000_000] },
    },
    order: {
      summary: "order of the blocks requested at the end",
      values: { default: [3, 5, 7, 9] },
    },
  },
  columns: [
    ratio("refused_ratio", "Share of the large requests that are refused."),
  ],
  headline: ["refused_ratio"],
  async run(cell) {
    const trace = await workloadTrace(cell, ORDER_AFTER_CHURN, {
      ...cell.parameters,
      mebibytes: mebibytesOf(cell),
    });
    const outcome = await replayCell(cell, trace);
    const from = atEndOf("fall", outcome.samples);
    const to = atEndOf("request", outcome.samples);
    outcome.measures.refused_ratio = 1 - reusedRatio(from, to);
    return outcome;
  },
  figures: [{
    title:
      "Share of requests refused after a peak, by their order and by what stays live.",
    table: "summary",
    x: "order",
    y: "refused_ratio",
    series: "allocator",
    mark: "line",
    facet: "fill_percent",
    where: { peak_percent: 95 },
  }],
};
