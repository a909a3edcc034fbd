/**
 * Replays of one trace under several allocators: in workers that share it, or
 * here, one after the other, where it is too long to be kept.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import { Unsuitable } from "../replay/unsuitable.ts";
import type { Trace } from "../traces/trace.ts";
import type { WholeTrace } from "../traces/whole.ts";
import { type Curve, curveOf, type Replay } from "./curve.ts";
import type { Answer, Job, SentTrace } from "./worker.ts";

/** Who replays. */
export interface Replays extends Disposable {
  /** Replays the trace; rejects with what the replay throws. */
  run(spec: Spec, replay: Replay): Promise<Curve>;
}

/** Replays `trace` here. */
export function replaysHere(trace: Trace): Replays {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(spec, replay) {
      const curve = last.then(() => curveOf(trace, spec, replay));
      last = curve.catch(() => {});
      return curve;
    },
    [Symbol.dispose]() {},
  };
}

/**
 * Replays `trace`, whose blocks lie in shared memory, in `lanes` workers. They
 * know the registry and no modules of the user.
 */
export function replaysInWorkers(trace: WholeTrace, lanes: number): Replays {
  const waiting: (Job & PromiseWithResolvers<Curve>)[] = [];
  const workers: Worker[] = [];
  const idle: Worker[] = [];
  const sent: SentTrace = {
    name: trace.name,
    names: [...trace.names],
    blocks: trace.blocks(),
  };
  const next = () => {
    const job = waiting[0];
    const worker = job && (idle.pop() ?? added());
    if (!job || !worker) return;
    waiting.shift();
    const { promise: _, resolve, reject, ...message } = job;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      idle.push(worker);
      if ("curve" in data) resolve(data.curve);
      else reject(errorOf(data));
      next();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(message);
  };
  const added = () => {
    if (workers.length >= lanes) return undefined;
    const url = new URL("./worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    worker.postMessage(sent);
    workers.push(worker);
    return worker;
  };
  return {
    run({ text }, replay) {
      const job = { spec: text, replay, ...Promise.withResolvers<Curve>() };
      waiting.push(job);
      next();
      return job.promise;
    },
    [Symbol.dispose]() {
      for (const worker of workers) worker.terminate();
    },
  };
}

/** The error that a worker met, of its own kind. */
function errorOf({ error, message }: { error: string; message: string }) {
  const kinds = { RangeError, SyntaxError, Unsuitable };
  const Kind = kinds[error as keyof typeof kinds] ?? Error;
  return new Kind(message);
}
