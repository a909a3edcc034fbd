/**
 * Half of the memory is free and no longer block fits: either every second
 * block is live (then no allocator can help), or free pairs of blocks straddle
 * the border between buddies (then only the buddy system cannot use them).
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import {
  difference,
  exactly,
  largest,
  lectureNotes,
  mean,
} from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf, reusedRatio } from "../../measures/phases.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { CHECKERBOARD } from "../../workloads/buddy_pathologies.ts";

const STRADDLE = { pattern: "straddle" };

/** The declaration. */
export const buddyCheckerboard: Experiment = {
  name: "buddy_checkerboard",
  question: "Can half of the memory be free and still serve nothing larger?",
  claims: [{
    id: "checkerboard",
    statement: "With every second block live, no allocator serves a request " +
      "of twice the length from free memory: largest share served.",
    source: "arithmetic",
    measured: largest("reused_ratio", { pattern: "alternate" }),
    expected: exactly(0),
  }, {
    id: "buddy-strict",
    statement: "Only buddies may merge, so that free neighbours serve first " +
      "fit but not the buddy system: difference of the shares served.",
    source: lectureNotes("drawbacks of the buddy system"),
    measured: difference(
      mean("reused_ratio", { allocator: "first_fit", ...STRADDLE }),
      mean("reused_ratio", { allocator: "buddy", ...STRADDLE }),
    ),
    expected: exactly(1),
  }],
  random: false,
  allocators: ["buddy", "first_fit", "best_fit", "kingsley", "tlsf"],
  parameters: {
    mebibytes: {
      summary: "memory in use at first, MiB",
      values: { quick: [16], default: [64], full: [1024] },
    },
    order: {
      summary: "order of the blocks; requests are one order higher",
      values: { default: [0, 3, 6, 9], quick: [0, 6] },
    },
    pattern: {
      summary: "which half is free; alternate: every second block, straddle: " +
        "pairs of neighbours that are not buddies",
      values: { default: ["alternate", "straddle"] },
    },
  },
  columns: [
    ratio("reused_ratio", "Share of the requests served without growing."),
  ],
  headline: ["reused_ratio"],
  async run(cell) {
    const trace = await workloadTrace(cell, CHECKERBOARD);
    const outcome = await replayCell(cell, trace);
    outcome.measures.reused_ratio = reusedRatio(
      atEndOf("free", outcome.samples),
      atEndOf("request", outcome.samples),
    );
    return outcome;
  },
  figures: [{
    title:
      "Share of the requests that free memory serves, by order and by which half is free.",
    table: "summary",
    x: "order",
    y: "reused_ratio",
    series: "allocator",
    mark: "cells",
    facet: "pattern",
  }],
};
