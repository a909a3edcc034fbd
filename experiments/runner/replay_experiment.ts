/**
 * Replaying the user's own traces, as an experiment: what `replay` runs.
 *
 * @module
 */
import { type Experiment, SAMPLES } from "../experiment/experiment.ts";
import type { Open } from "../traces/lines.ts";
import { replayCell } from "../experiment/outcome.ts";
import { replayPagesCell } from "../experiment/page_outcome.ts";
import type { Trace } from "../traces/trace.ts";
import { isPagesName, openPages } from "../traces/open_pages.ts";
import { openTrace } from "../traces/open_trace.ts";

/** The trace in a file; its name says whether it asks for pages or for bytes. */
export function openAnyTrace(name: string, open: Open): Trace {
  return isPagesName(name) ? openPages(name, open) : openTrace(name, open);
}

/** One cell per trace and allocator; the command sets all values. */
export const replayExperiment: Experiment = {
  name: "replay",
  question: "What does this program's memory look like under each allocator?",
  claims: [],
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
  },
  headline: ["operations", "jw3_ratio", "jw4_ratio"],
  figures: [{
    title: "What the program holds over time, by allocator.",
    table: SAMPLES,
    x: "op",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
    facet: "trace",
  }],
  run(cell) {
    const name = cell.text("trace");
    const trace = openAnyTrace(name, () => cell.open(name));
    const every = cell.number("sample");
    return isPagesName(name)
      ? replayPagesCell(cell, trace, every)
      : replayCell(cell, trace, { every });
  },
};
