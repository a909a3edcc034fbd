/**
 * A run: cells in workers, each kept when it is finished, and the files of an
 * experiment as soon as all its cells are.
 *
 * Without `resume` every cell is computed. With it, a cell that is kept, from
 * the same sources and the same input files, is taken over; so an interrupted
 * run that is resumed ends with the same bytes as one that was not.
 *
 * A folder holds the last run of each experiment: its files, its rows in the
 * files that cover all experiments, and its cells. Those of an earlier run of
 * the same experiment go when the new one is finished; its rows change at the
 * same moment, so that files agree with each other however the run ends.
 *
 * @module
 */
import type { Experiment, Scale } from "../experiment/experiment.ts";
import { Digests } from "./digest.ts";
import { Failure, Interrupted } from "./failure.ts";
import type { Setting } from "./files.ts";
import { type CellJob, finish, type Result } from "./finish.ts";
import { Folder } from "./folder.ts";
import { type Kept, placeOf, readKept } from "./kept.ts";
import {
  inOrder,
  type Manifest,
  readManifest,
  readManifests,
  type Summary,
} from "./manifest.ts";
import { overview, timingKey } from "./overview.ts";
import { dataPackage } from "./package.ts";
import { cellsOf, type Grid, parametersText } from "./plan.ts";
import { runJobs } from "./pool.ts";
import { moduleSpec, type Specs } from "./specs.ts";
import { type Once, Spool } from "./spool.ts";
import type { Answer } from "./worker.ts";

/** An experiment and the cells of it to run. */
export interface Task {
  /** What to run. */
  experiment: Experiment;
  /** Which cells. */
  grid: Grid;
}

/** How to run tasks. */
export interface RunOptions {
  /** Folder of the results. */
  out: string;
  /** Names of all experiments, in the order of the files. */
  order: readonly string[];
  /** The allocators of the tasks. */
  specs: Specs;
  /** What workers must know. */
  setting: Omit<Setting, "spooled">;
  /** Inputs of the tasks that can be read only once. */
  once: readonly Once[];
  /** Whether to take kept cells over. */
  resume: boolean;
  /** Cells to run at a time. */
  lanes: number;
  /** Scale of the grids, for the record. */
  scale: Scale;
  /** Stops the run. */
  signal: AbortSignal;
  /** Hears how many cells are taken over, before the others run. */
  started(finished: number): void;
  /** Hears how many cells of how many are finished. */
  progress(finished: number, cells: number): void;
  /** Hears of each finished experiment, in the order of the tasks. */
  finished(result: Result): void;
}

/** Runs `tasks`; the folder then holds their files. */
export async function run(
  tasks: readonly Task[],
  options: RunOptions,
): Promise<void> {
  using folder = await Folder.open(options.out);
  using spool = new Spool(folder);
  for (const input of options.once) await spool.add(input, options.signal);
  const setting = { ...options.setting, spooled: spool.files };
  await new Run(tasks, folder, setting, options).run();
}

class Run {
  readonly #options: RunOptions;
  readonly #setting: Setting;
  readonly #folder: Folder;
  /** What the folder holds of each experiment. */
  readonly #manifests: Map<string, Manifest>;
  readonly #digests: Digests;
  /** Tasks with their cells, those that are finished removed. */
  readonly #pending: { experiment: Experiment; grid: Grid; jobs: CellJob[] }[];
  readonly #jobs: CellJob[];
  /** Number of experiments. */
  readonly #tasks: number;
  readonly #seconds = new Map<string, number>();
  #finished = 0;

