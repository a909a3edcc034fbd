/**
 * One side of the machine's benchmark, alone in its isolate.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import process from "node:process";
import { LinuxBuddy } from "../allocators/buddy/linux.ts";
import { parseSpec } from "../allocators/entry.ts";
import { Machine } from "../allocators/machine/machine.ts";
import { FlatSource, type PageSource } from "../allocators/pages.ts";
import { ALLOCATORS } from "../allocators/registry.ts";
import { lottery } from "../experiments/conformance/conformance.ts";
import { MachineRun } from "../experiments/replay/machine_run.ts";
import { replay, Session } from "../experiments/replay/replay.ts";
import type { Trace } from "../experiments/traces/trace.ts";
import { benchTrace } from "./bench_traces.ts";

/** Heaps, each in a process of its own or alone. */
const PROCESSES = 3;
/** Requests to each. */
const REQUESTS = 3_333_334;
/** Rows of a turn. */
const ROWS = 65_536;

/** What to measure. */
export interface Task {
  /** The machine, or the heaps alone. */
  machine: boolean;
  /** Live blocks of each heap. */
  live: number;
}

const traces = new Map<number, Trace>();

function glibc(source: PageSource) {
  const { entry, values } = parseSpec("glibc", ALLOCATORS);
  return entry.create(values, { source, draw: lottery(1) });
}

async function alone(trace: Trace): Promise<void> {
  for (let i = 0; i < PROCESSES; i++) {
    const source = new FlatSource();
    const session = new Session(glibc(source), source);
    await replay(trace, session, { every: 0, sink: () => {} });
  }
}

async function together(trace: Trace): Promise<void> {
  const run = new MachineRun(
    new Machine({
      ramBytes: 2 ** 32,
      zone: (pages) => new LinuxBuddy({ pages, pcp: 63 }),
    }),
  );
  for (let i = 0; i < PROCESSES; i++) {
    run.start({ name: `p${i}`, heap: glibc, trace });
  }
  await run.run(ROWS);
}

/** Nanoseconds of CPU time per request. */
async function measured({ machine, live }: Task): Promise<number> {
  const trace = traces.get(live) ??
    await benchTrace("uniform", REQUESTS, live);
  traces.set(live, trace);
  const before = process.cpuUsage();
  await (machine ? together(trace) : alone(trace));
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000 / (PROCESSES * REQUESTS);
}

self.onmessage = async ({ data }: MessageEvent<Task>) =>
  self.postMessage(await measured(data));
