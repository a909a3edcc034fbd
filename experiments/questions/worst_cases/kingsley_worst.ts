/**
 * The worst case of size classes that never give memory back to each other:
 * phases of ever larger requests.
 *
 * An adversary that reads addresses can do no better: such a heap is as long
 * as the sum of what each class held at most, whatever the order, and each
 * phase fills its class as far as M allows. So the bound is the sum over the
 * phases, and it is reached.
 *
 * @module
 */
import { bytes, ratio } from "../../measures/columns.ts";
import { exactly, mean, near } from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { pure } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { DOUBLING, doublingBound } from "../../workloads/doubling.ts";

const KINGSLEY = "kingsley:header=0:min=1:page=1";
const LIVE = 4096;
/** So many that the bytes left over at the end of a phase do not matter. */
const MANY = 65_536;
const SIZES = ["powers", "just_above"] as const;
const SOURCE = "Wilson et al. 1995; numbers by arithmetic";

function justAbove(largest: number, value: number): Claim {
  return {
    id: `kingsley-just-above-${largest}`,
    statement: "If requests just above one power of two after the other, up " +
      `to ${largest} bytes, follow in phases, power-of-two size classes need ` +
      `${value} times the live memory.`,
    source: SOURCE,
    measured: mean("footprint_per_live", {
      allocator: KINGSLEY,
      live: MANY,
      largest,
      sizes: "just_above",
    }),
    expected: near(value, 0.05),
  };
}

/** The declaration. */
export const kingsleyWorst: Experiment = {
  name: "kingsley_worst",
  question:
    "How much memory can size classes hold that no other class can use?",
  claims: [
    {
      id: "kingsley-pow2",
      statement:
        "If requests for 1, 2, 4, ... 64 bytes follow in phases, with " +
        "at most 4096 bytes live, power-of-two size classes need 4096 (1 + " +
        "log2 64) bytes.",
      source: SOURCE,
      measured: mean("peak_footprint_bytes", {
        allocator: KINGSLEY,
        live: LIVE,
        largest: 64,
        sizes: "powers",
      }),
      expected: exactly(28_672),
    },
    justAbove(16, 6.7),
    justAbove(64, 10.5),
    justAbove(256, 14.5),
  ],
  random: false,
  allocators: [KINGSLEY, pure("first_fit"), "tlsf", "buddy:page=1"],
  parameters: {
    live: {
      summary: "most live bytes, M",
      values: { quick: [LIVE], default: [LIVE, MANY] },
    },
    largest: {
      summary: "size in the last phase, n, bytes",
      values: { default: [16, 64, 256] },
    },
    sizes: {
      summary: "powers: 2^k bytes; just_above: 2^(k-1) + 1 bytes",
      values: { default: SIZES },
    },
  },
  columns: [
    bytes(
      "bound_bytes",
      "Worst case of segregated memory: sum over the phases of their blocks.",
    ),
    ratio("reached_per_bound", "Largest footprint over that bound."),
    ratio("footprint_per_live", "Largest footprint over the most live bytes."),
  ],
  headline: ["bound_bytes", "reached_per_bound", "footprint_per_live"],
  async run(cell) {
    const trace = await workloadTrace(cell, DOUBLING);
    const outcome = await replayCell(cell, trace);
    const { measures } = outcome;
    const reached = measures.peak_footprint_bytes!;
    measures.bound_bytes = doublingBound({
      live: cell.number("live"),
      largest: cell.number("largest"),
      sizes: cell.choice("sizes", SIZES),
    });
    measures.reached_per_bound = reached / measures.bound_bytes;
    measures.footprint_per_live = reached / cell.number("live");
    return outcome;
  },
  figures: [{
    title: "Footprint as one size after the other is requested and freed.",
    table: SAMPLES,
    x: "clock_bytes",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
    facet: "live",
    where: { largest: 256, sizes: "just_above" },
    log: ["x", "y"],
  }],
};
