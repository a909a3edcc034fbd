/**
 * `deno task mutate [--short] [table...]`: does a test notice each fault?
 *
 * Every fault of the tables is planted, one at a time, in a copy of the
 * project, and the tests that should notice it are run there. A fault is
 * noticed when a test fails or takes much longer than without it. Exit code 1
 * if one goes unnoticed, or if the tests fail on the copy without any fault.
 * That every fault can be planted is a test of the ordinary suite.
 *
 * @module
 */
import { faulty } from "./mutations/symbols.ts";
import type { Mutation, MutationTable } from "./mutations/table.ts";
import { TABLES } from "./mutations/tables.ts";
import { taskArguments } from "./task.ts";

/** A test run without a fault that takes longer hangs. */
const LIMIT_MS = 60_000;
/** One with a fault hangs when it takes so many times as long, and PATIENCE. */
const SLOWER = 3;
const PATIENCE_MS = 10_000;
/** Copies of the project: so many faults are planted at a time. */
const COPIES = 2;
/** What tests need of the project; `.std` is not everywhere. */
const COPIED = [
  ".std",
  "allocators",
  "data/README.md",
  "data/figure.svg",
  "data/real_allocators.csv",
  "data/traces",
  "deno.json",
  "experiments",
  "mod.ts",
  "offline",
  "tests",
];
/** Compiled programs that tests make anew. */
const BUILT = "tests/oracle/build";
const ROOT = new URL("../", import.meta.url);

/** Tests to run: a judge or arguments of `deno test`. */
type Tests = Pick<MutationTable, "judge" | "tests">;

/** What a test run found out; no words: nothing. */
interface Verdict {
  /** Names of failing tests, or the judge's words. */
  words: string;
  /** A fault that is no program at all proves nothing. */
  loads: boolean;
}

/** A fault, and who should notice it. */
interface Fault {
  table: MutationTable;
  mutation: Mutation;
  tests: Tests;
  /** The tests in words. */
  key: string;
}

/** Copies the file or folder `path` of the project into `to`. */
function copy(path: string, to: string): void {
  const from = new URL(path, ROOT);
  if (path === BUILT) return;
  if (Deno.statSync(from).isFile) {
    Deno.mkdirSync(new URL(".", `file://${to}/${path}`), { recursive: true });
    Deno.copyFileSync(from, `${to}/${path}`);
    return;
  }
  for (const { name } of Deno.readDirSync(from)) copy(`${path}/${name}`, to);
}

/** What `tests` find out in `folder`. */
async function judged(
  folder: string,
  { judge, tests }: Tests,
  limit: number,
): Promise<Verdict> {
  const signal = AbortSignal.timeout(limit);
  const { success, stdout } = await new Deno.Command("deno", {
    args: judge
      ? ["run", "--quiet", "--no-check", "--allow-read", judge]
      : ["test", "--no-check", "--fail-fast", "--allow-read", ...tests ?? []],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
    signal,
  }).output();
  if (signal.aborted) return { words: "(hangs)", loads: true };
  if (success) return { words: "", loads: true };
  const text = new TextDecoder().decode(stdout);
  const failed = judge ? [text.trim()] : failures(text);
  if (!failed[0]) return { words: "(does not load)", loads: false };
  if (/\bReferenceError\b/.test(text)) {
    return { words: `(names what is not there) ${failed[0]}`, loads: false };
  }
  const more = failed.length > 1 ? ` (+${failed.length - 1})` : "";
  return { words: failed[0] + more, loads: true };
}

/** The tests that `deno test` says have failed. */
function failures(text: string): string[] {
  const lines = text.split("\n");
  return lines.slice(lines.lastIndexOf(" FAILURES ") + 1)
    .filter((line) => line.includes(" => "))
    .map((line) => line.split(" => ")[0]!.trim());
}

