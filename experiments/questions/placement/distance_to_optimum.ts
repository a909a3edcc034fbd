/**
 * How far each allocator is from what no allocator can beat: its largest
 * footprint over most live bytes, on every recorded program.
 *
 * Beside it, what an allocator that neither moves blocks nor has overheads can
 * be sure of for these sizes (Robson's bound for blocks up to the longest
 * request, a worst case), so that "near the optimum" has a scale.
 *
 * @module
 */
import { count, ratio } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { Op, type Trace } from "../../traces/trace.ts";
import { PROGRAM, PROGRAMS, recordedTrace } from "../../workloads/recorded.ts";

const BEST_FIT = pure("best_fit");

/** Furthest from the optimum of the programs; undefined unless all of them ran. */
function furthest(cells: readonly Finished[]): number | undefined {
  const each = PROGRAMS.map((program) =>
    meanOf(cells, "distance", { allocator: BEST_FIT, program })
  );
  return each.includes(undefined) ? undefined : Math.max(...each as number[]);
}

/** The declaration. */
export const distanceToOptimum: Experiment = {
  name: "distance_to_optimum",
  question: "How much could a perfect allocator still save?",
  claims: [{
    id: "optimum-best-fit",
    statement: "Without overheads best fit is within 10 % of the optimum on " +
      "every recorded program: the largest heap/most live bytes.",
    source: "measured",
    measured: furthest,
    expected: { text: "below 1.1", holds: (m) => m < 1.1 },
  }],
  allocators: [
    BEST_FIT,
    "tlsf",
    "kingsley",
    "buddy:page=16:orders=18",
    "glibc",
  ],
  parameters: PROGRAM,
  columns: [
    ratio("distance", "Largest footprint over most live bytes; 1 is perfect."),
    ratio(
      "worst_distance",
      "Robson's bound for blocks up to the longest request: 1/2 log2 n + 1.",
    ),
    count("longest_bytes", "byte", "The longest request."),
  ],
  headline: ["distance", "worst_distance"],
  async run(cell) {
    const trace = recordedTrace(cell);
    const outcome = await replayCell(cell, trace, { every: 5000 });
    const { measures } = outcome;
    const longest = await longestOf(trace);
    measures.distance = measures.jw4_ratio! + 1;
    measures.longest_bytes = longest;
    measures.worst_distance = Math.log2(longest) / 2 + 1;
    return outcome;
  },
  figures: [{
    title: "Largest heap over most live bytes; 1 is perfect.",
    table: "summary",
    x: "allocator",
    y: "distance",
    series: "program",
    mark: "point",
  }],
};

async function longestOf(trace: Trace): Promise<number> {
  let longest = 1;
  for await (const { op, size, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      if (op[i]! <= Op.MEMALIGN) longest = Math.max(longest, size[i]!);
    }
  }
  return longest;
}
