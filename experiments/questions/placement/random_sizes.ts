/**
 * The classical simulation: sizes and lifetimes are random and independent.
 * Synthetic: real programs have phases, and objects that die together.
 *
 * @module
 */
import { above, lectureNotes, mean } from "../../experiment/claims.ts";
import {
  type Cell,
  type Experiment,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { HEAPS } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import type { Trace } from "../../traces/trace.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { LIFETIME_CHURN, RANDOM_CHURN } from "../../workloads/churn.ts";

function traceOf(cell: Cell): Promise<Trace> {
  const sizes = cell.text("sizes");
  const lifetimes = cell.text("lifetimes");
  const requests = cell.number("requests");
  const [kind, live = ""] = lifetimes.split(":");
  return kind === "random"
    ? workloadTrace(cell, RANDOM_CHURN, { sizes, live, steps: requests })
    : workloadTrace(cell, LIFETIME_CHURN, {
      sizes,
      lifetimes,
      ticks: requests,
    });
}

/** The declaration. */
export const randomSizes: Experiment = {
  name: "random_sizes",
  question: "What do random sizes and lifetimes do to each allocator?",
  claims: [{
    id: "internal-def",
    statement: "Internal fragmentation is memory that was handed out but " +
      "cannot be used: its share in power-of-two blocks, uniform sizes.",
    source: lectureNotes("fragmentation"),
    measured: mean("internal_ratio", {
      allocator: "kingsley",
      sizes: "uniform:1:1999",
      lifetimes: "random:5000",
    }),
    expected: above(0),
  }],
  random: true,
  allocators: [...HEAPS, "buddy:page=16:orders=14"],
  parameters: {
    sizes: {
      summary: "size distribution, bytes",
      values: {
        quick: ["uniform:1:1999", "lognormal:4:1"],
        default: [
          "constant:64",
          "uniform:1:1999",
          "exp:1000",
          "lognormal:4:1",
          "inverse_square:4:32768",
        ],
      },
    },
    lifetimes: {
      summary: "lifetime distribution, requests; random:N keeps N objects " +
        "live and replaces a random one",
      values: {
        quick: ["random:1000", "constant:1000"],
        default: ["random:5000", "constant:5000", "hyperexp:0.9:2500:27500"],
      },
    },
    requests: {
      summary: "requests once the heap is full",
      values: { quick: [10_000], default: [60_000], full: [1_000_000] },
    },
  },
  headline: ["jw1_ratio", "jw4_ratio"],
  run: async (cell) => replayCell(cell, await traceOf(cell), { every: 2000 }),
  figures: [{
    title: "Waste by distribution of the sizes and of the lifetimes.",
    table: "summary",
    x: "sizes",
    y: "jw1_ratio",
    series: "allocator",
    mark: "point",
    facet: "lifetimes",
    log: ["y"],
  }, {
    title: "Footprint over time, by distribution of the lifetimes.",
    table: SAMPLES,
    x: "op",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
    facet: "lifetimes",
    where: { sizes: "uniform:1:1999" },
  }],
};
