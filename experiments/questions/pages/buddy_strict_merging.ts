/**
 * Only buddies may merge: how much free memory lies side by side and stays
 * apart, and how much of it a merge of any neighbours would make useful.
 *
 * @module
 */
import { parseLaw } from "../../laws/distributions.ts";
import { type Experiment, meanOf } from "../../experiment/experiment.ts";
import {
  FREE_RUN_COLUMNS,
  freeRunMeasures,
  freeRuns,
} from "../../measures/free_runs.ts";
import { PageSession, replayPages } from "../../replay/page_session.ts";
import { prng } from "../../laws/prng.ts";
import type { Sample } from "../../measures/columns.ts";
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
      "Only buddies may merge: this share of free memory lies beside " +
      "other free memory and stays apart.",
    source: "seed document",
    measured: (cells) =>
      meanOf(cells, "beside_free_ratio", { allocator: BUDDY }),
    expected: { text: "above 0", holds: (m) => m > 0 },
  }, {
    id: "buddy-strict-buddies",
    statement: "Free buddies always merge: pairs found free.",
    source: "seed document",
    measured: (cells) => meanOf(cells, "buddy_pairs", { allocator: BUDDY }),
    expected: { value: 0, tolerance: 0 },
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
      summary: "live share when some have gone for good, percent",
      values: { quick: [50], default: [10, 25, 50, 75] },
    },
    orders: {
      summary: "law of the orders of the blocks",
      values: { default: ["uniform:0:3"] },
    },
    steps: {
      summary: "blocks that come and go",
      values: { quick: [10_000], default: [60_000] },
    },
    wanted: {
      summary: "pages of the blocks that one would like to have",
      values: { default: [16, 64] },
    },
  },
  columns: FREE_RUN_COLUMNS,
  headline: ["beside_free_ratio", "lost_ratio", "neighbour_pairs"],
  async run(cell) {
    const session = new PageSession(cell.pages());
    const wanted = cell.number("wanted");
    const trace = pageChurn({
      pages: PAGES,
      peak_percent: cell.number("peak_percent"),
      fill_percent: cell.number("fill_percent"),
      orders: parseLaw(cell.text("orders")),
      unmovable_percent: 0,
      steps: cell.number("steps"),
    }, prng(cell.seed));
    const samples: Sample[] = [];
    await replayPages(trace, session, {
      every: cell.number("steps") / 10,
      sink: (sample) => samples.push(sample),
    });
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
