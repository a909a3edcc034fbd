/**
 * How engines that exist compute the shards of a sweep: this program itself,
 * GNU parallel, or a job array of Slurm. Here is only what they are told;
 * which shards are left is known from the folder.
 *
 * @module
 */
import { digest } from "../runner/digest.ts";
import { quoted } from "../runner/shell.ts";
import { SWEEP_TASK } from "../runner/version.ts";
import { rangesText } from "./shards.ts";

/** The engines. */
export const ENGINES = ["local", "parallel", "slurm"] as const;

/** One of them. */
export type Engine = typeof ENGINES[number];

/** A program to start. */
export interface Call {
  program: string;
  args: readonly string[];
  /** What it reads from standard input. */
  input: string;
  /** The same for people: a line for a shell, or the script that is read. */
  text: string;
}

/** What is to be computed, and where. Paths are absolute. */
export interface Order {
  /** Path of Deno, and of the main module. */
  deno: string;
  main: string;
  /** Folder in which relative paths of inputs begin. */
  cwd: string;
  /** The plan, its name, the folder of shards. */
  cells: string;
  plan: string;
  out: string;
  shards: number;
  /** Shards that are left, as ranges. */
  missing: readonly (readonly [from: number, to: number])[];
  /** Shards at a time: on each host with parallel, in all with Slurm. */
  jobs?: number;
  /** File of hosts, for parallel. */
  hosts?: string;
}

/** How `engine` computes what `order` says. */
export function callOf(engine: Engine, order: Order): Call {
  return { local, parallel, slurm }[engine](order);
}

/** The words that compute shard `shard`; absent: all that are left. */
function workerWords(order: Order, shard?: string): string[] {
  const { deno, main, cells, out, shards } = order;
  const words = SWEEP_TASK.split(" ").flatMap((word) =>
    word === "deno"
      ? [deno]
      : word.startsWith("--allow-write=")
      ? [`--allow-write=${out}`]
      : word.startsWith("--allow-run=")
      ? ["--allow-run=deno"]
      : word.endsWith("main.ts")
      ? [main]
      : [word]
  );
  const which = shard === undefined
    ? ["--shards", `${shards}`]
    : ["--shard", shard];
  return [...words, "run", "--cells", cells, "--out", out, ...which];
}

function local(order: Order): Call {
  const { jobs } = order;
  const words = workerWords(order);
  if (jobs !== undefined) words.push("--jobs", `${jobs}`);
  const text = `${words.map(quoted).join(" ")}\n`;
  // By its name, as tasks have it: that is what the task may start.
  return { program: "deno", args: words.slice(1), input: "", text };
}

/**
 * The log of finished jobs belongs to one list of shards, which it numbers: so
 * it is named after the list, and another list begins another log.
 */
function parallel(order: Order): Call {
  const { cwd, out, plan, shards, missing, jobs, hosts } = order;
  const list = JSON.stringify([plan, shards, missing]);
  const log = `${out}/parallel-${digest(list).slice(0, 8)}.log`;
  const worker = workerWords(order, `{}/${shards}`).map(quoted).join(" ");
  const args = [
    ...["--joblog", log, "--resume-failed", "--retries", "3"],
    ...(jobs === undefined ? [] : ["--jobs", `${jobs}`]),
    ...(hosts === undefined ? [] : ["--sshloginfile", hosts, "--workdir", cwd]),
    worker,
  ];
  const ranges = missing.map(([from, to]) => `seq ${from} ${to}`);
  const numbers = missing.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`)
  );
  const source = ranges.length === 1 ? ranges[0] : `(${ranges.join("; ")})`;
  const line = ["parallel", ...args].map(quoted).join(" ");
  return {
    program: "parallel",
    args,
    input: numbers.join(""),
    text: `${source} | ${line}\n`,
  };
}

function slurm(order: Order): Call {
  const { cwd, out, plan, shards, missing, jobs } = order;
  const array = rangesText(missing);
  const words = workerWords(order, "").slice(0, -1).map(quoted);
  const text = `#!/bin/sh
#SBATCH --job-name=fraglab-${plan.slice(0, 8)}
#SBATCH --array=${array}${jobs === undefined ? "" : `%${jobs}`}
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --chdir=${cwd}
#SBATCH --output=${out}/slurm-%A-%a.log
exec ${words.join(" ")} "$SLURM_ARRAY_TASK_ID/${shards}"
`;
  return { program: "sbatch", args: [], input: text, text };
}
