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
import readme from "../../README.md" with { type: "text" };
import { type Judged, problems } from "./proof.ts";
import { misquoted, QUOTED } from "./readme.ts";
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

Deno.test("README's numbers are those of claims", () => {
  const ids = EXPERIMENTS.flatMap(({ claims }) => claims.map(({ id }) => id));
  for (const { id, at } of QUOTED) {
    assertEquals(ids.includes(id), true, id);
    assertEquals(readme.match(at)?.length, 2, `${at}`);
    assertEquals([...readme.matchAll(new RegExp(at, "g"))].length, 1, `${at}`);
  }
  // The whole proof measures them; here a wrong number must show.
  const judged = (id: string, measured?: number) =>
    ({ id, measured }) as Judged;
  const all = QUOTED.map(({ id }) => judged(id, 0.123));
  assertEquals(misquoted(readme, all, 5).length, QUOTED.length);
  const one = misquoted(readme, [judged("bestfit-16-1024", 13_426)], 5);
  assertEquals(one.length, QUOTED.length - 1);
  assertEquals(
    one[0],
    "map-erase.bare: README quotes it, nothing decides it",
  );
  assertEquals(misquoted(readme, all, 1).length, QUOTED.length - 3);
});
