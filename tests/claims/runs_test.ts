/**
 * Every claim is decided somewhere: by a run of `deno task claims-proof`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { ALLOCATORS } from "../../allocators/registry.ts";
import type { Finished } from "../../experiments/experiment/experiment.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";
import { cellsOf, gridOf } from "../../experiments/runner/plan.ts";
import { Specs } from "../../experiments/runner/specs.ts";
import golden from "../golden/claims.csv" with { type: "text" };
import { read } from "../../experiments/measures/csv.ts";
import { type Judged, problems } from "./proof.ts";
import { type ClaimsRun, claimsRuns } from "./runs.ts";

const SPECS = new Specs(ALLOCATORS);

/** Ids of the claims that measure something in the cells of `run`. */
function decided({ ids, set }: ClaimsRun): string[] {
  const wanted = (id: string) => ids.length === 0 || ids.includes(id);
  return EXPERIMENTS.filter(({ claims }) => claims.some(({ id }) => wanted(id)))
    .flatMap((experiment) => {
      const choice = { overrides: set, seeds: [1], scale: "default" as const };
      const keys = cellsOf(
        gridOf(experiment, choice, SPECS),
        experiment,
        SPECS,
      );
      const measures = new Proxy({}, { get: () => 1 });
      const cells = keys.map((key): Finished => ({ ...key, measures }));
      return experiment.claims.filter(({ id, measured }) =>
        wanted(id) && measured(cells) !== undefined
      ).map(({ id }) => id);
    });
}

Deno.test("every claim is decided by a run of claims-proof", () => {
  const runs = claimsRuns("/tmp");
  const found = new Set(runs.flatMap(decided));
  const ids = EXPERIMENTS.flatMap(({ claims }) => claims.map(({ id }) => id));
  assertEquals(ids.filter((id) => !found.has(id)), []);
  for (const run of runs) {
    assertEquals(run.ids.filter((id) => !decided(run).includes(id)), []);
  }
});

Deno.test("no claim is a regression in the quick run", () => {
  const { names, rows } = read(golden);
  const at = (name: string) => names.indexOf(name);
  const bad = rows.filter((row) => row[at("as_expected")] === "no");
  assertEquals(bad.map((row) => row[at("id")]), []);
});

Deno.test("claims-proof names what differs and what is not decided", () => {
  const judged = (id: string, as_expected?: boolean): Judged => ({
    id,
    statement: "It is so.",
    verdict: "refuted",
    expected_verdict: as_expected ? "refuted" : "holds",
    expected: "1",
    measured: 2,
    as_expected,
  });
  const all = [judged("a", true), judged("b", false), judged("c")];
  assertEquals(problems(["a"], all.slice(0, 1)), []);
  assertEquals(problems(["a", "b", "c"], all), [
    "b: refuted instead of holds: measured 2, expected 1: It is so.",
    "c: not decided",
  ]);
  assertEquals(problems(["c"], [...all.slice(2), judged("c", true)]), []);
});
