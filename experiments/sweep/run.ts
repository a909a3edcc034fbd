/**
 * Computes shards of a plan, one after the other: the cells of a shard in
 * workers, as a run of the lab has them, then all of them published at once. A
 * shard of which a cell failed is not published.
 *
 * @module
 */
import type { CellKey, Experiment } from "../experiment/experiment.ts";
import type { Answer, Ran } from "../runner/answer.ts";
import { CellFile, type Stored } from "../runner/cell_file.ts";
import { failuresOf, failureText } from "../runner/cell_failure.ts";
import { nonsense } from "../runner/checked.ts";
import type { Digests } from "../runner/digest.ts";
import { Failure } from "../runner/failure.ts";
import type { Setting } from "../runner/files.ts";
import { isOver, type Job, jobOf, nameOf, sift } from "../runner/job.ts";
import type { Kept } from "../runner/kept.ts";
import type { Limits } from "../runner/module_process.ts";
import { NewCell } from "../runner/new_cell.ts";
import { lateText, Pool } from "../runner/pool.ts";
import type { Specs } from "../runner/specs.ts";
import { type PlanFile, type PlanHead, plannedId } from "./plan_file.ts";
import { rangeOf, type ShardFolder } from "./shards.ts";

/** How to run shards. */
export interface SweepOptions {
  experiments: readonly Experiment[];
  specs: Specs;
  setting: Setting;
  digests: Digests;
  /** Cells to run at a time. */
  lanes: number;
  /** What foreign modules may take. */
  limits: Limits;
  signal: AbortSignal;
  /** Hears what a foreign module prints. */
  printed(module: string, line: string): void;
  /** Hears of each finished cell. */
  progress(): void;
}

/** Throws `Failure` unless this code is what the plan was made with. */
export function checkCode(
  { path, head: { code, version } }: PlanFile,
  digests: Digests,
): void {
  for (const [module, digest] of Object.entries(code)) {
    if (digests.code(module || undefined) === digest) continue;
    throw new Failure(
      `${path} was planned with other code (version ${version}` +
        `${module && `, ${module}`}): plan it again, or use that code`,
    );
  }
}

/** Computes those of `shards` that are not published; what failed. */
export async function runShards(
  plan: PlanFile,
  folder: ShardFolder,
  shards: Iterable<number>,
  options: SweepOptions,
): Promise<string[]> {
  const failures: string[] = [];
  using pool = new Pool({
    ...options,
    late: (module, why) => failures.push(lateText(module, why)),
  });
  for (const k of shards) {
    if (folder.has(k)) continue;
    const shard = new Shard(plan, folder, k, options);
    const before = failures.length;
    failures.push(...await shard.run(pool));
    if (failures.length === before) shard.publish();
  }
  return [...new Set(failures)];
}

/** A shard that is being computed. */
class Shard {
  readonly #folder: ShardFolder;
  readonly #k: number;
  readonly #options: SweepOptions;
  readonly #inputs: PlanHead["inputs"];
  readonly #jobs: readonly Job[];
  /** The cells that are running, and those that are finished, in a scratch file. */
  readonly #running = new Map<Job, NewCell>();
  readonly #finished: CellFile;
  readonly #stored = new Map<Job, Stored>();

  constructor(
    plan: PlanFile,
    folder: ShardFolder,
    k: number,
    options: SweepOptions,
  ) {
    this.#folder = folder;
    this.#k = k;
    this.#options = options;
    this.#inputs = plan.head.inputs;
    const { first, count } = rangeOf(folder.division, k);
    this.#jobs = [...plan.cells(first, count)].map(({ cell, id, ...key }) => {
      const job = this.#jobOf(key);
      const { module, fileNames: files } = job;
      const expected = plannedId(key, plan.head, {
        ...(module !== undefined && { module }),
        files,
      });
      if (id === expected) return { ...job, id };
      throw new Failure(
        `${plan.path}:${cell + 2}: its id is not that of the cell: plan again`,
      );
    });
    for (const experiment of options.experiments) {
      const own = this.#jobs.filter(({ key }) =>
        key.experiment === experiment.name
      );
      sift(own, experiment, options.specs);
    }
    this.#finished = new CellFile(folder.scratch());
  }

  #jobOf(key: CellKey): Job {
    const experiment = this.#options.experiments.find(({ name }) =>
      name === key.experiment
    );
    if (experiment) return jobOf(key, experiment, this.#options);
    throw new Failure(`There is no experiment ${key.experiment}`);
  }

  /** Computes it; what failed. */
  async run(pool: Pool): Promise<string[]> {
    try {
      await pool.run(this.#jobs.filter((job) => !isOver(job)), {
        rows: (job, piece) => this.#cellOf(job).write(piece),
        done: (job, answer) => this.#done(job, answer),
      });
    } catch (error) {
      this.#finished[Symbol.dispose]();
      throw error;
    } finally {
      for (const cell of this.#running.values()) cell.discard();
    }
    const { division: { shards } } = this.#folder;
    const failures = failuresOf(this.#jobs);
    if (failures.length > 0) this.#finished[Symbol.dispose]();
    return failures.map((line) => `Shard ${this.#k} of ${shards}: ${line}`);
  }

  #cellOf(job: Job): NewCell {
    const cell = this.#running.get(job) ??
      new NewCell(() => this.#folder.scratch());
    this.#running.set(job, cell);
    return cell;
  }

  #done(job: Job, answer: Answer): void {
    if ("unsuitable" in answer) job.unsuitable = answer.unsuitable;
    else if ("error" in answer) job.failed = failureText(job, answer);
    else this.#keep(job, answer);
    this.#running.get(job)?.discard();
    this.#running.delete(job);
    this.#options.progress();
  }

  #keep(job: Job, { kept }: Ran): void {
    const cell = this.#cellOf(job);
    const changed = Object.entries(kept.inputs).find(([path, digest]) =>
      this.#inputs[path] !== digest
    );
    if (changed) {
      const name = changed[0].replace("project:", "");
      job.failed = `${nameOf(job)}: ${name} is not what the plan was made with`;
    } else if (!cell.fits(kept)) job.failed = failureText(job, nonsense());
    else this.#stored.set(job, this.#finished.append(job.id, kept, cell));
  }

  /** Publishes it. */
  publish(): void {
    using finished = this.#finished;
    const none = new NewCell(() => this.#folder.scratch());
    for (const job of this.#jobs) {
      if (this.#stored.has(job)) continue;
      const kept: Kept = {
        ...job.key,
        workload: "",
        measures: {},
        inputs: {},
        tables: {},
        unsuitable: job.unsuitable!,
      };
      this.#stored.set(job, finished.append(job.id, kept, none));
    }
    this.#folder.publish(this.#k, (write) => {
      for (const job of this.#jobs) {
        finished.copy(this.#stored.get(job)!, write);
      }
    });
  }
}