/** What the tests find out in `folder` with the fault planted. */
async function planted(
  folder: string,
  { mutation, tests }: Fault,
  limit: number,
): Promise<Verdict> {
  const path = `${folder}/${mutation.file}`;
  const sound = Deno.readTextFileSync(path);
  Deno.writeTextFileSync(path, faulty(sound, mutation));
  const verdict = await judged(folder, tests, limit);
  Deno.writeTextFileSync(path, sound);
  return verdict;
}

/** Does `work` on all `jobs`, a folder for each at a time. */
async function shared<Job>(
  jobs: readonly Job[],
  folders: readonly string[],
  work: (job: Job, folder: string) => Promise<void>,
): Promise<void> {
  const queue = [...jobs];
  await Promise.all(folders.map(async (folder) => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      await work(job, folder);
    }
  }));
}

/** The faults of `table` to plant: all, or every so many-th. */
function faultsOf(table: MutationTable, short: boolean): Fault[] {
  return table.mutations
    .filter((_, i) => !short || i % table.shortStep === 0)
    .map((mutation) => {
      const { judge } = table;
      const { tests = table.tests ?? [] } = mutation;
      const key = [judge, ...tests].join(" ");
      return { table, mutation, tests: { judge, tests }, key };
    });
}

/** Plants the faults of `tables`; whether all were noticed. */
async function mutate(
  tables: readonly MutationTable[],
  short: boolean,
  folders: readonly string[],
): Promise<boolean> {
  const present = [...Deno.readDirSync(ROOT)].map(({ name }) => name);
  for (const path of COPIED) {
    if (!present.includes(path.split("/")[0]!)) continue;
    for (const folder of folders) copy(path, folder);
  }
  const faults = tables.flatMap((table) => faultsOf(table, short));
  const limits = new Map<string, number>();
  const distinct = new Map(faults.map((fault) => [fault.key, fault]));
  let broken = false;
  await shared([...distinct.values()], folders, async (fault, folder) => {
    const { table, tests, key } = fault;
    const begin = performance.now();
    const { words } = await judged(folder, tests, LIMIT_MS);
    limits.set(key, PATIENCE_MS + SLOWER * (performance.now() - begin));
    if (words === "") return;
    broken = true;
    console.error(`${table.name}: without a fault fails: ${words}`);
  });
  if (broken) return false;

  const noticed = new Map(tables.map(({ name }) => [name, 0]));
  await shared(faults, folders, async (fault, folder) => {
    const { name } = fault.table;
    const limit = limits.get(fault.key)!;
    const { words, loads } = await planted(folder, fault, limit);
    if (loads && words !== "") noticed.set(name, noticed.get(name)! + 1);
    console.log(
      `${name}: ${fault.mutation.fault} -> ${words || "NOT NOTICED"}`,
    );
  });
  let sum = 0;
  for (const [name, count] of noticed) {
    const all = faults.filter(({ table }) => table.name === name).length;
    console.log(`${name.padEnd(12)}${`${count} of ${all}`.padStart(12)}`);
    sum += count;
  }
  console.log(`${sum} of ${faults.length} faults noticed`);
  return sum === faults.length;
}

const args = taskArguments({
  name: "mutate",
  summary: "Plants faults in a copy of the project and counts those that the " +
    "tests catch",
  usage: `[--short] [${TABLES.map(({ name }) => name).join(" | ")}]...`,
  options: [{ name: "short", summary: "a few faults of each table" }],
  names: TABLES.map(({ name }) => name),
});
const wanted = args.names;
const tables = TABLES.filter(({ name }) =>
  wanted.length === 0 || wanted.includes(name)
);
const folders = Array.from(
  { length: COPIES },
  () => Deno.makeTempDirSync({ prefix: "fraglab-mutate-" }),
);
let complete = false;
try {
  complete = await mutate(tables, args.flag("short"), folders);
} finally {
  for (const folder of folders) Deno.removeSync(folder, { recursive: true });
}
if (!complete) Deno.exit(1);
