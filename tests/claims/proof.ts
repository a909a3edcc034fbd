/**
 * `deno task claims-proof`: judges every claim at the scale that it needs, with
 * one seed instead of five if `--short`. Exit code 1 if the verdict on one is
 * not the expected one, or if one is not decided.
 *
 * @module
 */
import readme from "../../README.md" with { type: "text" };
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";
import { lab, ROOT, withFolder } from "../runner/lab.ts";
import { type ClaimsRun, claimsRuns, writeProfiles } from "./runs.ts";
import { misquoted } from "./readme.ts";
import { taskArguments } from "../task.ts";

/** A claim as `claims --json` prints it. */
export interface Judged {
  id: string;
  statement: string;
  verdict: string;
  expected_verdict: string;
  expected: string;
  as_expected?: boolean;
  measured?: number;
}

/** What is wrong with the claims `ids`, a line each, once they are `judged`. */
export function problems(
  ids: readonly string[],
  judged: readonly Judged[],
): string[] {
  const decided = judged.filter((one) => one.as_expected !== undefined);
  const known = new Set(decided.map(({ id }) => id));
  return [
    ...decided.filter((one) => !one.as_expected).map((one) =>
      `${one.id}: ${one.verdict} instead of ${one.expected_verdict}: ` +
      `measured ${one.measured}, expected ${one.expected}: ${one.statement}`
    ),
    ...ids.filter((id) => !known.has(id)).map((id) => `${id}: not decided`),
  ];
}

/** The claims that `run` judges; files go below `folder`. */
async function judge(
  { ids, set }: ClaimsRun,
  folder: string,
  seeds: readonly string[],
): Promise<Judged[]> {
  const values = Object.entries(set)
    .flatMap(([name, values]) => ["--set", `${name}=${values.join(",")}`]);
  const args = ["--out", `${folder}/results`, "--json"];
  // Exit code 1 says that a verdict is not the expected one: so does the JSON.
  const { out, err } = await lab(
    ["claims", ...ids, ...values, ...seeds, ...args],
    { program: `${ROOT}experiments/main.ts`, cwd: folder },
  );
  if (out === "") throw new Error(err);
  return JSON.parse(out);
}

async function main(): Promise<number> {
  const args = taskArguments({
    name: "claims-proof",
    summary: "Judges every claim",
    usage: "[--short]",
    options: [{ name: "short", summary: "one seed" }],
  });
  const seeds = args.flag("short") ? ["--seeds", "1"] : [];
  const judged: Judged[] = [];
  await withFolder(async (folder) => {
    writeProfiles(folder);
    for (const run of claimsRuns(folder)) {
      console.log(`Claims at ${run.name}`);
      judged.push(...await judge(run, folder, seeds));
    }
  });
  const ids = EXPERIMENTS.flatMap(({ claims }) => claims.map(({ id }) => id));
  const bad = problems(ids, judged);
  bad.push(...misquoted(readme, judged, args.flag("short") ? 1 : 5));
  bad.forEach((line) => console.error(line));
  console.log(`${ids.length - bad.length} of ${ids.length} as expected`);
  return bad.length > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
