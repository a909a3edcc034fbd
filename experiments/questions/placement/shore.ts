/**
 * Shore's anomaly: the fifty-percent rule assumes random deaths. The less
 * lifetimes vary, the more often neighbours die together, and the fewer holes
 * there are.
 *
 * @module
 */
import { above, mean, near } from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { churnCell, STEADY_COLUMNS, WARM_UP } from "../../experiment/steady.ts";
import { LIFETIME_CHURN } from "../../workloads/churn.ts";

const FIRST_FIT = pure("first_fit");
const SIZES = "uniform:1:1999";
const TICKS = 300_000;

/** Lifetimes of mean 1000, by the name of their distribution. */
const LIFETIMES = {
  constant: "constant:1000",
  "uniform-500-1500": "uniform:500:1500",
  exponential: "exp:1000",
  hyperexponential: "hyperexp:0.9:500:5500",
};

function claim(
  law: keyof typeof LIFETIMES,
  statement: string,
  expected: Claim["expected"],
): Claim {
  return {
    id: `shore-${law}`,
    statement,
    source: "Shore 1977 (abstract); numbers by simulation",
    measured: mean("holes_per_live", {
      allocator: FIRST_FIT,
      sizes: SIZES,
      lifetimes: LIFETIMES[law],
      ticks: TICKS,
    }),
    expected,
  };
}

/** The declaration. */
export const shore: Experiment = {
  name: "shore",
  question: "Does the number of holes depend on how much lifetimes vary?",
  claims: [
    claim(
      "constant",
      "If all objects live equally long, first fit has hardly any holes: " +
        "holes per live block.",
      near(0.0124, 0.02),
    ),
    claim(
      "uniform-500-1500",
      "If lifetimes are uniform in 500..1500, there are 0.468 holes per live " +
        "block, fewer than p/2.",
      near(0.4676, 0.02),
    ),
    claim(
      "exponential",
      "If lifetimes are exponential, there are p/2 holes per live block, " +
        "here 0.495.",
      near(0.4946, 0.02),
    ),
    claim(
      "hyperexponential",
      "If lifetimes vary more than exponential ones, there are more than " +
        "0.495 holes per live block.",
      above(0.495),
    ),
  ],
  random: true,
  allocators: [FIRST_FIT],
  parameters: {
    sizes: {
      summary: "size distribution, bytes",
      values: { default: [SIZES] },
    },
    lifetimes: {
      summary: "lifetime distribution, requests",
      values: { default: Object.values(LIFETIMES) },
    },
    ticks: {
      summary: "requests",
      values: { quick: [20_000], default: [TICKS] },
    },
    ...WARM_UP,
  },
  columns: STEADY_COLUMNS,
  headline: ["holes_per_live", "remainder_ratio", "live_per_top"],
  run: (cell) => churnCell(cell, LIFETIME_CHURN),
  figures: [{
    title: "Holes per live block, by distribution of the lifetimes.",
    table: "summary",
    x: "lifetimes",
    y: "holes_per_live",
    series: "allocator",
    mark: "bar",
  }],
};
