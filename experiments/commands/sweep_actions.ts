/**
 * What `sweep` does, but for `collect`.
 *
 * @module
 */
import { resolve } from "node:path";
import { textTable } from "../measures/text_table.ts";
import { Digests } from "../runner/digest.ts";
import { Failure, firstLine, Interrupted } from "../runner/failure.ts";
import { openFile, projectPath, type Setting } from "../runner/files.ts";
import { Gather } from "../runner/gather.ts";
import type { Limits } from "../runner/module_process.ts";
import { gridOf } from "../runner/plan.ts";
import { moduleUrls, type Specs } from "../runner/specs.ts";
import { plural } from "../traces/plural.ts";
import { examine } from "../sweep/doctor.ts";
import { callOf, type Engine } from "../sweep/engines.ts";
import { PlanFile } from "../sweep/plan_file.ts";
import { planLines } from "../sweep/planning.ts";
import { checkCode, runShards } from "../sweep/run.ts";
import { rangesText, ShardFolder } from "../sweep/shards.ts";
import { type Status, statusOf } from "../sweep/status.ts";
import type { Lab } from "./command.ts";
import { experimentLine, PROGRAM } from "./command_line.ts";
import { progressText } from "./report.ts";
import { loadSpecs, notePrinted } from "./spec_option.ts";
import { readSpec } from "./sweep_spec.ts";

/** Cells of a shard, about. */
const SHARD_CELLS = 1000;
/** Exit code where some shards failed. */
const SOME_FAILED = 3;
/** Milliseconds between looks at a folder. */
const LOOK = 1000;

/** What a command line asks for; paths as they were written. */
export interface SweepOrder {
  spec: string;
  cells: string;
  out: string;
  shard?: number;
  shards?: number;
  results?: string;
  hosts?: string;
  /** 0: as many as is usual. */
  jobs: number;
  limits: Limits;
  engine: Engine;
  go: boolean;
  json: boolean;
  watch: boolean;
}

/** A plan, and the folder of its shards. */
export interface Opened extends Disposable {
  plan: PlanFile;
  folder: ShardFolder;
}

/** Opens what `order` names. */
export function opened(
  { cwd }: Pick<Lab, "cwd">,
  { cells, out, shards }: SweepOrder,
): Opened {
  const plan = new PlanFile(resolve(cwd, cells));
  const { name, head } = plan;
  const division = {
    plan: name,
    cells: head.cells,
    shards: shards ?? Math.max(1, Math.ceil(head.cells / SHARD_CELLS)),
  };
  const folder = new ShardFolder(resolve(cwd, out), division);
  return { plan, folder, [Symbol.dispose]: () => plan[Symbol.dispose]() };
}

/** What workers are told. */
function settingOf(lab: Lab, allocators: readonly string[]): Setting {
  const { catalogue: { url }, cwd } = lab;
  const modules = moduleUrls(allocators, cwd);
  return { catalogue: url, modules, cwd, spooled: new Map() };
}

/** Prints the plan of a spec. */
export async function plan(
  lab: Lab,
  { spec: path, limits }: SweepOrder,
): Promise<void> {
  const bytes = await openFile(resolve(lab.cwd, path), path);
  const text = await new Response(bytes).text();
  const parts = readSpec(text, path, lab.catalogue);
  const allocators = parts.flatMap(({ choice }) => choice.allocators ?? []);
  const specs = await loadSpecs(lab, allocators, limits);
  const setting = settingOf(lab, allocators);
  const planned = parts.map(({ experiment, choice }) => {
    const grid = gridOf(experiment, choice, specs);
    return { experiment, grid, command: experimentLine(grid, choice) };
  });
  const gather = new Gather((bytes) => lab.print(bytes));
  const digests = new Digests(setting);
  for (const line of planLines(planned, { specs, digests, setting })) {
    gather.write(line);
  }
  gather.flush();
}

/** The allocators of a plan, loaded. */
async function specsOf(
  lab: Lab,
  { head: { parts } }: PlanFile,
  limits: Limits,
): Promise<{ specs: Specs; setting: Setting; digests: Digests }> {
  const named = parts.flatMap(({ grid }) => grid.allocators)
    .filter((spec) => spec !== "-");
  const specs = await loadSpecs(lab, named, limits);
  const setting = settingOf(lab, named);
  return { specs, setting, digests: new Digests(setting) };
}

