/**
 * The law of glibc's own benchmark, bench-malloc-thread: sizes by the inverse
 * square, 1024 slots, a random one freed and filled again.
 *
 * Simplified: one thread, and all slots are filled at the beginning.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
} from "../../experiment/experiment.ts";
import { HEAPS } from "../../experiment/heaps.ts";
import { prng } from "../../laws/prng.ts";
import {
  STEADY_COLUMNS,
  steadyCell,
  WARM_UP,
  workloadOf,
} from "../../experiment/steady.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const SIZES = "inverse_square:4:32768";
const SLOTS = 1024;

function law(
  id: string,
  what: string,
  measure: string,
  value: number,
  tolerance: number,
): Claim {
  return {
    id,
    statement: `Sizes of bench-malloc-thread: ${what}.`,
    source: "glibc, benchtests/bench-malloc-thread.c (law only)",
    measured: (cells) => meanOf(cells, measure, { sizes: SIZES }),
    expected: { value, tolerance },
  };
}

/** The declaration. */
export const benchThread: Experiment = {
  name: "bench_thread",
  question: "What does the benchmark of glibc's malloc ask of a heap?",
  claims: [
    law("bench-thread-mean", "the mean is 36.0", "law_mean", 36.0, 0.1),
    law(
      "bench-thread-median",
      "half are shorter than 8 bytes",
      "law_below_8_ratio",
      0.5,
      0.001,
    ),
  ],
  allocators: HEAPS,
  parameters: {
    sizes: { summary: "law of the sizes, bytes", values: { default: [SIZES] } },
    live: { summary: "slots", values: { default: [SLOTS] } },
    steps: {
      summary: "slots freed and filled again",
      values: { quick: [5000], default: [50_000], full: [5_000_000] },
    },
    ...WARM_UP,
  },
  columns: [
    ...STEADY_COLUMNS,
    ratio("law_mean", "Mean of the law, bytes."),
    ratio(
      "law_below_8_ratio",
      "Share of the law that is shorter than 8 bytes.",
    ),
  ],
  headline: ["live_per_top", "holes_per_live", "law_mean"],
  async run(cell) {
    const workload = workloadOf(cell);
    const trace = RANDOM_CHURN.build(workload, prng(cell.seed));
    const outcome = await steadyCell(cell, trace);
    const sizes = parseLaw(cell.text("sizes"));
    outcome.measures.law_mean = sizes.mean;
    outcome.measures.law_below_8_ratio = sizes.cdf(7);
    return outcome;
  },
  figures: [{
    title: "Live bytes over the heap in steady churn.",
    table: "summary",
    x: "allocator",
    y: "live_per_top",
    series: "allocator",
    mark: "bar",
  }],
};
