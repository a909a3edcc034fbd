/**
 * What fast bins, the unsorted list and the tcache save: chunks and bins
 * looked at per request, with each of them on and off. Without the unsorted
 * list, a variant of the model, chunks are filed in their bins when freed.
 *
 * @module
 */
import { type Column, ratio } from "../../measures/columns.ts";
import {
  type Cell,
  type Experiment,
  type Finished,
  meanOf,
  REFUTED,
} from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";
import { readRep } from "../../traces/rep_reader.ts";
import { Op, type Trace } from "../../traces/trace.ts";
import { RANDOM_CHURN } from "../../workloads/churn.ts";

const PROGRAMS = ["bash", "cc1", "perl", "python", "sqlite"];

const COLUMNS: readonly Column[] = [
  ratio(
    "steps_per_request",
    "Chunks, bins or nodes looked at per request.",
  ),
  ratio("splits_per_request", "Chunks cut per request."),
  ratio("coalesces_per_request", "Neighbours joined per request."),
];

/** The recorded program, or random churn of small objects. */
function requests(cell: Cell): Trace {
  const name = cell.text("requests");
  if (PROGRAMS.includes(name)) {
    return readRep(`${name}.rep.gz`, () => cell.data(`traces/${name}.rep.gz`));
  }
  const values = { live: 1000, sizes: "uniform:1:1999", steps: 50_000 };
  return RANDOM_CHURN.build(values, prng(cell.seed));
}

/** Requests for memory in `trace`. */
async function requestsIn(trace: Trace): Promise<number> {
  let sum = 0;
  for await (const { op, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) if (op[i]! <= Op.REALLOC) sum++;
  }
  return sum;
}

/** Steps per request of one spec over those of another. */
const over = (spec: string, base: string) => (cells: readonly Finished[]) => {
  const steps = (allocator: string) =>
    meanOf(cells, "steps_per_request", { allocator });
  const [above, below] = [steps(spec), steps(base)];
  return above !== undefined && below ? above / below : undefined;
};

const more = {
  text: "> 1 times the steps",
  holds: (times: number) => times > 1,
};

/** The declaration. */
export const binReuse: Experiment = {
  name: "bin_reuse",
  question: "How much searching do the fast and unsorted bins save?",
  claims: [
    {
      id: "bins-faster",
      statement: "Fast bins shorten the search: without them it takes longer.",
      source: "seed notes",
      measured: over(
        "glibc:tcache_count=0:mxfast=0",
        "glibc:tcache_count=0",
      ),
      expected: more,
    },
    {
      id: "bins-faster.unsorted",
      statement: "The unsorted list shortens it: filing at free takes longer.",
      source: "seed notes",
      measured: over(
        "glibc:tcache_count=0:unsorted=off",
        "glibc:tcache_count=0",
      ),
      expected: more,
      verdict: REFUTED,
    },
    {
      id: "bins-faster.tcache",
      statement: "With the tcache on, fast bins still shorten the search.",
      source: "glibc 2.36 as modelled",
      measured: over("glibc:mxfast=0", "glibc"),
      expected: more,
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
      summary: "A recorded program, or churn.",
      values: { quick: ["churn", "python"], default: ["churn", ...PROGRAMS] },
    },
  },
  columns: COLUMNS,
  headline: [
    "steps_per_request",
    "splits_per_request",
    "coalesces_per_request",
  ],
  async run(cell) {
    const outcome = await replayCell(cell, requests(cell), { every: 10_000 });
    const { measures } = outcome;
    const n = await requestsIn(requests(cell));
    measures.steps_per_request = measures.search_steps! / n;
    measures.splits_per_request = measures.splits! / n;
    measures.coalesces_per_request = measures.coalesces! / n;
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
