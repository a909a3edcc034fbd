/**
 * The traces of the benchmark, by name: synthetic ones with 10^4 live blocks
 * unless said otherwise, and the recorded programs.
 *
 * @module
 */
import { lottery } from "../experiments/conformance/conformance.ts";
import { parseLaw } from "../experiments/laws/distributions.ts";
import { type Trace, TraceBuilder } from "../experiments/traces/trace.ts";
import { openTrace } from "../experiments/traces/open_trace.ts";

/** The recorded programs. */
export const PROGRAMS = ["cc1", "perl", "sqlite", "bash", "python"] as const;

/** The synthetic traces: sizes in bytes. */
const LAWS: Readonly<Record<string, string>> = {
  uniform: "uniform:1:1999",
  power: "power:2:8:32768",
  map: "constant:48",
};

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
  return name in LAWS
    ? Promise.resolve(churn(name, operations, live))
    : recorded(name);
}
