/**
 * Half of the memory is free and no longer block fits: either every second
 * block is live (then nobody can help), or free pairs lie across the border of
 * buddies (then only the buddy system is helpless).
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
} from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf, reusedRatio } from "../../measures/phases.ts";
import { prng } from "../../laws/prng.ts";
import { CHECKERBOARD } from "../../workloads/buddy_pathologies.ts";

/** Mean share of requests that free pairs serve. */
function reused(
  cells: readonly Finished[],
  allocator: string,
): number | undefined {
  return meanOf(cells, "reused_ratio", { allocator, pattern: "straddle" });
}

/** The declaration. */
export const buddyCheckerboard: Experiment = {
  name: "buddy_checkerboard",
  question: "Can half of the memory be free and still serve nothing larger?",
  claims: [{
    id: "checkerboard",
    statement: "With every second block live, no allocator serves twice the " +
      "length from free memory; the largest share that one serves is 0.",
    source: "arithmetic",
    measured(cells) {
      const shares = cells
        .filter(({ parameters }) => parameters.pattern === "alternate")
        .map(({ measures }) => measures.reused_ratio!);
      return shares.length > 0 ? Math.max(...shares) : undefined;
    },
    expected: { value: 0, tolerance: 0 },
  }, {
    id: "buddy-strict",
    statement: "Only buddies may merge: free neighbours serve first fit, but " +
      "not the buddy system; the shares differ by 1.",
    source: "seed document",
    measured(cells) {
      const buddy = reused(cells, "buddy");
      const firstFit = reused(cells, "first_fit");
      if (buddy === undefined || firstFit === undefined) return undefined;
      return firstFit - buddy;
    },
    expected: { value: 1, tolerance: 0 },
  }],
  random: false,
  allocators: ["buddy", "first_fit", "best_fit", "kingsley", "tlsf"],
  parameters: {
    mebibytes: {
      summary: "memory in use at first, MiB",
      values: { quick: [16], default: [64], full: [1024] },
    },
    order: {
      summary: "order of the blocks; requests are of the next",
      values: { default: [0, 3, 6, 9], quick: [0, 6] },
    },
    pattern: {
      summary: "which half is free: every second block, or pairs of no buddies",
      values: { default: ["alternate", "straddle"] },
    },
  },
  columns: [
    ratio("reused_ratio", "Share of the blocks asked for that need no growth."),
  ],
  headline: ["reused_ratio"],
  async run(cell) {
    const trace = CHECKERBOARD.build(cell.parameters, prng(cell.seed));
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
