/**
 * Five recorded programs: how each allocator copes with real sequences of
 * requests, with their phases and objects that die together.
 *
 * @module
 */
import type { Experiment } from "../../experiment/experiment.ts";
import { HEAPS } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { PROGRAM, recordedTrace } from "../../workloads/recorded.ts";

/** The declaration. */
export const recordedPrograms: Experiment = {
  name: "recorded_programs",
  question: "How much memory do real programs waste under each allocator?",
  claims: [],
  random: false,
  allocators: [...HEAPS, "buddy:page=16:orders=18"],
  parameters: PROGRAM,
  headline: ["jw2_ratio", "jw4_ratio"],
  run: async (cell) =>
    replayCell(cell, await recordedTrace(cell), { every: 2000 }),
  figures: [{
    title:
      "Waste of recorded programs: largest heap over most live bytes, less 1.",
    table: "summary",
    x: "allocator",
    y: "jw4_ratio",
    series: "program",
    mark: "point",
    log: ["y"],
  }],
};
