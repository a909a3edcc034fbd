/**
 * How far each allocator is from the limit that no allocator can beat: its
 * largest footprint over the most live bytes, on every recorded program.
 *
 * Robson's bound for blocks up to the longest request puts the number in
 * perspective: it is the most that an allocator without overhead can need in
 * the worst case if it does not move blocks.
 *
 * @module
 */
import { count, ratio } from "../../measures/columns.ts";
import { below, combine, mean } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { longestIn } from "../../traces/requests.ts";
import { PROGRAM, PROGRAMS, recordedTrace } from "../../workloads/recorded.ts";

const BEST_FIT = pure("best_fit");

/** The declaration. */
export const distanceToOptimum: Experiment = {
  name: "distance_to_optimum",
  question: "How much memory could a perfect allocator still save?",
  claims: [{
    id: "optimum-best-fit",
    statement:
      "Best fit without overhead stays within 10 % of the optimum on " +
      "every recorded program: largest heap over most live bytes, worst " +
      "program.",
    source: "measured",
    measured: combine(
      Math.max,
      ...PROGRAMS.map((program) =>
        mean("distance", { allocator: BEST_FIT, program })
      ),
    ),
    expected: below(1.1),
  }],
  random: false,
  allocators: [
    BEST_FIT,
    "tlsf",
    "kingsley",
    "buddy:page=16:orders=18",
    "glibc",
  ],
  parameters: PROGRAM,
  columns: [
    ratio("distance", "Largest footprint over most live bytes; 1 is optimal."),
    ratio(
      "worst_distance",
      "Robson's bound on the distance of any policy: 1/2 log2 n + 1, n being the " +
        "longest request in bytes.",
    ),
    count("longest_bytes", "byte", "Longest request."),
  ],
  headline: ["distance", "worst_distance"],
  async run(cell) {
    const trace = await recordedTrace(cell);
    const outcome = await replayCell(cell, trace, { every: 5000 });
    const { measures } = outcome;
    const longest = await longestIn(trace);
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
    log: ["y"],
  }],
};
