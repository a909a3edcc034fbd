/**
 * Five recorded programs: what real sequences of requests, with their phases
 * and their objects that die together, make of each allocator.
 *
 * @module
 */
import type { Experiment } from "../../experiment/experiment.ts";
import { HEAPS } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { readRep } from "../../traces/rep_reader.ts";

/** The declaration. */
export const recordedPrograms: Experiment = {
  name: "recorded_programs",
  question: "How much memory do real programs waste under each allocator?",
  claims: [],
  allocators: [...HEAPS, "buddy:page=16:orders=18"],
  parameters: {
    program: {
      summary: "the recorded program",
      values: {
        quick: ["python"],
        default: ["cc1", "perl", "sqlite", "bash", "python"],
      },
    },
  },
  headline: ["jw2_ratio", "jw4_ratio"],
  run(cell) {
    const file = `traces/${cell.text("program")}.rep.gz`;
    const trace = readRep(file, () => cell.data(file));
    return replayCell(cell, trace, { every: 2000 });
  },
  figures: [{
    title: "On every recorded program, size classes of 2^k and buddies " +
      "waste more than first, best and next fit or TLSF, which differ little.",
    table: "summary",
    x: "allocator",
    y: "jw4_ratio",
    series: "program",
    mark: "point",
    log: ["y"],
  }],
};
