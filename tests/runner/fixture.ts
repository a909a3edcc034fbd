/**
 * A small lab for the tests of the runner: real allocators, and experiments
 * that use all that an experiment can. As a program it is the command line
 * with these experiments.
 *
 * @module
 */
import { ALLOCATORS } from "../../allocators/registry.ts";
import type { Catalogue } from "../../experiments/commands/command.ts";
import {
  type Experiment,
  NO_ALLOCATOR,
} from "../../experiments/experiment/experiment.ts";
import {
  above,
  mean,
  onlyIf,
  REFUTED,
} from "../../experiments/experiment/claims.ts";
import { replayCell } from "../../experiments/experiment/outcome.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { TraceBuilder } from "../../experiments/traces/trace.ts";
import { main } from "../../experiments/main.ts";
import { ADVERSARIES } from "../../experiments/adversaries/mod.ts";
import { WORKLOADS } from "../../experiments/workloads/mod.ts";

function churn(seed: number, live: number, steps: number) {
  const draw = prng(seed);
  const trace = new TraceBuilder();
  const slots = Array.from(
    { length: live },
    () => trace.malloc(draw.below(500)),
  );
  for (let step = 0; step < steps; step++) {
    const victim = draw.below(live);
    trace.free(slots[victim]!);
    slots[victim] = trace.malloc(draw.below(500));
  }
  return trace.build("churn");
}

/** Replays; has claims, a table and measures of its own. */
const churning: Experiment = {
  name: "churning",
  question: "Does the fixture work?",
  random: true,
  allocators: ["first_fit", "best_fit", "kingsley"],
  parameters: {
    live: {
      summary: "live objects",
      values: { default: [50, 200], quick: [10] },
    },
    steps: { summary: "replacements", values: { default: [2000] } },
  },
  columns: [{
    name: "double_failures",
    type: "integer",
    unit: "request",
    description: "Twice the failures.",
  }],
  headline: ["jw4_ratio"],
  figures: [],
  claims: [
    {
      id: "one",
      statement: "One is one.",
      source: "arithmetic",
      expected: { value: 1, tolerance: 0.25 },
      measured: (cells) => [...cells].length > 0 ? 1 : undefined,
    },
    {
      id: "kingsley-wastes",
      statement: 'Powers of two waste more than a quarter, of "random" sizes.',
      source: "arithmetic",
      expected: above(0.1),
      verdict: onlyIf("sizes are random"),
      measured: mean("internal_ratio", { allocator: "kingsley" }),
    },
    {
      id: "never-measured",
      statement: "Nothing measures this.",
      source: "nobody",
      expected: { value: 0, tolerance: 0 },
      measured: () => undefined,
    },
    {
      id: "false",
      statement: "One is two.",
      source: "nobody",
      expected: { value: 2, tolerance: 0.5 },
      measured: () => 1,
    },
    {
      id: "known-false",
      statement: "One is three.",
      source: "nobody",
      expected: { value: 3, tolerance: 0 },
      verdict: REFUTED,
      measured: () => 1,
    },
  ],
  async run(cell) {
    const trace = churn(cell.seed, cell.number("live"), cell.number("steps"));
    const outcome = await replayCell(cell, trace, { every: 500 });
    const { failures } = outcome.measures;
    return {
      ...outcome,
      tables: {
        phases: outcome.samples.map(({ op, live_blocks }) => ({
          op,
          live_share: live_blocks / op,
        })),
      },
      measures: { ...outcome.measures, double_failures: 2 * failures! },
    };
  },
};

/** Needs pages, which not every allocator has. */
const paging: Experiment = {
  name: "paging",
  question: "Do pages work?",
  claims: [],
  random: false,
  allocators: ["buddy"],
  parameters: { order: { summary: "order", values: { default: [0, 3] } } },
  headline: ["first_pfn"],
  figures: [],
  run(cell) {
    const pages = cell.pages();
    const first_pfn = pages.allocPages(cell.number("order"));
    return { workload: "one page block", samples: [], measures: { first_pfn } };
  },
};

/** Reads a file of the caller's. */
const reading: Experiment = {
  name: "reading",
  question: "How long is a file?",
  claims: [],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    file: { summary: "a file", values: { default: ["input.txt"] } },
    pause: { summary: "milliseconds afterwards", values: { default: [0] } },
  },
  files: ["file"],
  headline: ["file_bytes"],
  figures: [],
  async run(cell) {
    let file_bytes = 0;
    for await (const chunk of await cell.open(cell.text("file"))) {
      file_bytes += chunk.length;
    }
    await new Promise((wake) => setTimeout(wake, cell.number("pause")));
    return { workload: "none", samples: [], measures: { file_bytes } };
  },
};

/** As many cells as there are seeds, each of which takes a while. */
const waiting: Experiment = {
  name: "waiting",
  question: "How long does it take?",
  claims: [],
  random: true,
  allocators: ["first_fit", "best_fit"],
  parameters: {
    milliseconds: { summary: "time of a cell", values: { default: [20] } },
  },
  headline: [],
  figures: [],
  async run(cell) {
    await new Promise((wake) => setTimeout(wake, cell.number("milliseconds")));
    return replayCell(cell, churn(cell.seed, 20, 200), { every: 10 });
  },
};

/** Fails as told. */
const failing: Experiment = {
  name: "failing",
  question: "What happens to errors?",
  claims: [],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    how: { summary: "kind of error", values: { default: ["type"] } },
  },
  headline: [],
  figures: [],
  run(cell) {
    if (cell.text("how") === "type") throw new TypeError("not a number\n at x");
    if (cell.text("how") === "range") throw new RangeError("out of range");
    const samples = JSON.parse('[{ "nonsense": 1 }]'); // no type saw it
    return { workload: "none", samples, measures: {} };
  },
};

/** Needs what few allocators offer. */
const explaining: Experiment = {
  name: "explaining",
  question: "Where does a block come from?",
  claims: [],
  random: false,
  allocators: ["glibc"],
  needs: ["explain"],
  parameters: {},
  headline: ["words"],
  figures: [],
  run(cell) {
    const { heap } = cell.heap();
    heap.malloc(1);
    const words = heap.explain!().split(" ").length;
    return { workload: "one block", samples: [], measures: { words } };
  },
};

/** All of them. */
export const EXPERIMENTS: readonly Experiment[] = [
  churning,
  paging,
  reading,
  waiting,
  failing,
  explaining,
];

/** What the fixture's command line knows. */
export const CATALOGUE: Catalogue = {
  url: import.meta.url,
  experiments: EXPERIMENTS,
  chapters: [],
  replayed: [],
  headlines: [],
  allocators: ALLOCATORS,
  workloads: WORKLOADS,
  adversaries: ADVERSARIES,
};

if (import.meta.main) Deno.exit(await main(Deno.args, CATALOGUE));
