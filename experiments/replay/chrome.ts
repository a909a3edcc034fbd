/**
 * A replay as counters in the JSON form of Chrome's traces, which
 * chrome://tracing and Perfetto's ui.perfetto.dev show. Times are microseconds:
 * those of the trace if it has times, else its operations. Phases are instants.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";
import type { Curve } from "./curve.ts";

/** Points of one file at most. */
export const COUNTERS = 4000;

const PROCESS = { pid: 1, tid: 1 };

/** The file. */
export function chromeText(
  trace: Trace,
  heap: string,
  { points, timed, phases }: Curve,
): string {
  const ts = ({ micros, op }: { micros: number; op: number }) =>
    timed ? micros : op;
  const events = [
    {
      name: "process_name",
      ph: "M",
      ...PROCESS,
      args: { name: `${trace.name} under ${heap}` },
    },
    ...points.map((point) => ({
      name: "heap",
      ph: "C",
      ts: ts(point),
      ...PROCESS,
      args: {
        requested_bytes: point.requested,
        other_bytes: Math.max(0, point.footprint - point.requested),
      },
    })),
    ...phases.map((phase) => ({
      name: phase.name,
      ph: "i",
      s: "p",
      ts: ts(phase),
      ...PROCESS,
    })),
  ];
  const lines = events.map((event) => JSON.stringify(event)).join(",\n");
  return `{"displayTimeUnit":"ms","traceEvents":[\n${lines}\n]}\n`;
}
