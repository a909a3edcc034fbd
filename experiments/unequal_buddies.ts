/**
 * Binary, Fibonacci and weighted buddies on a full memory: the finer the
 * lengths, the less is lost inside blocks and the more between them.
 *
 * @module
 */
import { NULL } from "../allocators/allocator.ts";
import { count, ratio } from "./harness/columns.ts";
import { parseLaw } from "./harness/distributions.ts";
import { type Claim, type Experiment, meanOf } from "./harness/experiment.ts";
import { prng } from "./harness/prng.ts";

const SPECS = {
  binary: "buddy:page=1:orders=17:pages=65536:pick=lowest",
  fibonacci: "fibonacci_buddy:page=1:top=75025:pages=75025:pick=lowest",
  weighted: "weighted_buddy:page=1:top=65536:pages=65536:pick=lowest",
};
/** Steps until memory is full and steady. */
const WARM_UP = 100_000;
const MEASURES = ["internal_ratio", "unallocated_ratio", "unused_ratio"];

/** Percent of `MEASURES` by system and law. */
const ANCHORS: [keyof typeof SPECS, string, number[]][] = [
  ["binary", "uniform:1:1024", [25.0, 3.83, 27.87]],
  ["binary", "exp:256", [30.57, 13.4, 39.86]],
  ["fibonacci", "uniform:1:1024", [20.6, 9.51, 28.15]],
  ["weighted", "uniform:1:1024", [14.22, 22.24, 33.3]],
  ["weighted", "exp:256", [16.68, 21.83, 34.86]],
];

const claims = ANCHORS.flatMap(([system, sizes, percent]) =>
  MEASURES.map((measure, i): Claim => ({
    id: `pn-${system}-${sizes.replaceAll(":", "-")}-${measure.split("_")[0]}`,
    statement: `${system} buddy, ${sizes}: ${measure} is ${percent[i]} %.`,
    source: "after Peterson and Norman, Buddy Systems (1977); by simulation",
    measured: (cells) =>
      meanOf(cells, measure, { allocator: SPECS[system], sizes }),
    expected: { value: percent[i]! / 100, tolerance: 0.01 },
  }))
);

/** The declaration. */
export const unequalBuddies: Experiment = {
  name: "unequal_buddies",
  question: "Do finer block lengths waste less memory?",
  claims,
  allocators: Object.values(SPECS),
  parameters: {
    sizes: {
      summary: "law of the sizes, pages",
      values: { default: ["uniform:1:1024", "exp:256"] },
    },
    steps: {
      summary: `requests; measured after ${WARM_UP}`,
      values: { quick: [WARM_UP + 20_000], default: [WARM_UP + 150_000] },
    },
  },
  columns: [
    ratio("internal_ratio", "1 - requested/allocated, mean over failures."),
    ratio("unallocated_ratio", "1 - allocated/memory, mean over failures."),
    ratio("unused_ratio", "1 - requested/memory, mean over failures."),
    count("failures", "request", "Requests refused after the warm-up."),
  ],
  headline: MEASURES,
  run(cell) {
    const pages = cell.pages();
    const sizes = parseLaw(cell.text("sizes")).sampler(
      prng(cell.seed, "sizes"),
    );
    const victims = prng(cell.seed, "victims");
    const live: { pfn: number; order: number; size: number }[] = [];
    const memory = pages.footprint;
    let [requested, allocated, failures] = [0, 0, 0];
    const sums = [0, 0, 0];
    for (let step = 0; step < cell.number("steps"); step++) {
      const size = sizes();
      const order = pages.orderFor(size);
      if (order >= pages.orders) continue; // longer than any block
      let pfn = pages.allocPages(order);
      for (; pfn === NULL; pfn = pages.allocPages(order)) {
        if (step > WARM_UP) {
          failures++;
          sums[0]! += 1 - requested / allocated;
          sums[1]! += 1 - allocated / memory;
          sums[2]! += 1 - requested / memory;
        }
        const i = victims.below(live.length);
        const victim = live[i]!;
        live[i] = live.at(-1)!;
        live.pop();
        pages.freePages(victim.pfn, victim.order);
        requested -= victim.size;
        allocated -= pages.pagesOf(victim.order);
      }
      live.push({ pfn, order, size });
      requested += size;
      allocated += pages.pagesOf(order);
    }
    const means = MEASURES.map((name, i) => [name, sums[i]! / failures]);
    return {
      workload: `saturated ${cell.text("sizes")}`,
      samples: [],
      measures: { ...Object.fromEntries(means), failures },
    };
  },
  figures: [{
    title: "Fibonacci and weighted buddies waste less than binary ones " +
      "on exponential sizes, but no less on uniform ones.",
    table: "summary",
    x: "allocator",
    y: "unused_ratio",
    series: "sizes",
    mark: "bar",
  }],
};
