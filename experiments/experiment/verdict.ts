/**
 * What the finished cells say about the claims of their experiment.
 *
 * @module
 */
import type {
  Claim,
  Experiment,
  Finished,
  Verdict,
  VerdictKind,
} from "./experiment.ts";

/** A claim, judged. */
export interface Judgement {
  /** Name of the experiment that decides it. */
  experiment: string;
  /** What is claimed. */
  claim: Claim;
  /** The scalar; undefined if its cells were not run. */
  measured: number | undefined;
  /** What the scalar says about the statement. */
  verdict: Verdict;
  /** The verdict that the claim expects. */
  expectedVerdict: Verdict;
  /** Whether the two agree; undefined if nothing was measured. */
  asExpected: boolean | undefined;
}

/** Judges the claims of `experiment` by its finished cells. */
export function judge(
  experiment: Experiment,
  cells: Iterable<Finished>,
): Judgement[] {
  return experiment.claims.map((claim) => {
    const found = claim.measured(cells);
    const measured = Number.isNaN(found) ? undefined : found;
    const expectedVerdict = claim.verdict ?? HOLDS;
    const verdict = verdictOf(claim, measured, expectedVerdict);
    return {
      experiment: experiment.name,
      claim,
      measured,
      verdict,
      expectedVerdict,
      asExpected: measured === undefined
        ? undefined
        : verdict.kind === expectedVerdict.kind,
    };
  });
}

const HOLDS: Verdict = { kind: "holds" };

function verdictOf(
  claim: Claim,
  measured: number | undefined,
  expected: Verdict,
): Verdict {
  if (measured === undefined) return { kind: "not_measured" };
  if (!isMet(claim, measured)) return { kind: "refuted" };
  return expected.kind === "holds_only_if" ? expected : HOLDS;
}

function isMet({ expected }: Claim, measured: number): boolean {
  return "text" in expected
    ? expected.holds(measured)
    : Math.abs(measured - expected.value) <= expected.tolerance;
}

/** How people read a verdict of `kind` that is as expected, or not. */
export function verdictLabel(
  kind: VerdictKind,
  asExpected: boolean | undefined,
): string {
  if (asExpected === false) return "regression";
  return kind === "refuted" ? "refuted as expected" : kind.replaceAll("_", " ");
}

/** The expectation in words: `0.5 +- 0.01`, `0.5`, or the claim's own. */
export function expectation({ expected }: Claim): string {
  if ("text" in expected) return expected.text;
  const value = Number.isInteger(expected.value)
    ? String(expected.value)
    : String(Number(expected.value.toPrecision(DIGITS)));
  return value + toleranceText(expected.value, expected.tolerance, "+-");
}

/** Digits of an expected value that people see. */
const DIGITS = 6;

/** ` +- 0.01` with `sign`; "" if the tolerance is below the digits of `value`. */
export function toleranceText(
  value: number,
  tolerance: number,
  sign: string,
): string {
  return tolerance > Math.abs(value) * 10 ** -DIGITS
    ? ` ${sign} ${tolerance}`
    : "";
}
