/**
 * Two ways to compare policies: a heap that grows as it must under steady
 * churn, and a memory of fixed size that is always full. The question decides
 * who wins.
 *
 * @module
 */
import { FlatSource } from "../../../allocators/pages.ts";
import { ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import {
  type Cell,
  type Claim,
  type Experiment,
  type Finished,
  meanOf,
  type Outcome,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { measuresOf } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import { Player, Session } from "../../replay/replay.ts";
import {
  STEADY_COLUMNS,
  steadyCell,
  WARM_UP,
} from "../../experiment/steady.ts";
import { randomChurn } from "../../workloads/churn.ts";
import { saturate } from "../../adversaries/saturated.ts";

const FIRST_FIT = pure("first_fit");
const BEST_FIT = pure("best_fit");
const SIZES = "uniform:1:1999";
const MEMORY = 1_000_000;

/** What best fit uses more than first fit. */
function claim(mode: string, where: string): Claim {
  return {
    id: `best-fit-leads-${mode}`,
    statement: `${where}: best fit uses more of it than first fit, by this ` +
      "much.",
    source: "measured",
    measured: (cells) => lead(cells, mode),
    expected: { text: "above 0", holds: (m) => m > 0 },
  };
}

function lead(cells: readonly Finished[], mode: string): number | undefined {
  const used = (allocator: string) =>
    meanOf(cells, "used_ratio", {
      allocator,
      mode,
      sizes: SIZES,
      memory: MEMORY,
    });
  const [best, first] = [used(BEST_FIT), used(FIRST_FIT)];
  return best === undefined || first === undefined ? undefined : best - first;
}

/** The declaration. */
export const steadyOrSaturated: Experiment = {
  name: "steady_or_saturated",
  question:
    "Does the better policy for a heap that grows use a full memory better?",
  claims: [
    claim("steady", "A heap that grows as it must"),
    claim("limited", "A memory of the same size, refused requests dropped"),
    claim("saturated", "A full memory, an object dies for each refusal"),
    {
      id: "limited-worst-fit",
      statement: "A memory of fixed size: worst fit refuses more than best " +
        "fit, so many times.",
      source: "measured",
      measured(cells) {
        const where = { mode: "limited", sizes: SIZES, memory: MEMORY };
        const refused = (allocator: string) =>
          meanOf(cells, "refused_ratio", { allocator, ...where });
        const [worst, best] = [refused(pure("worst_fit")), refused(BEST_FIT)];
        return worst === undefined || best === undefined
          ? undefined
          : worst / best;
      },
      expected: { text: "above 1", holds: (m) => m > 1 },
    },
  ],
  allocators: [
    FIRST_FIT,
    BEST_FIT,
    pure("next_fit"),
    pure("worst_fit"),
    "tlsf:header=0:align=1",
  ],
  parameters: {
    mode: {
      summary: "memory: steady, a random one of `live` objects is replaced, " +
        "the heap grows; limited, the same in `memory` bytes; saturated, " +
        "random objects die only when a request needs room in `memory` bytes",
      values: { default: ["steady", "limited", "saturated"] },
    },
    sizes: {
      summary: "law of the sizes, bytes",
      values: { default: [SIZES, "exp:1000"] },
    },
    live: {
      summary: "live objects, unless saturated",
      values: { default: [1000] },
    },
    memory: {
      summary: "bytes in all, unless steady",
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
      "Share in use; steady: of the heap, saturated: at refusals.",
    ),
    ...STEADY_COLUMNS,
  ],
  headline: ["used_ratio", "refused_ratio"],
  run(cell) {
    const mode = cell.text("mode");
    if (mode === "saturated") return saturated(cell);
    if (mode === "steady" || mode === "limited") return churned(cell, mode);
    throw new RangeError(
      `mode expects steady, limited or saturated, not "${mode}"`,
    );
  },
  figures: [{
    title: "What each policy uses of its heap, and of a full memory.",
    table: "summary",
    x: "mode",
    y: "used_ratio",
    series: "allocator",
    mark: "point",
  }],
};

async function churned(
  cell: Cell,
  mode: "steady" | "limited",
): Promise<Outcome> {
  const values = {
    sizes: parseLaw(cell.text("sizes")),
    live: cell.number("live"),
    steps: cell.number("steps"),
  };
  const memory = mode === "limited" ? cell.number("memory") : undefined;
  const outcome = await steadyCell(
    cell,
    randomChurn(values, prng(cell.seed)),
    memory,
  );
  const { measures } = outcome;
  measures.used_ratio = measures.live_per_memory ?? measures.live_per_top!;
  return outcome;
}

function saturated(cell: Cell): Outcome {
  const memory = cell.number("memory");
  const steps = cell.number("steps");
  const warmUp = Math.floor(steps * cell.number("warm_up_percent") / 100);
  const { heap, source } = cell.heap(
    cell.allocator,
    new FlatSource(memory),
  );
  const session = new Session(heap, source);
  let [used, refused] = [0, 0];
  const sizes = parseLaw(cell.text("sizes"));
  saturate(new Player(session), { sizes, steps }, prng(cell.seed), (step) => {
    if (step < warmUp) return;
    used += session.requested / memory;
    refused++;
  });
  const samples = [session.sample()];
  return {
    workload: "saturated",
    samples,
    measures: {
      ...measuresOf(session, samples),
      used_ratio: used / refused,
      refused_ratio: refused / (steps - warmUp + refused),
      warm_up_requests: warmUp,
    },
  };
}
