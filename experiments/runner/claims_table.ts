/**
 * `claims.csv`: every claim with the number that decides it.
 *
 * @module
 */
import type { Row } from "../measures/columns.ts";
import { expectation, type Judgement } from "../experiment/verdict.ts";
import { number, type TableKind, text } from "./table.ts";
import { VERSION } from "./version.ts";

/** One row per claim. */
export const CLAIMS: TableKind = {
  name: "claims",
  description: "Every claim with the number that decides it.",
  columns: [
    text("id", "Name of the claim."),
    text("experiment", "Experiment that decides it."),
    text("statement", "What is claimed."),
    text(
      "source",
      "Who says so; lecture notes: notes on memory allocation in Linux, in " +
        "Chinese, whose statements this project examines.",
    ),
    text("verdict", "holds, holds_only_if, refuted or not_measured."),
    text("condition", "Condition under which it holds, for holds_only_if."),
    text("expected_verdict", "The verdict that the claim should get."),
    text("as_expected", "yes; no: a regression; empty: not measured."),
    text("expected", "What the number should be if the statement holds."),
    number(
      "tolerance",
      "Largest distance from the expected value; empty for bounds.",
    ),
    number(
      "measured",
      "The number that was measured; empty if its cells were not run.",
    ),
    text("version", "Version of the project that measured it."),
  ],
};

/** The row of a judged claim. */
export function claimRow(judgement: Judgement): Row {
  const { experiment, claim, measured, verdict, expectedVerdict, asExpected } =
    judgement;
  const { id, statement, source, expected } = claim;
  return {
    id,
    experiment,
    statement,
    source,
    verdict: verdict.kind,
    condition: verdict.condition,
    expected_verdict: expectedVerdict.kind,
    as_expected: asExpected === undefined ? "" : asExpected ? "yes" : "no",
    expected: "text" in expected ? expectation(claim) : digits(expected.value),
    tolerance: "text" in expected ? undefined : digits(expected.tolerance),
    measured: measured === undefined ? undefined : digits(measured),
    version: VERSION,
  };
}

/** Ten significant digits: claims are about numbers of any size. */
function digits(value: number): string {
  return String(Number(value.toPrecision(10)));
}
