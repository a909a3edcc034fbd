/**
 * Shore's anomaly: the fifty-percent rule takes deaths to be random. The less
 * lifetimes vary, the more neighbours die together and the fewer holes there
 * are.
 *
 * @module
 */
import {
  type Claim,
  type Experiment,
  meanOf,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { prng } from "../../laws/prng.ts";
import {
  STEADY_COLUMNS,
  steadyCell,
  WARM_UP,
  workloadOf,
} from "../../experiment/steady.ts";
import { LIFETIME_CHURN } from "../../workloads/churn.ts";

const FIRST_FIT = pure("first_fit");
const SIZES = "uniform:1:1999";
const TICKS = 300_000;

/** Lifetimes of mean 1000, by the name of their law. */
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
    measured: (cells) =>
      meanOf(cells, "holes_per_live", {
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
    claim("constant", "Equal lifetimes: first fit has next to no holes.", {
      value: 0.0124,
      tolerance: 0.02,
    }),
    claim("uniform-500-1500", "Lifetimes 500..1500: holes/live is 0.468.", {
      value: 0.4676,
      tolerance: 0.02,
    }),
    claim("exponential", "Exponential lifetimes: holes/live is p/2.", {
      value: 0.4946,
      tolerance: 0.02,
    }),
    claim(
      "hyperexponential",
      "Lifetimes that vary more than exponential ones: more holes than p/2.",
      { text: "above 0.495", holds: (m) => m > 0.495 },
    ),
  ],
  allocators: [FIRST_FIT],
  parameters: {
    sizes: { summary: "law of the sizes, bytes", values: { default: [SIZES] } },
    lifetimes: {
      summary: "law of the lifetimes, requests",
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
  run: (cell) =>
    steadyCell(cell, LIFETIME_CHURN.build(workloadOf(cell), prng(cell.seed))),
  figures: [{
    title: "The less lifetimes vary, the fewer holes there are.",
    table: "summary",
    x: "lifetimes",
    y: "holes_per_live",
    series: "allocator",
    mark: "bar",
  }],
};
