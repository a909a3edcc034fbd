/**
 * Replaying the user's own traces, as an experiment: what `replay` runs.
 *
 * @module
 */
import {
  type Cell,
  type Experiment,
  type Outcome,
  SAMPLES,
} from "../experiment/experiment.ts";
import { replayCell } from "../experiment/outcome.ts";
import { replayPagesCell } from "../experiment/page_outcome.ts";
import { checkOffers } from "../replay/needs.ts";
import { TOUCH_POLICIES } from "../replay/replay.ts";
import { count } from "../measures/columns.ts";
import { openTrace } from "../traces/open_trace.ts";
import type { Trace } from "../traces/trace.ts";

/** The value of `pid` that takes the only process of a log. */
export const ONLY = "only";

/** One cell per trace and allocator; the command sets all values. */
export const replayExperiment: Experiment = {
  name: "replay",
  question: "What does this program's memory look like under each allocator?",
  claims: [],
  random: false,
  allocators: [],
  parameters: {
    trace: {
      summary: "file with the requests; - is standard input",
      values: { default: ["-"] },
    },
    sample: {
      summary: "operations between samples; 0: phase marks and end only",
      values: { default: [1000] },
    },
    touch: {
      summary: "payload written when it is allocated: none, first byte, all",
      values: { default: ["all"] },
    },
    pid: {
      summary: "processes whose calls are taken from a log; only: there is one",
      values: { default: [ONLY] },
    },
  },
  files: ["trace"],
  columns: [
    count(
      "left_out_calls",
      "call",
      "Frees of blocks whose allocation the file does not show: left out.",
    ),
    count(
      "refused_requests",
      "request",
      "Requests that were refused when they were recorded: left out.",
    ),
  ],
  headline: ["operations", "left_out_calls", "jw3_ratio", "jw4_ratio"],
  figures: [{
    title: "What the program holds over time, by allocator.",
    table: SAMPLES,
    x: "op",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
    facet: "trace",
  }],
  async run(cell) {
    const name = cell.text("trace");
    const pid = cell.text("pid");
    const trace = openTrace(name, () => cell.open(name), {
      holds: "any",
      ...(pid !== ONLY && { pids: pid.split("+").map(Number) }),
    });
    const { holds } = await trace.format();
    const every = cell.number("sample");
    const outcome = holds === "pages"
      ? await replayPagesCell(cell, trace, every)
      : await replayBytes(cell, trace, every);
    if (trace.leftOut > 0) outcome.measures.left_out_calls = trace.leftOut;
    if (trace.refused > 0) outcome.measures.refused_requests = trace.refused;
    return outcome;
  },
};

async function replayBytes(
  cell: Cell,
  trace: Trace,
  every: number,
): Promise<Outcome> {
  await checkOffers(trace, cell.offers());
  const source = cell.memory();
  const touch = TOUCH_POLICIES.find((name) => name === cell.text("touch"))!;
  return await replayCell(cell, trace, { every, touch, source, stream: true });
}
