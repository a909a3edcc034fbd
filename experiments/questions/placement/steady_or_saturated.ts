/**
 * Two ways to compare policies: a heap that grows as it must under steady
 * churn, and a memory of fixed size that is always full. Which policy wins
 * depends on the way.
 *
 * @module
 */
import { FlatSource } from "../../../allocators/pages.ts";
import { ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import { above, difference, mean, quotient } from "../../experiment/claims.ts";
import type {
  Cell,
  Claim,
  Experiment,
  Outcome,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import {
  STEADY_COLUMNS,
  steadyCell,
  WARM_UP,
} from "../../experiment/steady.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { saturatedCell } from "../../adversaries/saturated.ts";

const SIZES = "uniform:1:1999";
const MEMORY = 1_000_000;

const MODES = ["steady", "limited", "saturated"] as const;

/** `measure` of a policy in a mode. */
function of(policy: string, mode: string, measure: string) {
  return mean(measure, {
    allocator: pure(policy),
    mode,
    sizes: SIZES,
    memory: MEMORY,
  });
}

/** Best fit uses more than first fit. */
function leads(mode: string, where: string): Claim {
  return {
    id: `best-fit-leads-${mode}`,
    statement: `${where}, best fit uses more of it than first fit: ` +
      "difference of the shares in use.",
    source: "measured",
    measured: difference(
      of("best_fit", mode, "used_ratio"),
      of("first_fit", mode, "used_ratio"),
    ),
    expected: above(0),
  };
}

/** The declaration. */
export const steadyOrSaturated: Experiment = {
  name: "steady_or_saturated",
  question:
    "Is the best policy for a growing heap also the best for a full memory?",
  claims: [
    leads("steady", "In a heap that may grow"),
    leads("limited", "In a memory of fixed size that drops what does not fit"),
    leads("saturated", "In a full memory where objects die to make room"),
    {
      id: "limited-worst-fit",
      statement: "In a memory of fixed size, worst fit refuses more requests " +
        "than best fit: refusals of worst fit over those of best fit.",
      source: "measured",
      measured: quotient(
        of("worst_fit", "limited", "refused_ratio"),
        of("best_fit", "limited", "refused_ratio"),
      ),
      expected: above(1),
    },
  ],
  random: true,
  allocators: [
    pure("first_fit"),
    pure("best_fit"),
    pure("next_fit"),
    pure("worst_fit"),
    "tlsf:header=0:align=1",
  ],
  parameters: {
    mode: {
      summary:
        "kind of memory; steady: one of `live` objects is replaced, the " +
        "heap may grow; limited: the same in `memory` bytes; saturated: " +
        "objects die only to make room in `memory` bytes",
      values: { default: MODES },
    },
    sizes: {
      summary: "size distribution, bytes",
      values: { default: [SIZES, "exp:1000"] },
    },
    live: {
      summary: "live objects; not used when saturated",
      values: { default: [1000] },
    },
    memory: {
      summary: "size of the memory, bytes; not used when steady",
      values: { default: [MEMORY] },
    },
    steps: {
      summary: "requests",
      values: { quick: [4000], default: [50_000], full: [1_000_000] },
    },
    ...WARM_UP,
  },
  columns: [
    ratio(
      "used_ratio",
      "Share in use: of the heap if steady, else of the memory; if saturated, " +
        "whenever a request is refused.",
    ),
    ...STEADY_COLUMNS,
  ],
  headline: ["used_ratio", "refused_ratio"],
  run(cell) {
    const mode = cell.choice("mode", MODES);
    if (mode === "saturated") return saturated(cell);
    return churned(
      cell,
      mode === "limited" ? cell.number("memory") : undefined,
    );
  },
  figures: [{
    title: "What each policy uses of its heap, and of a full memory.",
    table: "summary",
    x: "mode",
    y: "used_ratio",
    series: "allocator",
    mark: "point",
    facet: "sizes",
  }],
};

async function churned(cell: Cell, memory?: number): Promise<Outcome> {
  const values = {
    sizes: cell.text("sizes"),
    live: cell.number("live"),
    steps: cell.number("steps"),
  };
  const trace = await workloadTrace(cell, RANDOM_CHURN, values);
  const outcome = await steadyCell(cell, trace, memory);
  const { measures } = outcome;
  measures.used_ratio = measures.live_per_memory ?? measures.live_per_top!;
  return outcome;
}

function saturated(cell: Cell): Outcome {
  const memory = cell.number("memory");
  const steps = cell.number("steps");
  const warmUp = Math.floor(steps * cell.number("warm_up_percent") / 100);
  const sizes = parseLaw(cell.text("sizes"));
  let used = 0;
  const { outcome, refusals } = saturatedCell(
    cell,
    { sizes, steps, warmUp, source: new FlatSource(memory) },
    ({ requested }) => used += requested / memory,
  );
  Object.assign(outcome.measures, {
    used_ratio: used / refusals,
    refused_ratio: refusals / (steps - warmUp + refusals),
    warm_up_requests: warmUp,
  });
  return outcome;
}
