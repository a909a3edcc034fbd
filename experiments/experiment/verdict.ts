/**
 * What the finished cells say about the claims of their experiment.
 *
 * @module
 */
import type { Claim, Experiment, Finished } from "./experiment.ts";

/** A claim, judged. */
export interface Verdict {
  /** Name of the experiment that decides it. */
  experiment: string;
  /** What is claimed. */
  claim: Claim;
  /** The scalar; undefined if its cells were not run. */
  measured: number | undefined;
  /** `holds`, `fails`, `not measured` or `holds only if ...`. */
  text: string;
}

/** Judges the claims of `experiment` by its finished cells. */
export function judge(
  experiment: Experiment,
  cells: readonly Finished[],
): Verdict[] {
  return experiment.claims.map((claim) => {
    const measured = claim.measured(cells);
    const text = measured === undefined || Number.isNaN(measured)
      ? "not measured"
      : !asExpected(claim, measured)
      ? "fails"
      : claim.onlyIf === undefined
      ? "holds"
      : `holds only if ${claim.onlyIf}`;
    return { experiment: experiment.name, claim, measured, text };
  });
}

/** The expectation in words: `0.5 +- 0.01`, `0.5`, or the claim's own. */
export function expectation({ expected }: Claim): string {
  if ("text" in expected) return expected.text;
  const value = Number.isInteger(expected.value)
    ? String(expected.value)
    : String(Number(expected.value.toPrecision(6)));
  return expected.tolerance === 0 ? value : `${value} +- ${expected.tolerance}`;
}

function asExpected({ expected }: Claim, measured: number): boolean {
  return "text" in expected
    ? expected.holds(measured)
    : Math.abs(measured - expected.value) <= expected.tolerance;
}
