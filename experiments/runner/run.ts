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
 * the same experiment go when the new one is finished; all files change at the
 * same moment, so that they agree with each other however the run ends. An
 * experiment of which a cell failed, or none was suitable, changes nothing.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { Answer, Ran } from "./answer.ts";
import { failuresOf, failureText } from "./cell_failure.ts";
import { nonsense } from "./checked.ts";
import { Digests } from "./digest.ts";
import { defect, Failure, firstLine, Interrupted } from "./failure.ts";
import type { Setting } from "./files.ts";
import {
  type Done,
  leave,
  type Left,
  type Result,
  resultOf,
} from "./finish.ts";
import type { Folder } from "./folder.ts";
import { holdingsOf } from "./holdings.ts";
import { isOver, type Job, jobOf, nameOf, sift } from "./job.ts";
import type { Place } from "./cell_file.ts";
import { CellStore } from "./cell_store.ts";
import { type Manifest, summaryOf } from "./manifest.ts";
import type { NewCell } from "./new_cell.ts";
import { secondsIn, timingKey } from "./overview.ts";
import { changeOf } from "./shared_files.ts";
import { cellsOf, type Grid } from "./plan.ts";
import type { Limits } from "./module_process.ts";
import { lateText, Pool } from "./pool.ts";
import type { Specs } from "./specs.ts";
import { type Once, Spool } from "./spool.ts";

/** How to run grids. */
export interface RunOptions {
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
  /** What foreign modules may take. */
  limits: Limits;
  /** Stops the run. */
  signal: AbortSignal;
  /** The command line that runs a grid again. */
  command(grid: Grid): string;
  /** Hears how many cells are taken over, before the others run. */
  started(finished: number): void;
  /** Hears how many cells of how many are finished. */
  progress(finished: number, cells: number): void;
  /** Hears what a foreign module prints. */
  printed(module: string, line: string): void;
  /** Hears of each finished experiment, in the order of the grids. */
  finished(result: Result): void;
}

/**
 * Runs the cells of `grids`; `folder` then holds the files of the experiments
 * that are finished. What failed, a line for each reason.
 */
export async function run(
  grids: readonly Grid[],
  folder: Folder,
  options: RunOptions,
): Promise<string[]> {
  using spool = new Spool(folder);
  for (const input of options.once) await spool.add(input, options.signal);
  const setting = { ...options.setting, spooled: spool.files };
  return await new Run(grids, folder, setting, options).run();
}

/** An experiment that is not finished yet. */
interface Pending {
  experiment: Experiment;
  grid: Grid;
  jobs: readonly Job[];
  /** Cells that are not over. */
  open: number;
}

class Run {
  readonly #options: RunOptions;
  readonly #setting: Setting;
  readonly #folder: Folder;
  readonly #store: CellStore;
  /** What the folder holds of each experiment. */
  readonly #manifests: Map<string, Manifest>;
  readonly #digests: Digests;
  /** In the order of the grids. */
  readonly #pending: Pending[];
  readonly #jobs: readonly Job[];
  readonly #seconds = new Map<string, number>();
  /** What went wrong after all cells were finished. */
  readonly #failures: string[] = [];
  /** Rows of the cells that are running. */
  readonly #cells = new Map<Job, NewCell>();
  #finished = 0;

