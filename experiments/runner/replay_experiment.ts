/**
 * Replaying the user's own traces, as an experiment: what `replay` runs.
 *
 * @module
 */
import type { Experiment } from "../harness/experiment.ts";
import { replayCell } from "../harness/outcome.ts";
import { replayPagesCell } from "../harness/page_outcome.ts";
import { isPagesName, openPages } from "../importers/open_pages.ts";
import { openTrace } from "../importers/open_trace.ts";

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
    table: "",
    x: "op",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
    facet: "trace",
  }],
  run(cell) {
    const name = cell.text("trace");
    if (isPagesName(name)) {
      const trace = openPages(name, () => cell.open(name));
      return replayPagesCell(cell, trace, cell.number("sample"));
    }
    const trace = openTrace(name, () => cell.open(name));
    return replayCell(cell, trace, { every: cell.number("sample") });
  },
};
