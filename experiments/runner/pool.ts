/**
 * Workers that run cells, one in each lane.
 *
 * What a cell results in depends neither on its worker nor on what that worker
 * ran before; the order only saves time.
 *
 * @module
 */
import type { CellKey } from "../experiment/experiment.ts";
import { Interrupted } from "./failure.ts";
import type { Setting } from "./files.ts";
import type { Job } from "./job.ts";
import { Queue } from "./queue.ts";
import type { Answer } from "./worker.ts";

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
  const queue = new Queue(jobs);
  const workers: Worker[] = [];
  let over = false;
  const lane = async (_: unknown, number: number) => {
    for (let job; !over && (job = queue.take(number));) {
      const worker = workers[number] ??= newWorker(setting);
      const answer = await ask(worker, job.key);
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
    for (const worker of workers) worker.terminate();
  }
}

function newWorker(setting: Setting): Worker {
  const url = new URL("./worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  worker.postMessage(setting);
  return worker;
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