  constructor(
    grids: readonly Grid[],
    folder: Folder,
    setting: Setting,
    options: RunOptions,
  ) {
    this.#folder = folder;
    this.#store = new CellStore(folder);
    this.#setting = setting;
    this.#options = options;
    const { experiments, specs } = options;
    this.#manifests = holdingsOf(
      folder.path,
      new Set(grids.map(({ experiment }) => experiment)),
      experiments.map(({ name }) => name),
    );
    this.#digests = new Digests(setting);
    this.#pending = grids.map((grid) => {
      const experiment = experiments.find((e) => e.name === grid.experiment)!;
      const jobs = cellsOf(grid, experiment, specs)
        .map((key) =>
          jobOf(key, experiment, { specs, digests: this.#digests, setting })
        );
      return { experiment, grid, jobs, open: jobs.length };
    });
    this.#jobs = this.#pending.flatMap(({ jobs }) => jobs);
  }

  async run(): Promise<string[]> {
    try {
      await this.#work();
    } catch (error) {
      throw this.#ending(error);
    } finally {
      for (const job of [...this.#cells.keys()]) this.#discard(job);
      this.#store[Symbol.dispose]();
    }
    const failures = [
      ...failuresOf(this.#jobs),
      ...new Set(this.#failures),
    ];
    if (this.#jobs.some(({ summary }) => summary)) return failures;
    const leftOut = this.#jobs.flatMap((job) =>
      job.unsuitable === undefined ? [] : `${nameOf(job)}: ${job.unsuitable}`
    );
    return [...failures, ...new Set(leftOut)];
  }

  async #work(): Promise<void> {
    const { resume, lanes, limits, signal, printed } = this.#options;
    for (const { experiment, jobs } of this.#pending) {
      sift(jobs, experiment, this.#options.specs);
    }
    if (resume) this.#takeOver();
    for (const pending of this.#pending) {
      const over = pending.jobs.filter(isOver).length;
      pending.open -= over;
      this.#finished += over;
    }
    this.#options.started(this.#finished);
    this.#advance();
    using pool = new Pool({
      lanes,
      setting: this.#setting,
      limits,
      signal,
      printed,
      late: (module, why) => this.#failures.push(lateText(module, why)),
    });
    await pool.run(this.#jobs.filter((job) => !isOver(job)), {
      rows: (job, piece) => this.#cellOf(job).write(piece),
      done: (job, answer) => this.#done(job, answer),
    });
  }

  /** What to say about a run that `error` ended. */
  #ending(error: unknown): unknown {
    if (error instanceof Interrupted) {
      return new Interrupted(
        this.#finished === 0
          ? "Interrupted: no cell was finished"
          : `Interrupted: ${this.#finished} of ${
            plural(this.#jobs.length, "cell")
          } ${this.#finished === 1 ? "is" : "are"} kept in ` +
            `${this.#folder.path}; --resume does the rest`,
      );
    }
    return error instanceof Error && "code" in error && error.code === "ENOSPC"
      ? new Failure("The disk is full: --resume goes on once there is room")
      : error;
  }

  #takeOver(): void {
    for (const { experiment, jobs } of this.#pending) {
      const open = new Map(
        jobs.filter((job) => !isOver(job)).map((job) => [job.id, job]),
      );
      for (const place of this.#store.cells(experiment.name)) {
        const { file, cell } = place;
        const job = open.get(cell.id);
        if (!job || isOver(job)) continue;
        if (!this.#digests.agree(cell.kept.inputs)) continue;
        if (file.rows(cell, () => {})) accept(job, place);
      }
    }
  }

  #done(job: Job, answer: Answer): void {
    if ("unsuitable" in answer) job.unsuitable = answer.unsuitable;
    else if ("error" in answer) job.failed = failureText(job, answer);
    else this.#keep(job, answer);
    this.#discard(job);
    // Only now: if it could not be kept, others that end meanwhile must not
    // finish the experiment without it.
    const { experiment } = job.key;
    this.#pending.find(({ grid }) => grid.experiment === experiment)!.open--;
    this.#finished++;
    this.#advance();
  }

  /** What takes the rows of a job. */
  #cellOf(job: Job): NewCell {
    const cell = this.#cells.get(job) ?? this.#store.begin();
    this.#cells.set(job, cell);
    return cell;
  }

  /** Lets the rows of a job go; they are kept by now, or given up. */
  #discard(job: Job): void {
    this.#cells.get(job)?.discard();
    this.#cells.delete(job);
  }

  #keep(job: Job, { kept, seconds }: Ran): void {
    const changed = this.#digests.note(kept.inputs);
    if (changed !== undefined) {
      job.failed = `${nameOf(job)}: ${changed}`;
      return;
    }
    const cell = this.#cellOf(job);
    if (!cell.fits(kept)) {
      job.failed = failureText(job, nonsense());
      return;
    }
    accept(job, this.#store.keep(job.id, kept, cell));
    this.#seconds.set(timingKey(job.summary!), seconds);
  }

  /** Finishes the next experiments in order, as far as their cells are. */
  #advance(): void {
    const { progress, finished } = this.#options;
    const results: Result[] = [];
    const left: Left[] = [];
    for (let next; (next = this.#pending[0]); this.#pending.shift()) {
      const { jobs } = next;
      if (next.open > 0) break;
      if (jobs.some(({ failed }) => failed !== undefined)) continue;
      try {
        const done = this.#doneWith(next);
        const result = resultOf(done);
        if (result.cells.length > 0) {
          left.push(leave(done, result));
        }
        results.push(result);
      } catch (error) {
        const line = firstLine(error);
        this.#failures.push(error instanceof Failure ? line : defect(line));
      }
    }
    if (left.length > 0) this.#commit(left);
    for (const result of results) finished(result);
    progress(this.#finished, this.#jobs.length);
  }

  /** An experiment whose cells are finished and whose inputs are as they were. */
  #doneWith({ experiment, grid, jobs }: Pending): Done {
    const inputs = jobs.flatMap(({ inputs = {} }) => Object.entries(inputs));
    this.#digests.verify(Object.fromEntries(inputs));
    const before = this.#manifests.get(experiment.name)?.rows.timing ?? "";
    const unsuitable = jobs.flatMap(({ key, unsuitable }) =>
      unsuitable === undefined ? [] : `${key.allocator}: ${unsuitable}`
    );
    return {
      experiment,
      grid,
      cells: jobs.flatMap(({ summary }) => summary ?? []),
      places: placesOf(jobs),
      unsuitable: [...new Set(unsuitable)],
      command: this.#options.command(grid),
      seconds: new Map([...secondsIn(before), ...this.#seconds]),
    };
  }

  /** Puts finished experiments in the place of their earlier runs. */
  #commit(left: readonly Left[]): void {
    const order = this.#options.experiments.map(({ name }) => name);
    this.#folder.commit(changeOf(left, this.#manifests, order));
    for (const { manifest: { grid: { experiment } } } of left) {
      const jobs = this.#jobs.filter(({ key }) =>
        key.experiment === experiment
      );
      this.#store.settle(experiment, placesOf(jobs));
    }
  }
}

function placesOf(jobs: readonly Job[]): Place[] {
  return jobs.flatMap(({ place }) => place ?? []);
}

function accept(job: Job, place: Place): void {
  const { kept } = place.cell;
  job.summary = { ...summaryOf(kept), ...job.key };
  job.inputs = kept.inputs;
  job.place = place;
}
