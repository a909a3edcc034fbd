/**
 * Does the buddy system keep memory in one piece? Blocks of small orders come
 * and go in a memory of fixed size; the load falls, or not; then large blocks
 * are asked for, as many as free memory could hold.
 *
 * @module
 */
import { Unsuitable } from "../../replay/unsuitable.ts";
import { ratio } from "../../measures/columns.ts";
import {
  type Cell,
  type Experiment,
  meanOf,
  REFUTED,
} from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf, reusedRatio } from "../../measures/phases.ts";
import { prng } from "../../laws/prng.ts";
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
    statement: "Frequent allocation and release of page frames leaves runs " +
      "too small for a large request: share of requests of order 9 that are " +
      "refused although half of the memory is free.",
    source: "seed document",
    measured: (cells) => meanOf(cells, "refused_ratio", AFTER_PEAK),
    expected: { text: "above 0", holds: (m) => m > 0 },
  }, {
    id: "buddy-external",
    statement: "The buddy system solves external fragmentation: share of " +
      "requests of order 9 that are refused although half of it is free.",
    source: "seed document",
    measured: (cells) => meanOf(cells, "refused_ratio", AFTER_PEAK),
    expected: { value: 0, tolerance: 0 },
    verdict: REFUTED,
  }, {
    id: "buddy-external-relief",
    statement: "The buddy system relieves external fragmentation: first fit " +
      "refuses this much more in steady churn.",
    source: "seed document, restated",
    measured(cells) {
      const [buddy, firstFit] = [BUDDY, FIRST_FIT].map((allocator) =>
        meanOf(cells, "refused_ratio", { allocator, ...STEADY })
      );
      if (buddy === undefined || firstFit === undefined) return undefined;
      return firstFit - buddy;
    },
    expected: { text: "above 0", holds: (m) => m > 0 },
  }],
  random: true,
  allocators: [BUDDY, "buddy:pages=16384:pick=lowest", FIRST_FIT],
  parameters: {
    peak_percent: {
      summary: "live share while blocks come and go, percent",
      values: { default: [75, 95] },
    },
    fill_percent: {
      summary: "live share when large blocks are asked for, percent",
      values: { default: [10, 50, 75] },
    },
    orders: {
      summary: "law of the orders of the blocks that come and go",
      values: { default: ["uniform:0:4"] },
    },
    steps: {
      summary: "blocks that come and go",
      values: { quick: [5000], default: [20_000], full: [1_000_000] },
    },
    order: {
      summary: "order of the blocks asked for at the end",
      values: { default: [3, 5, 7, 9] },
    },
  },
  columns: [
    ratio("refused_ratio", "Share of the blocks asked for that are refused."),
  ],
  headline: ["refused_ratio"],
  async run(cell) {
    const trace = ORDER_AFTER_CHURN.build(
      { ...cell.parameters, mebibytes: mebibytesOf(cell) },
      prng(cell.seed),
    );
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
