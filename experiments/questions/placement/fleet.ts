/**
 * The heaps of production programs: objects are born and die at the rates of
 * ten fleet-wide profiles, through every allocator.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import { below, mean, quotient } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { HEAPS } from "../../experiment/heaps.ts";
import { columnMean, replayCell } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import { atEndOf, gain } from "../../measures/phases.ts";
import { fleet } from "../../workloads/fleet.ts";
import { parametersText } from "../../experiment/result_files.ts";
import {
  isOneProfile,
  PROFILE_PARAMETERS,
  profileOf,
} from "../../workloads/profiles.ts";

/** The declaration. */
export const fleetExperiment: Experiment = {
  name: "fleet",
  question: "How much memory does a program in steady state waste?",
  claims: [{
    id: "fleet-best-fit",
    statement: "Holes cost less than power-of-two size classes: best fit's " +
      "heap over theirs.",
    source: "measured",
    measured: quotient(
      mean("footprint_per_live", { allocator: "best_fit" }),
      mean("footprint_per_live", { allocator: "kingsley" }),
    ),
    expected: below(0.9),
  }],
  random: true,
  allocators: HEAPS,
  parameters: {
    ...PROFILE_PARAMETERS,
    live: {
      summary: "live objects on average",
      values: { quick: [2000], default: [10_000], full: [1_000_000] },
    },
    ticks: {
      summary: "objects born once the heap is full",
      values: { quick: [5000], default: [50_000], full: [10_000_000] },
    },
    largest: {
      summary: "longest request, bytes; longer ones are left out",
      values: { default: [131_072] },
    },
  },
  selects: isOneProfile,
  columns: [
    ratio(
      "footprint_per_live",
      "Footprint over live bytes, mean of the samples once the heap is full.",
    ),
    ratio(
      "grown_ratio",
      "Growth of the heap after it was full, over its size.",
    ),
  ],
  headline: ["footprint_per_live", "grown_ratio"],
  async run(cell) {
    const profile = await profileOf(cell);
    const values = {
      profile,
      live: cell.number("live"),
      ticks: cell.number("ticks"),
      largest: cell.number("largest"),
    };
    if (values.ticks < 1) throw new RangeError("ticks expects at least 1");
    const every = Math.ceil(values.ticks / 50);
    const from = parametersText(cell.parameters);
    const trace = await cell.trace(
      `fleet ${from}, seed ${cell.seed}`,
      () => fleet(values, prng(cell.seed)),
    );
    const outcome = await replayCell(cell, trace, { every });
    const { samples, measures } = outcome;
    const filled = atEndOf("fill", samples);
    const after = samples.slice(samples.indexOf(filled) + 1);
    measures.footprint_per_live = columnMean(after, "footprint_bytes") /
      columnMean(after, "requested_bytes");
    measures.grown_ratio = gain("footprint_bytes", filled, after.at(-1)!) /
      filled.footprint_bytes;
    return { ...outcome, workload: `fleet ${profile.name.split("/").at(-1)}` };
  },
  figures: [{
    title:
      "Heap over live bytes in steady state, requests as in a fleet of servers.",
    table: "summary",
    x: "allocator",
    y: "footprint_per_live",
    series: "profile",
    mark: "bar",
  }],
};
