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
import { lacking } from "../../allocators/capability.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { parametersText } from "../experiment/result_files.ts";
import { Digests } from "./digest.ts";
import { Failure, Interrupted } from "./failure.ts";
import type { Setting } from "./files.ts";
import { finish, type Result } from "./finish.ts";
import { Folder } from "./folder.ts";
import { type Job, jobOf, nameOf } from "./job.ts";
import { type Kept, readKept } from "./kept.ts";
import {
  inOrder,
  type Manifest,
  readManifest,
  readManifests,
  type Summary,
} from "./manifest.ts";
import { overview, timingKey } from "./overview.ts";
import { dataPackage } from "./package.ts";
import { cellsOf, type Grid } from "./plan.ts";
import { runJobs } from "./pool.ts";
import type { Specs } from "./specs.ts";
import { type Once, Spool } from "./spool.ts";
import type { Answer } from "./worker.ts";

/** How to run grids. */
export interface RunOptions {
  /** Folder of the results. */
  out: string;
  /** All experiments, in the order of the files. */
  experiments: readonly Experiment[];
  /** The allocators of the grids. */
  specs: Specs;
  /** What workers must know. */
  setting: Omit<Setting, "spooled">;
  /** Inputs that can be read only once. */
  once: readonly Once[];
  /** Whether to take kept cells over. */
  resume: boolean;
  /** Cells to run at a time. */
  lanes: number;
  /** Stops the run. */
  signal: AbortSignal;
  /** Hears how many cells are taken over, before the others run. */
  started(finished: number): void;
  /** Hears how many cells of how many are finished. */
  progress(finished: number, cells: number): void;
  /** Hears of each finished experiment, in the order of the grids. */
  finished(result: Result): void;
}

/** Runs the cells of `grids`; the folder then holds their files. */
export async function run(
  grids: readonly Grid[],
  options: RunOptions,
): Promise<void> {
  using folder = await Folder.open(options.out);
  using spool = new Spool(folder);
  for (const input of options.once) await spool.add(input, options.signal);
  const setting = { ...options.setting, spooled: spool.files };
  await new Run(grids, folder, setting, options).run();
}

class Run {
  readonly #options: RunOptions;
  readonly #setting: Setting;
  readonly #folder: Folder;
  /** What the folder holds of each experiment. */
  readonly #manifests: Map<string, Manifest>;
  readonly #digests: Digests;
  /** Grids with their cells, those that are finished removed. */
  readonly #pending: { experiment: Experiment; grid: Grid; jobs: Job[] }[];
  readonly #jobs: readonly Job[];
  /** Number of grids. */
  readonly #grids: number;
  readonly #seconds = new Map<string, number>();
  #finished = 0;

  constructor(
    grids: readonly Grid[],
    folder: Folder,
    setting: Setting,
    options: RunOptions,
  ) {
    this.#folder = folder;
    this.#manifests = readManifests(folder);
    this.#setting = setting;
    this.#options = options;
    this.#grids = grids.length;
    this.#digests = new Digests(setting);
    const { experiments, specs } = options;
    this.#pending = grids.map((grid) => {
      const experiment = experiments.find((e) => e.name === grid.experiment)!;
      const jobs = cellsOf(grid, experiment, specs)
        .map((key) => jobOf(key, specs, this.#digests));
      return { experiment, grid, jobs };
    });
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
    for (const { experiment, jobs } of this.#pending) {
      this.#sift(experiment, jobs);
    }
    if (resume) this.#takeOver();
    this.#options.started(this.#finished);
    this.#advance();
    await runJobs(this.#jobs.filter((job) => !isOver(job)), {
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

  /** Leaves out those whose allocator lacks what the experiment needs. */
  #sift({ needs = [] }: Experiment, jobs: readonly Job[]): void {
    if (needs.length === 0) return;
    const byAllocator = Map.groupBy(jobs, ({ key }) => key.allocator);
    for (const [allocator, some] of byAllocator) {
      const why = lacking(this.#options.specs.parse(allocator), needs);
      if (why === undefined) continue;
      for (const job of some) this.#leaveOut(job, why);
      this.#finished += some.length;
    }
  }

  #takeOver(): void {
    for (const job of this.#jobs) {
      if (isOver(job)) continue;
      const kept = readKept(this.#folder, job.place);
      if (kept && this.#digests.agree(kept.inputs)) {
        job.summary = summaryOf(kept);
        this.#finished++;
      }
    }
  }

  #done(job: Job, answer: Answer): void {
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
  #leaveOut(job: Job, why: string): void {
    job.unsuitable = why;
    const out = new Set(
      this.#jobs.filter(({ unsuitable }) => unsuitable !== undefined)
        .map(({ key }) => key.allocator),
    );
    if (
      this.#grids === 1 && this.#jobs.every(({ key }) => out.has(key.allocator))
    ) {
      throw new Failure(`${nameOf(job)}: ${why}`);
    }
  }

  /** Finishes the next experiments in order, as far as their cells are. */
  #advance(): void {
    const { progress, finished } = this.#options;
    const results: Result[] = [];
    try {
      for (let next; (next = this.#pending[0]); this.#pending.shift()) {
        const { experiment, grid, jobs } = next;
        if (!jobs.every(isOver)) break;
        results.push(finish(this.#folder, experiment, grid, jobs));
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
    const order = this.#options.experiments.map(({ name }) => name);
    const manifests = inOrder(this.#manifests, order);
    const before = folder.read("timing.csv") ?? "";
    const tables = overview(manifests, this.#seconds, before);
    for (const { name, text } of tables) folder.write(name, [text]);
    folder.write("datapackage.json", [dataPackage(manifests, tables)]);
  }
}

/** Whether there is nothing left to do about a cell. */
function isOver({ summary, unsuitable }: Job): boolean {
  return summary !== undefined || unsuitable !== undefined;
}

/** A kept cell without its rows, exactly as reading it back gives it. */
function summaryOf(kept: Kept): Summary {
  const { experiment, allocator, parameters, seed, workload, measures } = kept;
  return { experiment, allocator, parameters, seed, workload, measures };
}

/** The error that a cell ended with, for whoever has to act. */
function failure(
  job: Job,
  { error, message }: { error: string; message: string },
): Error {
  const where = nameOf(job);
  const line = message.split("\n", 1)[0];
  if (job.module !== undefined) {
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
