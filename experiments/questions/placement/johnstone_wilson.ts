/**
 * Does the placement policy matter once headers and alignment are out of the
 * way? The four measures of M. S. Johnstone and P. R. Wilson, The Memory
 * Fragmentation Problem: Solved? (1998), for every policy over the recorded
 * programs, with and without header and alignment.
 *
 * @module
 */
import {
  above,
  average,
  below,
  combine,
  mean,
  type Measured,
  onlyIf,
} from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { PROGRAM, PROGRAMS, recordedTrace } from "../../workloads/recorded.ts";

const POLICIES = ["first_fit", "best_fit", "next_fit", "worst_fit"];

/** Mean waste over the five programs, each of which counts the same. */
function waste(allocator: string): Measured {
  return average(
    PROGRAMS.map((program) => mean("jw4_ratio", { allocator, program })),
  );
}

/** Largest minus least waste of `policies` without overhead. */
function spread(policies: readonly string[]): Measured {
  return combine(
    (...each) => Math.max(...each) - Math.min(...each),
    ...policies.map((policy) => waste(pure(policy))),
  );
}

const claims: Claim[] = [
  {
    id: "jw-overhead",
    statement: "Most of what best fit wastes is header and alignment: their " +
      "share of the waste.",
    source: "measured",
    measured: combine(
      (bare, whole) => 1 - bare / whole,
      waste(pure("best_fit")),
      waste("best_fit"),
    ),
    expected: above(0.5),
  },
  {
    id: "jw-policy",
    statement: "Without headers and alignment the policy hardly matters: " +
      "largest minus smallest waste.",
    source: "Johnstone and Wilson 1998 (recalled)",
    measured: spread(POLICIES.slice(0, 3)),
    expected: below(0.05),
    verdict: onlyIf("the policy is first, best or next fit"),
  },
  {
    id: "jw-worst-fit",
    statement: "Without headers and alignment worst fit still matters: " +
      "largest minus smallest waste of first, best, next and worst " + "fit.",
    source: "measured",
    measured: spread(POLICIES),
    expected: above(0.1),
  },
];

/** The declaration. */
export const johnstoneWilson: Experiment = {
  name: "johnstone_wilson",
  question:
    "Does the placement policy matter once headers and alignment are removed?",
  claims,
  random: false,
  allocators: [
    ...POLICIES,
    ...POLICIES.map(pure),
  ],
  parameters: PROGRAM,
  headline: ["jw1_ratio", "jw2_ratio", "jw3_ratio", "jw4_ratio"],
  run: async (cell) =>
    replayCell(cell, await recordedTrace(cell), { every: 5000 }),
  figures: [{
    title: "Waste of recorded programs, with headers and without.",
    table: "summary",
    x: "allocator",
    y: "jw4_ratio",
    series: "program",
    mark: "point",
    log: ["y"],
  }],
};
