/**
 * The fifty-percent rule: in steady churn a heap has p/2 holes per live block,
 * whatever the sizes, where p is the share of requests that leave a remainder.
 *
 * @module
 */
import { lawWords } from "../../laws/words.ts";
import { largest, mean, near } from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { churnCell, STEADY_COLUMNS, WARM_UP } from "../../experiment/steady.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const KNUTH = "Knuth, TAOCP vol. 1, section 2.5; numbers by simulation";
/** Live objects and replacements for which the numbers are known. */
const LONG_RUN = { live: 1000, steps: 400_000 };

/** Policies as ids abbreviate them. */
const POLICIES = {
  ff: "first_fit",
  bf: "best_fit",
  nf: "next_fit",
  wf: "worst_fit",
};

/** live/top by policy and sizes. */
const ANCHORS: [keyof typeof POLICIES, string, used: number][] = [
  ["ff", "uniform:1:1999", 0.8744],
  ["bf", "uniform:1:1999", 0.9061],
  ["nf", "uniform:1:1999", 0.8012],
  ["wf", "uniform:1:1999", 0.6366],
  ["ff", "exp:1000", 0.8483],
  ["nf", "exp:1000", 0.6517],
  ["wf", "exp:1000", 0.3982],
  ["ff", "uniform:1:3", 0.9444],
];

const claims = ANCHORS.flatMap(([policy, sizes, used]): Claim[] => {
  const id = `fifty-${sizes.replaceAll(":", "-")}-${policy}`;
  const where = { allocator: pure(POLICIES[policy]), sizes, ...LONG_RUN };
  const who = `${POLICIES[policy].replace("_", " ")} and sizes ` +
    lawWords(sizes);
  return [{
    id,
    statement: `With ${who}, the holes per live block are half the share ` +
      "of requests that use up no hole: difference.",
    source: KNUTH,
    measured: mean("rule_excess", where),
    expected: near(0, 0.005),
  }, {
    id: `${id}-top`,
    statement: `With ${who}, live bytes are ${used} of the heap.`,
    source: KNUTH,
    measured: mean("live_per_top", where),
    expected: near(used, 0.01),
  }];
});

/** The declaration. */
export const fiftyPercent: Experiment = {
  name: "fifty_percent",
  question: "How many holes does a heap have in steady churn?",
  claims: [...claims, {
    id: "kk2",
    statement:
      "The free share of a heap follows from how long holes are and how many " +
      "requests use up none: largest deviation from qk/(qk + 2), where k is " +
      "the mean hole over the mean live block, and q the share of requests " +
      "that use up no hole, less one over the number of live blocks.",
    source: "Denning 1970, Gelenbe 1971 (recalled); numbers by simulation",
    measured: largest(
      ({ identity_excess }) => identity_excess && Math.abs(identity_excess),
      LONG_RUN,
    ),
    expected: near(0, 0.001),
  }],
  random: true,
  allocators: Object.values(POLICIES).map(pure),
  parameters: {
    sizes: {
      summary: "size distribution, bytes",
      values: { default: ["uniform:1:1999", "exp:1000", "uniform:1:3"] },
    },
    live: { summary: "live objects", values: { default: [LONG_RUN.live] } },
    steps: {
      summary: "objects replaced",
      values: { quick: [20_000], default: [LONG_RUN.steps] },
    },
    ...WARM_UP,
  },
  columns: STEADY_COLUMNS,
  headline: ["holes_per_live", "remainder_ratio", "live_per_top"],
  run: (cell) => churnCell(cell, RANDOM_CHURN),
  figures: [{
    title:
      "Holes per live block, by the share of requests that use up no hole.",
    table: "summary",
    x: "remainder_ratio",
    y: "holes_per_live",
    series: "allocator",
    mark: "point",
    guide: { label: "half of that share", points: [[0, 0], [1, 0.5]] },
  }],
};
