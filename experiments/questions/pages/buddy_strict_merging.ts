/**
 * Only buddies may merge: how much free memory lies side by side and stays
 * apart, and how much of it would become useful if any neighbours could merge.
 *
 * @module
 */
import { parseLaw } from "../../laws/distributions.ts";
import { above, exactly, lectureNotes, mean } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { runPages } from "../../experiment/page_outcome.ts";
import {
  FREE_RUN_COLUMNS,
  freeRunMeasures,
  freeRuns,
} from "../../measures/free_runs.ts";
import { prng } from "../../laws/prng.ts";
import { pageChurn } from "../../workloads/page_churn.ts";

const PAGES = 16_384;
const BUDDY = `buddy:pages=${PAGES}`;

/** The declaration. */
export const buddyStrictMerging: Experiment = {
  name: "buddy_strict_merging",
  question: "How much free memory is lost because only buddies may merge?",
  claims: [{
    id: "buddy-strict-neighbours",
    statement:
      "Only buddies may merge: share of free memory that lies beside " +
      "other free memory and stays apart.",
    source: lectureNotes("drawbacks of the buddy system"),
    measured: mean("beside_free_ratio", { allocator: BUDDY }),
    expected: above(0),
  }, {
    id: "buddy-strict-buddies",
    statement: "Free buddies always merge: number of pairs that did not.",
    source: lectureNotes("freeing in the buddy system"),
    measured: mean("buddy_pairs", { allocator: BUDDY }),
    expected: exactly(0),
  }],
  random: true,
  allocators: [
    BUDDY,
    `linux_buddy:pages=${PAGES}`,
    `lazy_buddy:pages=${PAGES}`,
    `fibonacci_buddy:pages=${PAGES}`,
    `weighted_buddy:pages=${PAGES}`,
  ],
  needs: ["pages"],
  parameters: {
    peak_percent: {
      summary: "live share of 64 MiB while blocks come and go, percent",
      values: { default: [90] },
    },
    fill_percent: {
      summary: "live share once some blocks have gone for good, percent",
      values: { quick: [50], default: [10, 25, 50, 75] },
    },
    orders: {
      summary: "distribution of the orders of the blocks",
      values: { default: ["uniform:0:3"] },
    },
    steps: {
      summary: "blocks that come and go",
      values: { quick: [10_000], default: [60_000] },
    },
    wanted: {
      summary: "pages of the blocks that a program would want next",
      values: { default: [16, 64] },
    },
  },
  columns: FREE_RUN_COLUMNS,
  headline: ["beside_free_ratio", "lost_ratio", "neighbour_pairs"],
  async run(cell) {
    const wanted = cell.number("wanted");
    const steps = cell.number("steps");
    const trace = pageChurn({
      pages: PAGES,
      peak_percent: cell.number("peak_percent"),
      fill_percent: cell.number("fill_percent"),
      orders: parseLaw(cell.text("orders")),
      unmovable_percent: 0,
      steps,
    }, prng(cell.seed));
    const { session, samples } = await runPages(cell, trace, steps / 10);
    const found = freeRuns(session.pages, wanted);
    return {
      workload: trace.name,
      samples,
      measures: freeRunMeasures(found, wanted),
    };
  },
  figures: [{
    title: "Free memory beside free memory that it may not merge with.",
    table: "summary",
    x: "fill_percent",
    y: "beside_free_ratio",
    series: "allocator",
    mark: "bar",
    where: { wanted: 16 },
  }],
};
