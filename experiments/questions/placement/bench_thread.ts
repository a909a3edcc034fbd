/**
 * The workload of glibc's own benchmark, bench-malloc-thread: sizes follow an
 * inverse-square distribution, and a random one of 1024 slots is freed and
 * filled again.
 *
 * Simplified: one thread, and all slots are filled at the beginning.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import { mean, near } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { HEAPS } from "../../experiment/heaps.ts";
import { churnCell, STEADY_COLUMNS, WARM_UP } from "../../experiment/steady.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const SIZES = "inverse_square:4:32768";
const SLOTS = 1024;

const SOURCE = "glibc, benchtests/bench-malloc-thread.c (distribution only)";

/** The declaration. */
export const benchThread: Experiment = {
  name: "bench_thread",
  question: "How do heaps fare under the workload of glibc's own benchmark?",
  claims: [
    {
      id: "bench-thread-mean",
      statement: "The mean request of bench-malloc-thread is 36.0 bytes.",
      source: SOURCE,
      measured: mean("law_mean", { sizes: SIZES }),
      expected: near(36.0, 0.1),
    },
    {
      id: "bench-thread-median",
      statement:
        "Half of the requests of bench-malloc-thread are shorter than 8 bytes.",
      source: SOURCE,
      measured: mean("law_below_8_ratio", { sizes: SIZES }),
      expected: near(0.5, 0.001),
    },
  ],
  random: true,
  allocators: HEAPS,
  parameters: {
    sizes: {
      summary: "size distribution, bytes",
      values: { default: [SIZES] },
    },
    live: { summary: "slots", values: { default: [SLOTS] } },
    steps: {
      summary: "slots freed and filled again",
      values: { quick: [5000], default: [50_000], full: [5_000_000] },
    },
    ...WARM_UP,
  },
  columns: [
    ...STEADY_COLUMNS,
    ratio("law_mean", "Mean of the size distribution, bytes."),
    ratio(
      "law_below_8_ratio",
      "Probability of a request shorter than 8 bytes.",
    ),
  ],
  headline: ["live_per_top", "holes_per_live", "law_mean"],
  async run(cell) {
    const outcome = await churnCell(cell, RANDOM_CHURN);
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
