/**
 * One subject of the benchmark, alone in its isolate: replays a trace of
 * uniform sizes with random victims on a new heap, and says what CPU time that
 * took.
 *
 * @module
 */
import process from "node:process";
import { parseSpec } from "../allocators/entry.ts";
import { FlatSource } from "../allocators/pages.ts";
import { ALLOCATORS } from "../allocators/registry.ts";
import { lottery } from "../experiments/harness/conformance.ts";
import { replay, Session } from "../experiments/harness/replay.ts";
import { type Trace, TraceBuilder } from "../experiments/harness/trace.ts";

/** What to run. */
export interface Task {
  /** Spec of the allocator. */
  spec: string;
  /** Requests, frees included. */
  operations: number;
  /** Blocks live after the ramp. */
  live: number;
  /** Operations between samples; 0: none but the last. */
  every: number;
}

const traces = new Map<string, Trace>();

function uniform({ operations, live }: Task): Trace {
  const draw = lottery(1);
  const trace = new TraceBuilder();
  const slots: number[] = [];
  const malloc = () => trace.malloc(1 + Math.floor(draw() * 1999));
  while (slots.length < live) slots.push(malloc());
  while (trace.length < operations) {
    const victim = Math.floor(draw() * live);
    trace.free(slots[victim]!);
    slots[victim] = malloc();
  }
  return trace.build("uniform");
}

async function run(task: Task): Promise<number> {
  const key = `${task.operations}/${task.live}`;
  const trace = traces.get(key) ?? uniform(task);
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
  return (user + system) * 1000 / session.op;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Task>) => void;
  postMessage(nanoseconds: number): void;
};
scope.onmessage = async ({ data }) => scope.postMessage(await run(data));
