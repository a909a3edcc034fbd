/**
 * Verdicts, and what differs from the one that a claim expects.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type {
  Claim,
  Experiment,
  Verdict,
} from "../../experiments/experiment/experiment.ts";
import { onlyIf, REFUTED } from "../../experiments/experiment/claims.ts";
import { judge, verdictLabel } from "../../experiments/experiment/verdict.ts";

/** What is said of a claim that is true where the number is 1. */
function said(measured: number | undefined, verdict?: Verdict) {
  const claim: Claim = {
    id: "one",
    statement: "It is one.",
    source: "arithmetic",
    measured: () => measured,
    expected: { value: 1, tolerance: 0.5 },
    ...(verdict && { verdict }),
  };
  const experiment = { name: "e", claims: [claim] } as unknown as Experiment;
  const [judgement] = judge(experiment, []);
  const { kind, condition } = judgement!.verdict;
  const { asExpected } = judgement!;
  return [kind, condition, asExpected, verdictLabel(kind, asExpected)];
}

Deno.test("a verdict is as expected, or a regression", () => {
  const when = onlyIf("it rains");
  const rows: [ReturnType<typeof said>, ReturnType<typeof said>][] = [
    [said(1.5), ["holds", undefined, true, "holds"]],
    [said(1.6), ["refuted", undefined, false, "regression"]],
    [said(1, when), ["holds_only_if", "it rains", true, "holds only if"]],
    [said(2, when), ["refuted", undefined, false, "regression"]],
    [said(2, REFUTED), ["refuted", undefined, true, "refuted as expected"]],
    [said(1, REFUTED), ["holds", undefined, false, "regression"]],
    [said(NaN), ["not_measured", undefined, undefined, "not measured"]],
    [
      said(undefined, REFUTED),
      ["not_measured", undefined, undefined, "not measured"],
    ],
  ];
  for (const [found, expected] of rows) assertEquals(found, expected);
});
