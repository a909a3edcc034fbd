/**
 * Replaying the user's own traces, as an experiment: what `replay` runs.
 *
 * @module
 */
import { type Experiment, SAMPLES } from "../experiment/experiment.ts";
import { replayCell } from "../experiment/outcome.ts";
import { replayPagesCell } from "../experiment/page_outcome.ts";
import { checkOffers } from "../replay/needs.ts";
import { TOUCH_POLICIES } from "../replay/replay.ts";
import { openTrace } from "../traces/open_trace.ts";

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
  async run(cell) {
    const name = cell.text("trace");
    const pid = cell.text("pid");
    const trace = openTrace(name, () => cell.open(name), {
      holds: "any",
      ...(pid !== ONLY && { pids: pid.split("+").map(Number) }),
    });
    const { holds } = await trace.format();
    const every = cell.number("sample");
    if (holds === "pages") return await replayPagesCell(cell, trace, every);
    await checkOffers(trace, cell.offers());
    const source = cell.memory();
    const touch = TOUCH_POLICIES.find((name) => name === cell.text("touch"))!;
    return await replayCell(cell, trace, { every, touch, source });
  },
};
