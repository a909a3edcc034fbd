/**
 * The cost of rounding up to a block, by enumerating a size distribution: no
 * request is made, each size counts with its probability.
 *
 * @module
 */
import { lawWords } from "../../laws/words.ts";
import type { PageAllocator } from "../../../allocators/pages.ts";
import { type Law, parseLaw } from "../../laws/distributions.ts";
import { count, ratio } from "../../measures/columns.ts";
import { mean, near } from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { Unsuitable } from "../../replay/unsuitable.ts";

const BUDDY = "buddy:page=1:orders=20";
const FIBONACCI = "fibonacci_buddy:page=1:top=262144";
const WEIGHTED = "weighted_buddy:page=1:top=262144";
const NAMES: Record<string, string> = {
  [BUDDY]: "a binary buddy system",
  [FIBONACCI]: "a Fibonacci buddy system",
  [WEIGHTED]: "a weighted buddy system",
};
const KNUTH = "Knuth, TAOCP vol. 1, section 2.5; numbers by enumeration";
/** Probability that the enumeration may leave out. */
const TAIL = 1e-12;

/** Allocated over requested, by system and size distribution. */
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
    `For sizes ${lawWords(sizes)} pages, ${NAMES[allocator]} hands out ` +
    `${Number(value.toPrecision(6))} times what is requested.`,
  source: KNUTH,
  measured: mean("allocated_per_requested", { allocator, sizes }),
  expected: near(value, tolerance),
}));

/** The declaration. */
export const buddyRounding: Experiment = {
  name: "buddy_rounding",
  question: "What does rounding up to a block cost on average?",
  claims,
  random: false,
  allocators: [BUDDY, FIBONACCI, WEIGHTED],
  needs: ["pages"],
  parameters: {
    sizes: {
      summary: "size distribution, pages",
      values: { default: [...new Set(ANCHORS.map(([, , sizes]) => sizes))] },
    },
  },
  columns: [
    ratio("allocated_per_requested", "Mean block length over mean request."),
    ratio("mean_block_per_size", "Mean of block length over request."),
    count("order", "", "Order of the block."),
    count("block_pages", "page", "Length of the block."),
    ratio("share_ratio", "Share of the requests that get such a block."),
    ratio("mean_pages", "Mean length of those requests, pages."),
  ],
  headline: ["allocated_per_requested", "mean_block_per_size"],
  run(cell) {
    const law = parseLaw(cell.text("sizes"));
    const { orders, meanRatio } = enumerate(law, cell.pages());
    const sum = (f: (row: typeof orders[number]) => number) =>
      orders.reduce((total, row) => total + row.share_ratio * f(row), 0);
    return {
      workload: law.name,
      samples: [],
      tables: { orders },
      measures: {
        allocated_per_requested: sum((row) => row.block_pages) /
          sum((row) => row.mean_pages),
        mean_block_per_size: meanRatio,
      },
    };
  },
  figures: [{
    title:
      "Mean length of blocks over mean length of requests, by size distribution.",
    table: "summary",
    x: "sizes",
    y: "allocated_per_requested",
    series: "allocator",
    mark: "bar",
  }],
};

/** Which share of the requests gets a block of each order. */
function enumerate(law: Law, pages: PageAllocator) {
  const share = new Float64Array(pages.orders);
  const requested = new Float64Array(pages.orders);
  let [meanRatio, below] = [0, 0];
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
    meanRatio += weight * pages.pagesOf(order) / size;
  }
  const orders = Array.from(share, (share, order) => ({
    order,
    block_pages: pages.pagesOf(order),
    share_ratio: share,
    mean_pages: share > 0 ? requested[order]! / share : 0,
  }));
  return { orders, meanRatio };
}