/** Computes shards. */
export async function run(
  lab: Lab,
  order: SweepOrder,
): Promise<number> {
  using it = opened(lab, order);
  const { plan, folder } = it;
  const { shard, jobs, limits } = order;
  const { division: { shards, cells } } = folder;
  const signal = lab.interruption();
  const around = await specsOf(lab, plan, limits);
  checkCode(plan, around.digests);
  folder.prepare();
  const start = performance.now();
  let finished = 0;
  let failures: string[];
  try {
    const all = Array.from({ length: shards }, (_, i) => i + 1);
    failures = await runShards(
      plan,
      folder,
      shard === undefined ? all : [shard],
      {
        ...around,
        experiments: lab.catalogue.experiments,
        lanes: jobs || (shard === undefined ? lab.cores : 1),
        limits,
        signal,
        printed: (module, line) => notePrinted(lab, module, line),
        progress() {
          const seconds = (performance.now() - start) / 1000;
          lab.status(progressText(++finished, cells, seconds));
        },
      },
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(
      `Interrupted: the same command does what is left of ${folder.path}`,
    );
  }
  lab.status("");
  for (const line of failures) lab.note(line);
  return failures.length > 0 ? SOME_FAILED : 0;
}

/** Tells how far a sweep is. */
export async function status(lab: Lab, order: SweepOrder): Promise<void> {
  using it = opened(lab, order);
  let found = statusOf(it.plan, it.folder);
  if (order.watch) {
    const signal = lab.interruption();
    while (found.published < found.shards) {
      lab.status(lineOf(found));
      await new Promise((wake) => setTimeout(wake, LOOK));
      if (signal.aborted) throw new Interrupted("Interrupted");
      found = statusOf(it.plan, it.folder);
    }
    lab.status("");
  }
  lab.print(order.json ? `${JSON.stringify(found)}\n` : statusText(found));
}

/** `7 of 10 shards, 7000 of 10000 cells, 120 cells/s`. */
function lineOf(found: Status): string {
  const rate = found.cells_per_second;
  return `${found.published} of ${plural(found.shards, "shard")}, ` +
    `${found.finished_cells} of ${plural(found.cells, "cell")}` +
    (rate === null ? "" : `, ${rate.toPrecision(3)} cells/s`);
}

function statusText(found: Status): string {
  const { plan, experiments, missing, foreign } = found;
  return `Plan ${plan}: ${experiments.join(", ")}\n${lineOf(found)}\n` +
    (missing.length > 0 ? `Missing: ${rangesText(missing)}\n` : "") +
    (foreign.length > 0
      ? `Of other plans: ${plural(foreign.length, "shard")}\n`
      : "");
}

/** Prints how an engine is started, or starts it. */
export async function submit(
  lab: Lab,
  order: SweepOrder,
): Promise<number> {
  using it = opened(lab, order);
  const { plan, folder } = it;
  const { missing } = statusOf(plan, folder);
  if (missing.length === 0) {
    lab.note(`Nothing is left: all shards are in ${folder.path}`);
    return 0;
  }
  const call = callOf(order.engine, {
    deno: Deno.execPath(),
    main: projectPath(PROGRAM),
    cwd: lab.cwd,
    cells: plan.path,
    plan: plan.name,
    out: folder.path,
    shards: folder.division.shards,
    missing,
    ...(order.jobs > 0 && { jobs: order.jobs }),
    ...(order.hosts !== undefined && { hosts: resolve(lab.cwd, order.hosts) }),
  });
  if (!order.go) {
    lab.print(call.text);
    return 0;
  }
  folder.prepare(); // engines write their logs there
  const child = started(call.program, () =>
    new Deno.Command(call.program, {
      args: [...call.args],
      cwd: lab.cwd,
      stdin: "piped",
    }).spawn());
  const signal = lab.interruption();
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  await new Blob([call.input]).stream().pipeTo(child.stdin).catch(() => {});
  const { code } = await child.status;
  if (signal.aborted) throw new Interrupted("Interrupted");
  return code;
}

/** Tells whether workers have what they need here. */
export async function doctor(lab: Lab, order: SweepOrder): Promise<number> {
  using it = opened(lab, order);
  const { plan, folder } = it;
  const { setting, digests } = await specsOf(lab, plan, order.limits);
  const { engine } = order;
  const findings = examine({ plan, folder, setting, digests, engine, ask });
  lab.print(textTable(
    findings.map(({ what, found, isGood }) => [
      isGood ? "ok" : "WRONG",
      what,
      found,
    ]),
    ["left", "left", "left"],
  ));
  return findings.every(({ isGood }) => isGood) ? 0 : 1;
}

/** What `start` gives; `Failure` if there is no such program. */
function started<T>(program: string, start: () => T): T {
  try {
    return start();
  } catch (error) {
    const { NotFound, NotCapable } = Deno.errors;
    // A task may start the programs that it names and that are installed.
    if (error instanceof NotFound || error instanceof NotCapable) {
      throw new Failure(`There is no ${program} that this task may start`);
    }
    throw error;
  }
}

/** What a program prints; `Failure` if it cannot be started or fails. */
function ask(program: string, ...args: string[]): string {
  const { success, stdout, stderr } = started(
    program,
    () => new Deno.Command(program, { args }).outputSync(),
  );
  const text = new TextDecoder().decode(success ? stdout : stderr);
  if (success) return text;
  throw new Failure(`${program} fails: ${firstLine(text)}`);
}
