/**
 * What fast bins, the unsorted list and the tcache save: chunks and bins
 * looked at per request, with each of them on and off. Without the unsorted
 * list, a variant of the model, chunks are filed in their bins when freed.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import {
  above,
  lectureNotes,
  mean,
  quotient,
  REFUTED,
} from "../../experiment/claims.ts";
import type { Cell, Experiment } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { requestsIn } from "../../traces/requests.ts";
import type { Trace } from "../../traces/trace.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { programTrace } from "../../workloads/recorded.ts";

/** In the order of the columns of the figure. */
const PROGRAMS = ["bash", "cc1", "perl", "python", "sqlite"];

/** Steps per request of one spec over those of another. */
function stepsOver(spec: string, base: string) {
  return quotient(
    mean("steps_per_request", { allocator: spec }),
    mean("steps_per_request", { allocator: base }),
  );
}

/** The declaration. */
export const binReuse: Experiment = {
  name: "bin_reuse",
  question: "How much searching do the fast and unsorted bins save?",
  claims: [
    {
      id: "bins-faster",
      statement:
        "Fast bins shorten the search: steps without them over steps " +
        "with them, both without the tcache.",
      source: lectureNotes("the bins of malloc"),
      measured: stepsOver(
        "glibc:tcache_count=0:mxfast=0",
        "glibc:tcache_count=0",
      ),
      expected: above(1),
    },
    {
      id: "bins-faster.unsorted",
      statement: "The unsorted list shortens the search: steps without it " +
        "over steps with it, both without the tcache.",
      source: lectureNotes("the bins of malloc"),
      measured: stepsOver(
        "glibc:tcache_count=0:unsorted=off",
        "glibc:tcache_count=0",
      ),
      expected: above(1),
      verdict: REFUTED,
    },
    {
      id: "bins-faster.tcache",
      statement: "Fast bins still shorten the search when the tcache is on: " +
        "steps without them over steps with them.",
      source: "glibc 2.36 as modelled",
      measured: stepsOver("glibc:mxfast=0", "glibc"),
      expected: above(1),
    },
  ],
  random: ({ requests }) => requests === "churn",
  allocators: [
    "glibc",
    "glibc:mxfast=0",
    "glibc:tcache_count=0",
    "glibc:tcache_count=0:mxfast=0",
    "glibc:unsorted=off",
    "glibc:tcache_count=0:unsorted=off",
  ],
  parameters: {
    requests: {
      summary:
        "source of requests: a recorded program, or churn of random objects",
      values: { quick: ["churn", "python"], default: ["churn", ...PROGRAMS] },
    },
  },
  columns: [
    ratio(
      "steps_per_request",
      "Chunks, bins and nodes looked at per request.",
    ),
    ratio("splits_per_request", "Chunks split per request."),
    ratio("coalesces_per_request", "Neighbours merged per request."),
  ],
  headline: [
    "steps_per_request",
    "splits_per_request",
    "coalesces_per_request",
  ],
  async run(cell) {
    const trace = await traceOf(cell);
    const outcome = await replayCell(cell, trace, { every: 10_000 });
    const { measures } = outcome;
    const requests = await requestsIn(trace);
    measures.steps_per_request = measures.search_steps! / requests;
    measures.splits_per_request = measures.splits! / requests;
    measures.coalesces_per_request = measures.coalesces! / requests;
    return outcome;
  },
  figures: [{
    title:
      "Chunks, bins and nodes looked at per request, with lists on and off.",
    table: "summary",
    x: "requests",
    y: "steps_per_request",
    series: "allocator",
    mark: "bar",
  }],
};

/** The recorded program, or random churn of small objects. */
function traceOf(cell: Cell): Promise<Trace> {
  const name = cell.choice("requests", ["churn", ...PROGRAMS]);
  if (name !== "churn") return programTrace(cell, name);
  const values = { live: 1000, sizes: "uniform:1:1999", steps: 50_000 };
  return workloadTrace(cell, RANDOM_CHURN, values);
}
