/**
 * The traces of the benchmark, by name: synthetic ones with 10^4 live blocks
 * unless said otherwise, and the recorded programs.
 *
 * @module
 */
import { lottery } from "../experiments/conformance/conformance.ts";
import { parseLaw } from "../experiments/laws/distributions.ts";
import { Op, type Trace, TraceBuilder } from "../experiments/traces/trace.ts";
import { openTrace } from "../experiments/traces/open_trace.ts";

/** The recorded programs. */
export const PROGRAMS = ["cc1", "perl", "sqlite", "bash", "python"] as const;

/** The synthetic traces: sizes in bytes. */
const LAWS: Readonly<Record<string, string>> = {
  uniform: "uniform:1:1999",
  power: "power:2:8:32768",
  map: "constant:48",
};

/** Traces of threads in turn: how many, and operations of a turn at most. */
const THREADS: Readonly<Record<string, readonly [number, number]>> = {
  threads_8: [8, 16],
  threads_8_long_turns: [8, 2000],
  threads_64: [64, 16],
};

/** Those that are compared with the real malloc. */
export const THREADED: readonly string[] = [
  "threads_8",
  "threads_8_long_turns",
];

/**
 * Threads in turn, each with as many of the `live` blocks; every fourth victim
 * is another's.
 */
function turns(name: string, operations: number, live: number): Trace {
  const [threads, longest] = THREADS[name]!;
  const draw = lottery(1);
  const size = parseLaw("uniform:1:1999").sampler(draw);
  const trace = new TraceBuilder();
  const blocks = Array.from({ length: threads }, () => [] as number[]);
  const below = (n: number) => Math.floor(draw() * n);
  for (let t = 0; trace.length < operations; t = below(threads)) {
    trace.append(Op.THREAD, t + 1, 0, 0);
    const mine = blocks[t]!;
    for (let left = below(longest) + 1; left > 0; left--) {
      if (mine.length >= live / threads) {
        const whose = below(4) === 0 ? blocks[below(threads)]! : mine;
        if (whose.length === 0) continue;
        const victim = below(whose.length);
        trace.free(whose[victim]!);
        whose[victim] = whose.at(-1)!;
        whose.pop();
      } else mine.push(trace.malloc(size()));
    }
  }
  return trace.build(name);
}

/** Random victims among `live` blocks, `operations` requests in all. */
function churn(name: string, operations: number, live: number): Trace {
  const draw = lottery(1);
  const size = parseLaw(LAWS[name]!).sampler(draw);
  const trace = new TraceBuilder();
  const slots: number[] = [];
  while (slots.length < live) slots.push(trace.malloc(size()));
  while (trace.length < operations) {
    const victim = Math.floor(draw() * live);
    trace.free(slots[victim]!);
    slots[victim] = trace.malloc(size());
  }
  return trace.build(name);
}

/** Blocks of a recorded trace, kept in memory. */
async function recorded(name: string): Promise<Trace> {
  const path = new URL(`../data/traces/${name}.rep.gz`, import.meta.url);
  const trace = openTrace(name, async () => (await Deno.open(path)).readable);
  const builder = new TraceBuilder();
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      const { op, slot, size, extra } = block;
      builder.append(op[i]!, slot[i]!, size[i]!, extra[i]!);
    }
  }
  return builder.build(name);
}

/** The trace `name`; length and live blocks concern the synthetic ones. */
export function benchTrace(
  name: string,
  operations: number,
  live: number,
): Promise<Trace> {
  if (name in THREADS) return Promise.resolve(turns(name, operations, live));
  return name in LAWS
    ? Promise.resolve(churn(name, operations, live))
    : recorded(name);
}
