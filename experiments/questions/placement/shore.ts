/**
 * Shore's anomaly: the fifty-percent rule assumes random deaths. The less
 * lifetimes vary, the more often neighbours die together, and the fewer holes
 * there are.
 *
 * @module
 */
import { above, mean, near } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
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

const SOURCE = "Shore 1977 (abstract); numbers by simulation";

/** Holes per live block of first fit. */
function holes(law: keyof typeof LIFETIMES) {
  return mean("holes_per_live", {
    allocator: FIRST_FIT,
    sizes: SIZES,
    lifetimes: LIFETIMES[law],
    ticks: TICKS,
  });
}

/** The declaration. */
export const shore: Experiment = {
  name: "shore",
  question: "Does the number of holes depend on how much lifetimes vary?",
  claims: [
    {
      id: "shore-constant",
      statement:
        "If all objects live equally long, first fit has hardly any holes: " +
        "holes per live block.",
      source: SOURCE,
      measured: holes("constant"),
      expected: near(0.0124, 0.02),
    },
    {
      id: "shore-uniform-500-1500",
      statement:
        "If lifetimes are uniform from 500 to 1500, there are 0.468 holes per " +
        "live block, fewer than the fifty-percent rule says.",
      source: SOURCE,
      measured: holes("uniform-500-1500"),
      expected: near(0.4676, 0.02),
    },
    {
      id: "shore-exponential",
      statement:
        "If lifetimes are exponential, there are as many holes per live block " +
        "as the fifty-percent rule says, here 0.495.",
      source: SOURCE,
      measured: holes("exponential"),
      expected: near(0.4946, 0.02),
    },
    {
      id: "shore-hyperexponential",
      statement:
        "If lifetimes vary more than exponential ones, there are more than " +
        "0.495 holes per live block.",
      source: SOURCE,
      measured: holes("hyperexponential"),
      expected: above(0.495),
    },
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
