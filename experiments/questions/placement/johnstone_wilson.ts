/**
 * Does the policy matter once headers and alignment are out of the way? The
 * four measures of M. S. Johnstone and P. R. Wilson, The Memory Fragmentation
 * Problem: Solved? (1998), for every policy over the recorded programs, with
 * and without header and alignment.
 *
 * @module
 */
import {
  type Claim,
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { PROGRAM, PROGRAMS, recordedTrace } from "../../workloads/recorded.ts";

const POLICIES = ["first_fit", "best_fit", "next_fit", "worst_fit"];

/** Mean of jw4 over the five programs; undefined unless all of them ran. */
function waste(
  cells: readonly Finished[],
  allocator: string,
): number | undefined {
  let sum = 0;
  for (const program of PROGRAMS) {
    const one = meanOf(cells, "jw4_ratio", { allocator, program });
    if (one === undefined) return undefined;
    sum += one / PROGRAMS.length;
  }
  return sum;
}

/** Largest minus least waste of `allocators`. */
function range(
  cells: readonly Finished[],
  allocators: readonly string[],
): number | undefined {
  const each = allocators.map((allocator) => waste(cells, allocator));
  return each.includes(undefined)
    ? undefined
    : Math.max(...each as number[]) - Math.min(...each as number[]);
}

const claims: Claim[] = [
  {
    id: "jw-overhead",
    statement: "Most of what best fit wastes is header and alignment: their " +
      "share of the waste over most live bytes.",
    source: "measured",
    measured(cells) {
      const whole = waste(cells, "best_fit");
      const bare = waste(cells, pure("best_fit"));
      if (whole === undefined || bare === undefined) return undefined;
      return 1 - bare / whole;
    },
    expected: { text: "above 0.5", holds: (m) => m > 0.5 },
  },
  {
    id: "jw-policy",
    statement: "Once overheads are removed the policy hardly matters: most " +
      "waste minus least.",
    source: "Johnstone and Wilson 1998 (recalled)",
    measured: (cells) => range(cells, POLICIES.slice(0, 3).map(pure)),
    expected: { text: "below 0.05", holds: (m) => m < 0.05 },
    verdict: onlyIf("it is first, best or next fit"),
  },
  {
    id: "jw-worst-fit",
    statement:
      "With worst fit among them it does matter: the same of all four.",
    source: "measured",
    measured: (cells) => range(cells, POLICIES.map(pure)),
    expected: { text: "above 0.1", holds: (m) => m > 0.1 },
  },
];

/** The declaration. */
export const johnstoneWilson: Experiment = {
  name: "johnstone_wilson",
  question: "Does the policy matter once headers and alignment are removed?",
  claims,
  allocators: [
    ...POLICIES,
    ...POLICIES.map(pure),
  ],
  parameters: PROGRAM,
  headline: ["jw1_ratio", "jw2_ratio", "jw3_ratio", "jw4_ratio"],
  run: (cell) => replayCell(cell, recordedTrace(cell), { every: 5000 }),
  figures: [{
    title: "Most of the waste is headers and alignment; without them the " +
      "policies differ little, worst fit aside.",
    table: "summary",
    x: "allocator",
    y: "jw4_ratio",
    series: "program",
    mark: "point",
    log: ["y"],
  }],
};
