/**
 * What rounding up to a block costs, by enumerating a law of sizes: no request
 * is made, each size counts with its probability.
 *
 * @module
 */
import { parseLaw } from "../../laws/distributions.ts";
import { count, ratio } from "../../measures/columns.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
} from "../../experiment/experiment.ts";
import { Unsuitable } from "../../replay/unsuitable.ts";

const BUDDY = "buddy:page=1:orders=20";
const FIBONACCI = "fibonacci_buddy:page=1:top=262144";
const WEIGHTED = "weighted_buddy:page=1:top=262144";
const KNUTH = "Knuth, TAOCP vol. 1, section 2.5; numbers by enumeration";
/** Probability that the enumeration may leave out. */
const TAIL = 1e-12;

/** Allocated over requested, by system and law. */
const ANCHORS: [
  id: string,
  allocator: string,
  sizes: string,
  value: number,
  tolerance: number,
][] = [
  ["uniform-1-4096", BUDDY, "uniform:1:4096", 1.333, 0.0005],
  ["uniform-1-65536", BUDDY, "uniform:1:65536", 1.3333, 0.0005],
  ["uniform-1-5461", BUDDY, "uniform:1:5461", 1.4997, 0.0005],
  ["loguniform-1-65536", BUDDY, "loguniform:1:65536", 1.3862, 0.0005],
  ["exp", BUDDY, "exp:4096", 1.4425, 0.001],
  ["fib", FIBONACCI, "uniform:1:46368", 1.23604, 0.0001], // 2/phi
  ["weighted", WEIGHTED, "uniform:1:65536", 7 / 6, 0.0005],
];

const claims = ANCHORS.map((
  [id, allocator, sizes, value, tolerance],
): Claim => ({
  id: `buddy-int-${id}`,
  statement:
    `${allocator.split(":")[0]}, sizes ${sizes}: allocated/requested ` +
    `is ${Number(value.toPrecision(6))}.`,
  source: KNUTH,
  measured: (cells) =>
    meanOf(cells, "allocated_per_requested", { allocator, sizes }),
  expected: { value, tolerance },
}));

/** The declaration. */
export const buddyRounding: Experiment = {
  name: "buddy_rounding",
  question: "How much does rounding up to 2^k cost on average?",
  claims,
  random: false,
  allocators: [BUDDY, FIBONACCI, WEIGHTED],
  needs: ["pages"],
  parameters: {
    sizes: {
      summary: "law of the sizes, pages",
      values: { default: [...new Set(ANCHORS.map(([, , sizes]) => sizes))] },
    },
  },
  columns: [
    ratio("allocated_per_requested", "Mean block over mean size."),
    ratio("mean_block_per_size", "Mean of block over size."),
    count("order", "", "Order of a block."),
    count("block_pages", "page", "Length of a block."),
    ratio("share_ratio", "Share of the requests that get a block like this."),
    ratio("mean_pages", "Mean size of those requests, pages."),
  ],
  headline: ["allocated_per_requested", "mean_block_per_size"],
  run(cell) {
    const pages = cell.pages();
    const law = parseLaw(cell.text("sizes"));
    const share = new Float64Array(pages.orders);
    const requested = new Float64Array(pages.orders);
    let [ratios, below] = [0, 0];
    for (let size = 1; below < 1 - TAIL; size++) {
      const order = pages.orderFor(size);
      if (order === pages.orders) {
        throw new Unsuitable(`has no block of ${size} pages`);
      }
      const upTo = law.cdf(size);
      const weight = upTo - below;
      below = upTo;
      share[order]! += weight;
      requested[order]! += weight * size;
      ratios += weight * pages.pagesOf(order) / size;
    }
    const orders = Array.from(share, (share, order) => ({
      order,
      block_pages: pages.pagesOf(order),
      share_ratio: share,
      mean_pages: share > 0 ? requested[order]! / share : 0,
    }));
    const sum = (f: (row: typeof orders[number]) => number) =>
      orders.reduce((total, row) => total + row.share_ratio * f(row), 0);
    return {
      workload: law.name,
      samples: [],
      tables: { orders },
      measures: {
        allocated_per_requested: sum((row) => row.block_pages) /
          sum((row) => row.mean_pages),
        mean_block_per_size: ratios,
      },
    };
  },
  figures: [{
    title:
      "Mean length of blocks over mean length of requests, by law of the sizes.",
    table: "summary",
    x: "sizes",
    y: "allocated_per_requested",
    series: "allocator",
    mark: "bar",
  }],
};
