/**
 * The fifty-percent rule: in steady churn there are p/2 holes per live block,
 * whatever the sizes, where p is the share of requests that leave a remainder.
 *
 * @module
 */
import {
  type Claim,
  type Experiment,
  type Finished,
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
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const KNUTH = "Knuth, TAOCP vol. 1, section 2.5; numbers by simulation";
const LIVE = 1000;
const STEPS = 400_000;

const POLICIES = {
  ff: pure("first_fit"),
  bf: pure("best_fit"),
  nf: pure("next_fit"),
  wf: pure("worst_fit"),
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
  const allocator = POLICIES[policy];
  const measured = (measure: string) => (cells: readonly Finished[]) =>
    meanOf(cells, measure, { allocator, sizes, live: LIVE, steps: STEPS });
  const where = `${sizes}, ${policy.toUpperCase()}`;
  return [{
    id,
    statement: `${where}: holes/live is p/2; their difference is 0.`,
    source: KNUTH,
    measured: measured("rule_excess"),
    expected: { value: 0, tolerance: 0.005 },
  }, {
    id: `${id}-top`,
    statement: `${where}: live/top is ${used}.`,
    source: KNUTH,
    measured: measured("live_per_top"),
    expected: { value: used, tolerance: 0.01 },
  }];
});

/** The declaration. */
export const fiftyPercent: Experiment = {
  name: "fifty_percent",
  question: "How many holes does a heap in steady churn have?",
  claims: [...claims, {
    id: "kk2",
    statement:
      "1 - live/top is qk/(qk + 2), k = mean hole/mean live block, q = p less " +
      "1/live for the wilderness; the largest difference of all runs is 0.",
    source: "Denning 1970, Gelenbe 1971 (recalled); numbers by simulation",
    measured: (cells) =>
      furthest(
        cells.filter(({ parameters: { live, steps } }) =>
          live === LIVE && steps === STEPS
        ),
        "identity_excess",
      ),
    expected: { value: 0, tolerance: 0.001 },
  }],
  allocators: Object.values(POLICIES),
  parameters: {
    sizes: {
      summary: "law of the sizes, bytes",
      values: { default: ["uniform:1:1999", "exp:1000", "uniform:1:3"] },
    },
    live: { summary: "live objects", values: { default: [LIVE] } },
    steps: {
      summary: "objects replaced",
      values: { quick: [20_000], default: [STEPS] },
    },
    ...WARM_UP,
  },
  columns: STEADY_COLUMNS,
  headline: ["holes_per_live", "remainder_ratio", "live_per_top"],
  run: (cell) =>
    steadyCell(cell, RANDOM_CHURN.build(workloadOf(cell), prng(cell.seed))),
  figures: [{
    title: "Every policy and law of sizes falls on the same line: there are " +
      "p/2 holes per live block.",
    table: "summary",
    x: "remainder_ratio",
    y: "holes_per_live",
    series: "allocator",
    mark: "point",
    guide: { label: "holes/live = p/2", points: [[0, 0], [1, 0.5]] },
  }],
};

/** The value of `measure` furthest from 0. */
function furthest(
  cells: readonly Finished[],
  measure: string,
): number | undefined {
  return cells.flatMap(({ measures }) => measures[measure] ?? [])
    .toSorted((a, b) => Math.abs(b) - Math.abs(a))[0];
}
