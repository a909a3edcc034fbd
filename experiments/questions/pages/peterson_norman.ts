/**
 * Three buddy systems on a full memory: the more block lengths there are, the
 * less is lost inside blocks and the more between them.
 *
 * Measured at the instants at which memory refuses a request, after the
 * warm-up.
 *
 * @module
 */
import { lawWords } from "../../laws/words.ts";
import { ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import { saturatedCell } from "../../adversaries/saturated.ts";
import { mean, near } from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";

const SYSTEMS = {
  binary: "buddy:page=1:orders=17:pages=65536:pick=lowest",
  fibonacci: "fibonacci_buddy:page=1:top=75025:pages=75025:pick=lowest",
  weighted: "weighted_buddy:page=1:top=65536:pages=65536:pick=lowest",
};
/** Requests in all and before the first that is measured. */
const LONG_RUN = { steps: 150_000, warm_up: 100_000 };

/** What is measured: its part of the id, the measure, and what it is. */
const LOSSES = [
  ["-inside", "inside_percent", "of its blocks to rounding"],
  ["-between", "between_percent", "of the memory between blocks"],
  ["", "unused_percent", "of the memory in all"],
] as const;

/** The losses, in their order, by system and size distribution. */
const ANCHORS: [keyof typeof SYSTEMS, string, number[]][] = [
  ["binary", "uniform:1:1024", [25.0, 3.83, 27.87]],
  ["binary", "exp:256", [30.57, 13.4, 39.86]],
  ["fibonacci", "uniform:1:1024", [20.6, 9.51, 28.15]],
  ["weighted", "uniform:1:1024", [14.22, 22.24, 33.3]],
  ["weighted", "exp:256", [16.68, 21.83, 34.86]],
];

const claims = ANCHORS.flatMap(([system, sizes, values]) => {
  const law = sizes === "exp:256" ? "exp256" : sizes.replaceAll(":", "-");
  return LOSSES.map(([part, measure, where], i): Claim => ({
    id: `pn-${system}-${law}${part}`,
    statement:
      `For sizes ${lawWords(sizes)}, a full ${
        system.replace("fib", "Fib")
      } buddy system loses ` +
      `${values[i]} % ${where}.`,
    source: "after Peterson and Norman 1977; numbers by simulation",
    measured: mean(measure, {
      allocator: SYSTEMS[system],
      sizes,
      ...LONG_RUN,
    }),
    expected: near(values[i]!, 1),
  }));
});

/** The declaration. */
export const petersonNorman: Experiment = {
  name: "peterson_norman",
  question: "Do buddy systems with more block lengths waste less memory?",
  claims,
  random: true,
  allocators: Object.values(SYSTEMS),
  parameters: {
    sizes: {
      summary: "size distribution, pages of one byte",
      values: { default: ["uniform:1:1024", "exp:256"] },
    },
    steps: {
      summary: "requests",
      values: { quick: [10_000], default: [LONG_RUN.steps] },
    },
    warm_up: {
      summary: "requests before the first that is measured",
      values: { quick: [5000], default: [LONG_RUN.warm_up] },
    },
  },
  columns: [
    ratio(
      "inside_percent",
      "Per cent of the blocks lost inside: 1 - requested/allocated, mean over refusals.",
    ),
    ratio(
      "between_percent",
      "Per cent of the memory in no block: 1 - allocated/memory, mean over refusals.",
    ),
    ratio(
      "unused_percent",
      "Per cent of the memory unused: 1 - requested/memory, mean over refusals.",
    ),
  ],
  headline: LOSSES.map(([, measure]) => measure),
  run(cell) {
    const sizes = parseLaw(cell.text("sizes"));
    const steps = cell.number("steps");
    const warmUp = cell.number("warm_up");
    let [inside, between, unused] = [0, 0, 0];
    const { outcome, refusals } = saturatedCell(
      cell,
      { sizes, steps, warmUp },
      ({ requested }, heap) => {
        const { allocated, footprint } = heap.usage();
        inside += 1 - requested / allocated;
        between += 1 - allocated / footprint;
        unused += 1 - requested / footprint;
      },
    );
    Object.assign(outcome.measures, {
      inside_percent: 100 * inside / refusals,
      between_percent: 100 * between / refusals,
      unused_percent: 100 * unused / refusals,
    });
    return { ...outcome, workload: `saturated ${sizes.name}` };
  },
  figures: [{
    title: "Share of memory not in use when a request is refused.",
    table: "summary",
    x: "allocator",
    y: "unused_percent",
    series: "sizes",
    mark: "bar",
  }],
};
