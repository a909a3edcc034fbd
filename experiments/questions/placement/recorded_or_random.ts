/**
 * Each recorded program beside its random twin: requests with the same sizes
 * and lifetimes, drawn independently. Only the order differs: phases, and
 * objects that die together.
 *
 * @module
 */
import {
  above,
  average,
  below,
  mean,
  type Measured,
  quotient,
} from "../../experiment/claims.ts";
import type { Cell, Experiment } from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import type { Trace } from "../../traces/trace.ts";
import { lifetimeChurn } from "../../workloads/churn.ts";
import { observe } from "../../workloads/observed.ts";
import { PROGRAM, PROGRAMS, recordedTrace } from "../../workloads/recorded.ts";

const FIRST_FIT = pure("first_fit");
const BEST_FIT = pure("best_fit");
const NEXT_FIT = pure("next_fit");

const ORDERS = ["recorded", "random"];

/** Mean waste over the five programs, each of which counts the same. */
function waste(allocator: string, requests: string): Measured {
  return average(
    PROGRAMS.map((program) =>
      mean("jw4_ratio", { allocator, requests, program })
    ),
  );
}

async function traceOf(cell: Cell): Promise<Trace> {
  const recorded = await recordedTrace(cell);
  if (cell.choice("requests", ORDERS) === "recorded") return recorded;
  const name = `random twin of ${recorded.name}, seed ${cell.seed}`;
  return cell.trace(name, async () => {
    const { sizes, lifetimes, objects: ticks } = await observe(recorded);
    return lifetimeChurn({ sizes, lifetimes, ticks }, prng(cell.seed));
  });
}

/** The declaration. */
export const recordedOrRandom: Experiment = {
  name: "recorded_or_random",
  question: "Do random requests waste as much as the program they imitate?",
  claims: [{
    id: "jw-best-fit",
    statement: "Best fit wastes next to nothing on real programs: largest " +
      "heap over most live bytes, minus 1, mean of five programs.",
    source: "Johnstone and Wilson 1998 (recalled)",
    measured: waste(BEST_FIT, "recorded"),
    expected: below(0.05),
  }, {
    id: "jw-first-fit",
    statement: "First fit wastes next to nothing on real programs: largest " +
      "heap over most live bytes, minus 1, mean of five programs.",
    source: "Johnstone and Wilson 1998 (recalled)",
    measured: waste(FIRST_FIT, "recorded"),
    expected: below(0.05),
  }, {
    id: "random-misleads",
    statement: "Random requests mislead: next fit's waste on random requests " +
      "with a program's sizes and lifetimes, over its waste on the program.",
    source: "Wilson et al. 1995",
    measured: quotient(waste(NEXT_FIT, "random"), waste(NEXT_FIT, "recorded")),
    expected: above(2),
  }],
  random: ({ requests }) => requests === "random",
  allocators: [FIRST_FIT, BEST_FIT, NEXT_FIT, pure("worst_fit")],
  parameters: {
    ...PROGRAM,
    requests: {
      summary:
        "order of requests: recorded, or random with the same sizes and " +
        "lifetimes",
      values: { default: ORDERS },
    },
  },
  headline: ["jw2_ratio", "jw4_ratio"],
  shows: { requests: "recorded" },
  run: async (cell) => replayCell(cell, await traceOf(cell), { every: 2000 }),
  figures: [{
    title:
      "Waste of recorded programs, and of the same sizes and lifetimes in random order.",
    table: "summary",
    x: "requests",
    y: "jw4_ratio",
    series: "allocator",
    mark: "line",
    facet: "program",
    log: ["y"],
  }],
};
