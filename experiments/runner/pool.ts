/**
 * Workers that run cells.
 *
 * A worker only ever runs cells of one class (an allocator's name), and waits
 * for more of them when it is idle. Each lane takes the next cell in the order
 * of the experiments, preferring a class that has an idle worker, then one
 * that has none at all. What a cell results in does not depend on any of this.
 *
 * @module
 */
import type { CellKey } from "../experiment/experiment.ts";
import { Interrupted } from "./failure.ts";
import type { Setting } from "./files.ts";
import type { Job } from "./job.ts";
import type { Answer } from "./worker.ts";

/** Idle workers that wait for more cells of their class; others are ended. */
const IDLE = 12;

/** How to run jobs. */
export interface PoolOptions {
  /** Cells to run at a time. */
  lanes: number;
  /** What workers are told first. */
  setting: Setting;
  /** Ends everything. */
  signal: AbortSignal;
  /** Receives each answer; what it throws ends everything. */
  done(job: Job, answer: Answer): void;
}

/** Runs all of `jobs`; the first error ends everything. */
export async function runJobs(
  jobs: readonly Job[],
  { lanes, setting, signal, done }: PoolOptions,
): Promise<void> {
  const pool = new Pool(setting);
  const queue = new Queue(jobs);
  let over = false;
  const lane = async () => {
    for (let job; !over && (job = queue.take(pool));) {
      const answer = await pool.run(job);
      if (!over) done(job, answer);
    }
  };
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(new Interrupted("Interrupted"));
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) stop();
    const all = Promise.all(Array.from({ length: lanes }, lane));
    await Promise.race([all, stopped.promise]);
  } finally {
    over = true;
    signal.removeEventListener("abort", stop);
    pool.close();
  }
}

/** Jobs by experiment and class, in order. */
class Queue {
  readonly #experiments: Map<string, Map<string, Job[]>>;

  constructor(jobs: readonly Job[]) {
    const experiments = Map.groupBy(jobs, ({ key }) => key.experiment);
    this.#experiments = new Map(
      [...experiments].map((
        [name, all],
      ) => [name, Map.groupBy(all, ({ group }) => group)]),
    );
  }

  /** Removes the job to run next; undefined if there is none. */
  take(pool: Pool): Job | undefined {
    for (const [name, groups] of this.#experiments) {
      const names = [...groups.keys()];
      const group = names.find((g) => pool.hasIdle(g)) ??
        names.find((g) => !pool.hasBusy(g)) ?? names[0]!;
      const jobs = groups.get(group)!;
      const job = jobs.shift();
      if (jobs.length === 0) groups.delete(group);
      if (groups.size === 0) this.#experiments.delete(name);
      return job;
    }
  }
}

/** A worker and the class of its cells. */
interface Hand {
  group: string;
  worker: Worker;
}

class Pool {
  readonly #setting: Setting;
  /** Longest idle first. */
  readonly #idle: Hand[] = [];
  readonly #busy = new Set<Hand>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  hasIdle(group: string): boolean {
    return this.#idle.some((hand) => hand.group === group);
  }

  hasBusy(group: string): boolean {
    return [...this.#busy].some((hand) => hand.group === group);
  }

  async run({ key, group }: Job): Promise<Answer> {
    const hand = this.#hand(group);
    this.#busy.add(hand);
    const answer = await ask(hand.worker, key);
    this.#busy.delete(hand);
    this.#idle.push(hand);
    return answer;
  }

  close(): void {
    for (const { worker } of [...this.#idle, ...this.#busy]) worker.terminate();
  }

  /** An idle worker of `group`, or a new one. */
  #hand(group: string): Hand {
    const at = this.#idle.findLastIndex((hand) => hand.group === group);
    if (at >= 0) return this.#idle.splice(at, 1)[0]!;
    if (this.#idle.length >= IDLE) this.#idle.shift()!.worker.terminate();
    const url = new URL("./worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module", name: group });
    worker.postMessage(this.#setting);
    return { group, worker };
  }
}

/** The worker's answer; rejects if the worker itself breaks. */
function ask(worker: Worker, key: CellKey): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(key);
  });
}
