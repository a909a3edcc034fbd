/**
 * Replays of one trace under several allocators: here, and at the same time in
 * workers that share the trace.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import { Unsuitable } from "../replay/unsuitable.ts";
import { nextTurn } from "../runner/turn.ts";
import type { Trace } from "../traces/trace.ts";
import type { WholeTrace } from "../traces/whole.ts";
import { type Curve, curveOf, type Replay } from "./curve.ts";
import type { Answer, Job, SentTrace } from "./worker.ts";

/** Jobs that a worker has at a time: the next one is there when one is done. */
const AHEAD = 2;

/** A job that somebody waits for. */
interface Task extends PromiseWithResolvers<Curve> {
  spec: Spec;
  replay: Replay;
}

/** Somebody who replays. */
interface Lane {
  /** Allocator of the last job: its code has been compiled here. */
  entry?: Spec["entry"];
}

/** A worker, and what it has to do. */
interface WorkerLane extends Lane {
  worker: Worker;
  tasks: Task[];
}

/** Replays one trace. */
export class Replays implements Disposable {
  #trace: Trace | undefined;
  readonly #waiting: Task[] = [];
  readonly #here: Lane = {};
  readonly #workers: WorkerLane[];

  /**
   * Starts so many workers. They know the registry and no modules of the user.
   */
  constructor(workers = 0) {
    this.#workers = Array.from({ length: workers }, () => this.#started());
  }

  /** The trace is `trace`, which is not shared with workers. */
  replayHere(trace: Trace): this {
    this[Symbol.dispose]();
    this.#workers.length = 0;
    this.#trace = trace;
    return this;
  }

  /** The trace is `trace`, whose blocks lie in shared memory. */
  replayEverywhere(trace: WholeTrace): this {
    const { name, names } = trace;
    const sent: SentTrace = { name, names: [...names], blocks: trace.blocks() };
    for (const { worker } of this.#workers) worker.postMessage(sent);
    this.#trace = trace;
    return this;
  }

  /** Replays it here and now. */
  now(spec: Spec, replay: Replay): Promise<Curve> {
    this.#here.entry = spec.entry;
    return curveOf(this.#trace!, spec, replay);
  }

  /**
   * Replays it when there is a worker for it, or at the latest when `finish` is
   * called; rejects with what the replay throws.
   */
  later(spec: Spec, replay: Replay): Promise<Curve> {
    const task = { spec, replay, ...Promise.withResolvers<Curve>() };
    this.#waiting.push(task);
    for (const lane of this.#workers) this.#feed(lane);
    return task.promise;
  }

  /** Replays here, too, until all is begun. */
  async finish(): Promise<void> {
    for (let task; (task = this.#taken(this.#here));) {
      const { spec, replay, resolve, reject } = task;
      await this.now(spec, replay).then(resolve, reject);
      await nextTurn();
    }
  }

  [Symbol.dispose](): void {
    for (const { worker } of this.#workers) worker.terminate();
  }

  #started(): WorkerLane {
    const url = new URL("./worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    const lane: WorkerLane = { worker, tasks: [] };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const { resolve, reject } = lane.tasks.shift()!;
      if ("curve" in data) resolve(data.curve);
      else reject(errorOf(data));
      this.#feed(lane);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lost(lane);
    };
    return lane;
  }

  /** A worker has failed and answers no more: its jobs are done here. */
  #lost(lane: WorkerLane): void {
    lane.worker.terminate();
    this.#workers.splice(this.#workers.indexOf(lane), 1);
    for (const { spec, replay, resolve, reject } of lane.tasks.splice(0)) {
      this.now(spec, replay).then(resolve, reject);
    }
  }

  #feed(lane: WorkerLane): void {
    while (lane.tasks.length < AHEAD) {
      const task = this.#taken(lane);
      if (!task) return;
      lane.tasks.push(task);
      const job: Job = { spec: task.spec.text, replay: task.replay };
      lane.worker.postMessage(job);
    }
  }

  /** What `lane` should do next: its allocator goes on, else one from the end. */
  #taken(lane: Lane): Task | undefined {
    const waiting = this.#waiting;
    const same = waiting.findIndex(({ spec }) => spec.entry === lane.entry);
    const [task] = waiting.splice(same, 1);
    lane.entry = task?.spec.entry ?? lane.entry;
    return task;
  }
}

/** The error that a worker met, of its own kind. */
function errorOf({ error, message }: { error: string; message: string }) {
  const kinds = { RangeError, SyntaxError, Unsuitable };
  const Kind = kinds[error as keyof typeof kinds] ?? Error;
  return new Kind(message);
}
