/**
 * `deno task mutate [--short] [table...]`: does a test notice each fault?
 *
 * Every fault of the tables is planted, one at a time, in a copy of the
 * project, and the table's tests are run there. A fault is noticed when a test
 * fails or does not end in time. Exit code 1 if one goes unnoticed, or if the
 * tests fail on the copy without any fault.
 *
 * @module
 */
import { CONTRACT } from "./mutations/contract.ts";
import { GLIBC } from "./mutations/glibc.ts";
import { MACHINE_TABLE } from "./mutations/machine.ts";
import { STL } from "./mutations/stl.ts";

import { LINUX_BUDDY } from "./mutations/linux_buddy.ts";
import type { Mutation, MutationTable } from "./mutations/table.ts";

const TABLES: readonly MutationTable[] = [
  CONTRACT,
  GLIBC,
  LINUX_BUDDY,
  STL,
  MACHINE_TABLE,
];
/** A test run that takes longer hangs. */
const LIMIT_MS = 60_000;
/** A fault that is no program at all proves nothing. */
const DOES_NOT_LOAD = "(does not load)";
const ROOT = new URL("../", import.meta.url);
const COPIED =
  /^(allocators|experiments|tests|offline|\.std|data|deno\.json|mod\.ts)$/;

function copy(from: URL, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (from.href === ROOT.href && !COPIED.test(name)) continue;
    if (name.startsWith("results")) continue;
    const source = new URL(name + (isDirectory ? "/" : ""), from);
    if (isDirectory) copy(source, `${to}/${name}`);
    else Deno.copyFileSync(source, `${to}/${name}`);
  }
}

function plant(folder: string, { file, find, replace }: Mutation): void {
  const path = `${folder}/${file}`;
  const text = Deno.readTextFileSync(path);
  if (text.split(find).length !== 2) {
    throw new Error(`${file}: not exactly one occurrence of: ${find}`);
  }
  Deno.writeTextFileSync(path, text.replace(find, () => replace));
}

/** Output of `deno ...args` in `folder`, and how it ended. */
async function run(folder: string, args: readonly string[]) {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const { success, stdout } = await new Deno.Command("deno", {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
    signal,
  }).output();
  const text = new TextDecoder().decode(stdout);
  return { success, text, hangs: signal.aborted };
}

/** What notices in `folder`: names of failing tests, or the judge's words. */
async function failures(
  folder: string,
  { tests, judge }: Pick<MutationTable, "tests" | "judge">,
): Promise<string[]> {
  const args = judge
    ? ["run", "--quiet", "--no-check", "--allow-read", judge]
    : ["test", "--no-check", "--fail-fast", "--allow-read", ...tests ?? []];
  const { success, text, hangs } = await run(folder, args);
  if (hangs) return ["(hangs)"];
  if (success) return [];
  if (judge) return [text.trim() || "(crashes)"];
  const lines = text.split("\n");
  const start = lines.lastIndexOf(" FAILURES ");
  const named = lines.slice(start + 1).filter((line) => line.includes(" => "));
  return named.length > 0
    ? named.map((line) => line.split(" => ")[0]!.trim())
    : [DOES_NOT_LOAD];
}

const short = Deno.args.includes("--short");
const wanted = Deno.args.filter((arg) => !arg.startsWith("-"));
const unknown = wanted.filter((name) => !TABLES.some((t) => t.name === name));
if (unknown.length > 0) {
  const known = TABLES.map((t) => t.name).join(", ");
  console.error(`Unknown table "${unknown}": known are ${known}`);
  Deno.exit(2);
}

let missed = 0;
let planted = 0;
const home = await Deno.makeTempDir({ prefix: "fraglab-mutate-" });
try {
  for (const table of TABLES) {
    if (wanted.length > 0 && !wanted.includes(table.name)) continue;
    const sound = `${home}/${table.name}`;
    copy(ROOT, sound);
    const broken = await failures(sound, table);
    if (broken.length > 0) {
      console.error(`${table.name}: without a fault fails: ${broken[0]}`);
      missed++;
      continue;
    }
    const queue = table.mutations.filter((_, i) =>
      !short || i % table.shortStep === 0
    ).map((mutation, i) => ({
      mutation,
      folder: `${home}/${table.name}-${i}`,
    }));
    planted += queue.length;
    const work = async () => {
      for (let job = queue.shift(); job; job = queue.shift()) {
        copy(ROOT, job.folder);
        plant(job.folder, job.mutation);
        const { tests = table.tests } = job.mutation;
        const noticed = await failures(job.folder, { ...table, tests });
        Deno.removeSync(job.folder, { recursive: true });
        const loads = noticed[0] !== DOES_NOT_LOAD;
        if (noticed.length === 0 || !loads) missed++;
        console.log(
          `${table.name}: ${job.mutation.fault} -> ` +
            (noticed.length > 0
              ? `${noticed[0]}${
                noticed.length > 1 ? ` (+${noticed.length - 1})` : ""
              }`
              : "NOT NOTICED"),
        );
      }
    };
    await Promise.all([work(), work()]);
  }
} finally {
  Deno.removeSync(home, { recursive: true });
}
console.log(`${planted - missed} of ${planted} faults noticed`);
if (missed > 0) Deno.exit(1);
