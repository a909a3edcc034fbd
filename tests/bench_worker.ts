/**
 * One subject of the benchmark, alone in its isolate: replays a trace on a new
 * heap, and says what CPU time that took.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import process from "node:process";
import { parseSpec } from "../allocators/entry.ts";
import { FlatSource } from "../allocators/pages.ts";
import { ALLOCATORS } from "../allocators/registry.ts";
import { lottery } from "../experiments/conformance/conformance.ts";
import { replay, Session } from "../experiments/replay/replay.ts";
import type { Trace } from "../experiments/traces/trace.ts";
import { benchTrace } from "./bench_traces.ts";

/** What to run. */
export interface Task {
  /** Spec of the allocator. */
  spec: string;
  /** Name of the trace. */
  trace: string;
  /** Requests, frees included. */
  operations: number;
  /** Blocks live after the ramp. */
  live: number;
  /** Operations between samples; 0: none but the last. */
  every: number;
}

/** What it took. */
export interface Timed {
  /** Operations replayed. */
  operations: number;
  /** CPU time of all of them, in nanoseconds. */
  nanoseconds: number;
}

const traces = new Map<string, Trace>();

async function run(task: Task): Promise<Timed> {
  const key = `${task.trace}/${task.operations}/${task.live}`;
  const trace = traces.get(key) ??
    await benchTrace(task.trace, task.operations, task.live);
  traces.set(key, trace);
  const { entry, values } = parseSpec(task.spec, ALLOCATORS);
  const source = new FlatSource();
  const session = new Session(
    entry.create(values, { source, draw: lottery(1) }),
    source,
  );
  const before = process.cpuUsage();
  await replay(trace, session, { every: task.every, sink: () => {} });
  const { user, system } = process.cpuUsage(before);
  return { operations: session.op, nanoseconds: (user + system) * 1000 };
}

self.onmessage = async ({ data }: MessageEvent<Task>) =>
  self.postMessage(await run(data));
