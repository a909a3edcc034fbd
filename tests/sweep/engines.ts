/**
 * `deno task prove:sweep [--short] [ENGINE...]`: sweeps on engines that are
 * started here for it, on this machine alone: GNU parallel over ssh to a sshd
 * on loopback, and Slurm with a cluster of four nodes that are not there.
 *
 * Workers are killed at random, and the controller once; what is collected in
 * the end must be byte by byte what a local run leaves. Needs the programs of
 * Debian's parallel, openssh-server, slurm-wlm and munge, and root.
 *
 * @module
 */
import { JSON_OPTION, taskArguments } from "../task.ts";
import { type Engine, killOne, LocalEngine } from "./engine.ts";
import { ParallelEngine } from "./parallel.ts";
import { SlurmEngine } from "./slurm.ts";
import { pause, ProofSweep } from "./proof_sweep.ts";

const NAMES = ["local", "parallel", "slurm"];
/** Cores that all engines may use. */
const CORES = 2;

const args = taskArguments({
  name: "prove:sweep",
  summary:
    "Sweeps on engines that are started for it, workers killed at random",
  usage: `[--short] [${NAMES.join(" | ")}]...`,
  options: [
    { name: "short", summary: "fewer cells and kills" },
    JSON_OPTION,
  ],
  names: NAMES,
});
const isShort = args.flag("short");
const folder = Deno.makeTempDirSync({ dir: "/tmp", prefix: "fraglab-" });
let wrong = 0;
try {
  wrong = await prove();
} finally {
  Deno.removeSync(folder, { recursive: true });
}
Deno.exit(wrong > 0 ? 1 : 0);

/** Proves every engine; how many went wrong. */
async function prove(): Promise<number> {
  const sweep = new ProofSweep(
    folder,
    isShort ? 1_000 : 10_000,
    isShort ? 8 : 40,
  );
  const local = await sweep.local();
  console.log(
    `${sweep.cells} cells in ${sweep.shards} shards; a run of ` +
      `experiments --jobs ${CORES} takes ${local.toFixed(1)} s`,
  );
  const engines: Engine[] = [
    new LocalEngine(sweep),
    new ParallelEngine(sweep),
    new SlurmEngine(sweep),
  ];
  let wrong = 0;
  for (const engine of engines) {
    const { name } = engine;
    if (args.names.length > 0 && !args.names.includes(name)) continue;
    const lacking = await engine.lacks();
    if (lacking !== undefined) {
      console.log(`SKIPPED ${name}: there is no ${lacking}`);
      continue;
    }
    await engine.start();
    try {
      if (!isShort) {
        report(name, sweep.cells, await quiet(sweep, engine), local);
      }
      wrong += await disturbed(sweep, engine);
    } finally {
      await engine.stop();
    }
  }
  return wrong;
}

/** Seconds of a sweep that nobody disturbs. */
async function quiet(sweep: ProofSweep, engine: Engine): Promise<number> {
  sweep.empty();
  const start = performance.now();
  const { err } = await sweep.submit(engine);
  while (await engine.isBusy()) await pause(50);
  if (sweep.published() < sweep.shards) {
    throw new Error(`${engine.name} fails by itself: ${err}`);
  }
  return (performance.now() - start) / 1000;
}

function report(
  name: string,
  cells: number,
  seconds: number,
  local: number,
): void {
  const perCell = (seconds - local) * CORES / cells * 1000;
  const rate = cells / (seconds * CORES) * 3600;
  console.log(
    `${name}: undisturbed ${seconds.toFixed(1)} s, ` +
      `${perCell.toFixed(2)} ms of a core per cell more than the local run, ` +
      `${rate.toFixed(0)} cells per core-hour`,
  );
}

/** Kills workers and the controller; 1 if results differ in the end. */
async function disturbed(sweep: ProofSweep, engine: Engine): Promise<number> {
  sweep.empty();
  const start = performance.now();
  const wanted = isShort ? 4 : 20;
  let [submissions, kills, controllers] = [0, 0, 0];
  while (sweep.published() < sweep.shards) {
    submissions++;
    let isOver = false;
    const harm = kills + controllers;
    const submitted = sweep.submit(engine).finally(() => isOver = true);
    while (!isOver || await engine.isBusy()) {
      await pause(100 + Math.random() * 300);
      if (kills < wanted && await killOne(sweep)) kills++;
      const isUnderWay = sweep.published() > sweep.shards / 4;
      if (controllers === 0 && isUnderWay && await engine.killController()) {
        controllers++;
      }
    }
    const { code, err } = await submitted;
    if (code !== 0 && kills + controllers === harm) {
      throw new Error(`${engine.name} fails by itself: ${err}`);
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const different = await sweep.differences();
  console.log(
    `${engine.name}: ${kills} workers and ${controllers} controllers ` +
      `killed, submitted ${submissions} times, ${seconds.toFixed(1)} s: ` +
      (different.length === 0
        ? "CSV, Parquet and page are those of the local run"
        : `other bytes: ${different.join(", ")}`),
  );
  return different.length === 0 && kills >= wanted && controllers === 1 ? 0 : 1;
}
