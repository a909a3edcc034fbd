/**
 * Every claim is decided somewhere: by a run of `deno task claims-proof`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { readArguments } from "../../experiments/commands/arguments.ts";
import {
  readChoice,
  RUN_OPTIONS,
} from "../../experiments/commands/run_options.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";
import { Specs } from "../../experiments/runner/specs.ts";
import { decides, whyUndecided } from "../../experiments/runner/undecided.ts";
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
  const choice = { overrides: set, seeds: [1], scale: "default" as const };
  return EXPERIMENTS.flatMap((experiment) =>
    experiment.claims.filter((claim) =>
      wanted(claim.id) && decides(claim, experiment, choice, SPECS)
    ).map(({ id }) => id)
  );
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

Deno.test("a claim that a run leaves out names a run that decides it", () => {
  for (const scale of ["quick", "default"] as const) {
    const choice = { overrides: {}, scale };
    for (const experiment of EXPERIMENTS) {
      for (const claim of experiment.claims) {
        if (decides(claim, experiment, choice, SPECS)) continue;
        const { why, options } = whyUndecided(claim, experiment, choice, SPECS);
        assert(!why.includes("failed"), claim.id);
        const words = readArguments(options!, RUN_OPTIONS);
        const remedy = readChoice(words, ALLOCATORS, [experiment]);
        assert(
          decides(claim, experiment, remedy, SPECS),
          `${claim.id}: ${why}: ${options}`,
        );
      }
    }
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
