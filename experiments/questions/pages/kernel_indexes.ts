/**
 * The kernel's indexes on free memory of known shape: is a request refused
 * because memory is short, or because what is free is in pieces?
 *
 * @module
 */
import {
  availability,
  extfragForOrder,
  fragmentationIndex,
  sawicki,
  unusableFreeIndex,
} from "../../../allocators/buddy/indexes.ts";
import { count, ratio } from "../../measures/columns.ts";
import { exactly, mean } from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  NO_ALLOCATOR,
} from "../../experiment/experiment.ts";

const ORDERS = 11;
const TEN_OF_EACH: readonly number[] = new Array(ORDERS).fill(10);

/** Free blocks of each order, from 0 up. */
const SHAPES: Record<string, readonly number[]> = {
  thousand_pages: [1000],
  three_orders: [512, 256, 128],
  ten_of_each: TEN_OF_EACH,
  one_order_3: [0, 0, 0, 1],
};

/** The same in words. */
const WORDS: Record<string, string> = {
  thousand_pages: "1000 single pages",
  three_orders: "512 blocks of order 0, 256 of order 1 and 128 of order 2",
  ten_of_each: "ten blocks of each order",
  one_order_3: "one block of order 3",
};

function claim(
  id: string,
  shape: string,
  order: number,
  measure: string,
  value: number,
): Claim {
  return {
    id,
    statement: `With ${WORDS[shape]} free, the kernel's ` +
      `${measure.replace("_", " ")} for a request of order ${order} is ` +
      `${value}.`,
    source: "Linux, mm/vmstat.c; by arithmetic",
    measured: mean(measure, { shape, order }),
    expected: exactly(value),
  };
}

/** The declaration. */
export const kernelIndexes: Experiment = {
  name: "kernel_indexes",
  question: "Is memory short, or fragmented?",
  claims: [
    claim("linux-frag-1", "thousand_pages", 4, "fragmentation_index", 937),
    claim("linux-frag-1-unusable", "thousand_pages", 4, "unusable_index", 1000),
    claim("linux-frag-2", "three_orders", 3, "fragmentation_index", 785),
    claim("linux-frag-3", "ten_of_each", 9, "fragmentation_index", -1000),
    claim("linux-frag-3-unusable", "ten_of_each", 9, "unusable_index", 249),
    claim("linux-frag-4", "one_order_3", 4, "fragmentation_index", -500),
  ],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    shape: {
      summary: `free blocks; ${
        Object.entries(WORDS).map((pair) => pair.join(": ")).join("; ")
      }`,
      values: { default: Object.keys(SHAPES) },
    },
    order: {
      summary: "order of the request",
      values: { default: [1, 3, 4, 7, 9, 10] },
    },
  },
  columns: [
    count(
      "fragmentation_index",
      "1/1000",
      "Fragmentation index: -1000 if the request is served; else near 0 or " +
        "below memory is short, near 1000 it is fragmented.",
    ),
    count(
      "unusable_index",
      "1/1000",
      "Share of free memory in blocks that are too short.",
    ),
    count(
      "extfrag_percent",
      "%",
      "Share of free memory in blocks that are too short, in per cent.",
    ),
    ratio("available_ratio", "Share of free memory that can serve the order."),
    ratio(
      "sawicki_index",
      "Sawicki's index of how scattered free memory is, 0 if it is one block: " +
        "1 - sqrt(sum of f^2)/sum of f, where f are the lengths of the free " +
        "blocks.",
    ),
  ],
  headline: ["fragmentation_index", "unusable_index", "available_ratio"],
  run(cell) {
    const shape = cell.choice("shape", Object.keys(SHAPES));
    const order = cell.number("order");
    const blocks = SHAPES[shape]!;
    return {
      workload: shape,
      samples: [],
      measures: {
        fragmentation_index: fragmentationIndex(blocks, order),
        unusable_index: unusableFreeIndex(blocks, order),
        extfrag_percent: extfragForOrder(blocks, order),
        available_ratio: availability(blocks, order),
        sawicki_index: sawicki(blocks),
      },
    };
  },
  figures: [{
    title:
      "The kernel's fragmentation index by order, for some shapes of free memory.",
    table: "summary",
    x: "order",
    y: "fragmentation_index",
    series: "shape",
    mark: "line",
  }],
};