  constructor(
    tasks: readonly Task[],
    folder: Folder,
    setting: Setting,
    options: RunOptions,
  ) {
    this.#folder = folder;
    this.#manifests = readManifests(folder);
    this.#setting = setting;
    this.#options = options;
    this.#tasks = tasks.length;
    this.#digests = new Digests(setting);
    this.#pending = tasks.map(({ experiment, grid }) => ({
      experiment,
      grid,
      jobs: cellsOf(experiment.name, grid).map((key) => ({
        key,
        group: this.#group(key.allocator, experiment.name),
        place: placeOf(
          key,
          this.#digests.code(moduleSpec(key.allocator)?.path),
        ),
      })),
    }));
    this.#jobs = this.#pending.flatMap(({ jobs }) => jobs);
  }

  async run(): Promise<void> {
    try {
      await this.#work();
    } catch (error) {
      throw this.#ending(error);
    }
  }

  async #work(): Promise<void> {
    const { resume, lanes, signal } = this.#options;
    if (resume) this.#takeOver();
    this.#options.started(this.#finished);
    this.#advance();
    await runJobs(this.#jobs.filter(({ summary }) => !summary), {
      lanes,
      setting: this.#setting,
      signal,
      done: (job, answer) => this.#done(job, answer),
    });
  }

  /** What to say about a run that `error` ended. */
  #ending(error: unknown): unknown {
    if (error instanceof Interrupted) {
      return new Interrupted(
        `Interrupted: ${this.#finished} of ${this.#jobs.length} cells are ` +
          `kept in ${this.#options.out}; --resume does the rest`,
      );
    }
    return error instanceof Error && "code" in error && error.code === "ENOSPC"
      ? new Failure("The disk is full: --resume goes on once there is room")
      : error;
  }

  /** Cells of one group share a worker. */
  #group(allocator: string, experiment: string): string {
    if (allocator === "-") return experiment;
    const path = moduleSpec(allocator)?.path;
    return path ?? this.#options.specs.parse(allocator).entry.name;
  }

  #takeOver(): void {
    for (const job of this.#jobs) {
      const kept = readKept(this.#folder, job.place);
      if (kept && this.#digests.agree(kept.inputs)) {
        job.summary = summaryOf(kept);
        this.#finished++;
      }
    }
  }

  #done(job: CellJob, answer: Answer): void {
    if ("error" in answer) throw failure(job, answer);
    if ("unsuitable" in answer) this.#leaveOut(job, answer.unsuitable);
    else {
      const inputs = this.#digests.of(answer.inputs);
      const kept: Kept = { ...answer.kept, inputs };
      this.#folder.keep(job.place, JSON.stringify(kept));
      job.summary = summaryOf(kept);
      this.#seconds.set(timingKey(job.summary), answer.seconds);
    }
    this.#finished++;
    this.#advance();
  }

  /**
   * Leaves the cell out because of its allocator; an error where a run of one
   * experiment has no other allocator left.
   */
  #leaveOut(job: CellJob, why: string): void {
    job.unsuitable = why;
    const out = new Set(
      this.#jobs.filter(({ unsuitable }) => unsuitable !== undefined)
        .map(({ key }) => key.allocator),
    );
    if (
      this.#tasks === 1 && this.#jobs.every(({ key }) => out.has(key.allocator))
    ) {
      throw new Failure(`${nameOf(job)}: ${why}`);
    }
  }

  /** Finishes the next experiments in order, as far as their cells are. */
  #advance(): void {
    const { progress, finished, scale } = this.#options;
    const results: Result[] = [];
    try {
      for (let task; (task = this.#pending[0]); this.#pending.shift()) {
        const { experiment, grid, jobs } = task;
        if (jobs.some((job) => !job.summary && job.unsuitable === undefined)) {
          break;
        }
        results.push(finish(this.#folder, { experiment, grid, scale }, jobs));
      }
    } finally {
      if (results.length > 0) this.#writeOverview(results);
    }
    for (const result of results) finished(result);
    progress(this.#finished, this.#jobs.length);
  }

  #writeOverview(results: readonly Result[]): void {
    const folder = this.#folder;
    for (const { experiment: { name } } of results) {
      this.#manifests.set(name, readManifest(folder, name)!);
    }
    const manifests = inOrder(this.#manifests, this.#options.order);
    const before = folder.read("timing.csv") ?? "";
    const tables = overview(manifests, this.#seconds, before);
    for (const { name, text } of tables) folder.write(name, [text]);
    folder.write("datapackage.json", [dataPackage(manifests, tables)]);
  }
}

/** A kept cell without its rows, exactly as reading it back gives it. */
function summaryOf(kept: Kept): Summary {
  const { experiment, allocator, parameters, seed, workload, measures } = kept;
  return { experiment, allocator, parameters, seed, workload, measures };
}

/** The error that a cell ended with, for whoever has to act. */
function failure(
  job: CellJob,
  { error, message }: { error: string; message: string },
): Error {
  const where = nameOf(job);
  const line = message.split("\n", 1)[0];
  if (moduleSpec(job.key.allocator)) {
    return new Failure(`${where}: ${error}: ${line}`);
  }
  if (error === "RangeError") { // most often a parameter, by another name
    const parameters = parametersText(job.key.parameters);
    return new Failure(`${where}: ${line}${parameters && ` (${parameters})`}`);
  }
  return ["Failure", "SyntaxError"].includes(error)
    ? new Failure(`${where}: ${line}`)
    : new Error(`${where}: ${error}: ${line}`);
}

/** How messages name a cell. */
function nameOf({ key }: CellJob): string {
  return `${key.experiment} (${key.allocator})`;
}
