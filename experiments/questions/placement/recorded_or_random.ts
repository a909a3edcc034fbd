/**
 * Each recorded program beside its random twin: requests with the same sizes
 * and lifetimes, drawn independently. What differs is order alone: phases, and
 * objects that die together.
 *
 * @module
 */
import {
  type Cell,
  type Experiment,
  type Finished,
  meanOf,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import { readRep } from "../../traces/rep_reader.ts";
import type { Trace } from "../../traces/trace.ts";
import { lifetimeChurn } from "../../workloads/churn.ts";
import { observe } from "../../workloads/observed.ts";

const FIRST_FIT = pure("first_fit");
const BEST_FIT = pure("best_fit");
const NEXT_FIT = pure("next_fit");
const PROGRAMS = ["cc1", "perl", "sqlite", "bash", "python"];

/** Mean waste over the five programs; undefined unless all of them ran. */
function waste(
  cells: readonly Finished[],
  allocator: string,
  requests: string,
): number | undefined {
  const each = PROGRAMS.map((program) =>
    meanOf(cells, "jw4_ratio", { allocator, requests, program })
  );
  let sum = 0;
  for (const one of each) {
    if (one === undefined) return undefined;
    sum += one / each.length;
  }
  return sum;
}

async function traceOf(cell: Cell): Promise<Trace> {
  const file = `traces/${cell.text("program")}.rep.gz`;
  const recorded = readRep(file, () => cell.data(file));
  switch (cell.text("requests")) {
    case "recorded":
      return recorded;
    case "random": {
      const { sizes, lifetimes, objects } = await observe(recorded);
      const draw = prng(cell.seed);
      return lifetimeChurn({ sizes, lifetimes, ticks: objects }, draw);
    }
  }
  throw new RangeError(
    `requests expects recorded or random, not "${cell.text("requests")}"`,
  );
}

/** The declaration. */
export const recordedOrRandom: Experiment = {
  name: "recorded_or_random",
  question: "Does random churn waste as much as the program it was taken from?",
  claims: [{
    id: "jw-best-fit",
    statement: "Best fit wastes next to nothing on real programs: mean of " +
      "largest heap over most live bytes - 1.",
    source: "Johnstone and Wilson 1998 (recalled)",
    measured: (cells) => waste(cells, BEST_FIT, "recorded"),
    expected: { text: "below 0.05", holds: (m) => m < 0.05 },
  }, {
    id: "jw-first-fit",
    statement: "First fit wastes next to nothing on real programs: the same.",
    source: "Johnstone and Wilson 1998 (recalled)",
    measured: (cells) => waste(cells, FIRST_FIT, "recorded"),
    expected: { text: "below 0.05", holds: (m) => m < 0.05 },
  }, {
    id: "random-misleads",
    statement: "Random sizes and lifetimes hide what matters: with those of " +
      "a program, next fit wastes this many times what it does on the program.",
    source: "Wilson et al. 1995",
    measured(cells) {
      const random = waste(cells, NEXT_FIT, "random");
      const recorded = waste(cells, NEXT_FIT, "recorded");
      if (random === undefined || recorded === undefined) return undefined;
      return random / recorded;
    },
    expected: { text: "above 2", holds: (m) => m > 2 },
  }],
  allocators: [FIRST_FIT, BEST_FIT, NEXT_FIT, pure("worst_fit")],
  parameters: {
    program: {
      summary: "the recorded program",
      values: { quick: ["python"], default: PROGRAMS },
    },
    requests: {
      summary: "recorded, or random with the same sizes and lifetimes",
      values: { default: ["recorded", "random"] },
    },
  },
  headline: ["jw2_ratio", "jw4_ratio"],
  run: async (cell) => replayCell(cell, await traceOf(cell), { every: 2000 }),
  figures: [{
    title: "In random order the same sizes and lifetimes waste far more than " +
      "in perl or sqlite, and less than in bash.",
    table: "summary",
    x: "requests",
    y: "jw4_ratio",
    series: "allocator",
    mark: "line",
    facet: "program",
    log: ["y"],
  }],
};
