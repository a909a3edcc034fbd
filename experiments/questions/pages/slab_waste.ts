/**
 * What an object costs beyond its size, by who serves it: whole pages, slabs
 * by the 1/8 rule, SLUB slabs, or kmalloc's size classes. No request is made;
 * the waste of a full slab is arithmetic.
 *
 * @module
 */
import { PAGE } from "../../../allocators/pages.ts";
import {
  bonwickOrder,
  bonwickPages,
  tailWaste,
} from "../../../allocators/slab/bonwick.ts";
import { slabGeometry } from "../../../allocators/slab/classic.ts";
import { kmallocSize } from "../../../allocators/slab/kmalloc.ts";
import { slubGeometry } from "../../../allocators/slab/slub.ts";
import { bytes, count, ratio } from "../../measures/columns.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
  NO_ALLOCATOR,
  onlyIf,
} from "../../experiment/experiment.ts";

/** Waste per object of `size` bytes, share of the memory. */
const SCHEMES: Record<string, (size: number, cpus: number) => number> = {
  buddy_pages: (size) => 1 - size / PAGE / 2 ** orderOf(size),
  single_page_slab: (size) => tailWaste(size, Math.ceil(size / PAGE)),
  eighth_rule: (size) => tailWaste(size, bonwickPages(size)),
  eighth_rule_orders: (size) => tailWaste(size, 2 ** bonwickOrder(size)),
  classic_slab(size) {
    const { order, objects } = slabGeometry({ objectSize: size });
    return 1 - objects * size / (PAGE << order);
  },
  slub(size, cpus) {
    const { order, objects } = slubGeometry({ objectSize: size }, cpus);
    return 1 - objects * size / (PAGE << order);
  },
  kmalloc: (size) => 1 - size / kmallocSize(size),
};

function orderOf(size: number): number {
  return Math.ceil(Math.log2(Math.ceil(size / PAGE)));
}

function claim(
  id: string,
  statement: string,
  measure: string,
  value: number,
  tolerance: number,
): Claim {
  return {
    id,
    statement,
    source: "Bonwick 1994; numbers by enumeration",
    measured: (cells) => meanOf(cells, measure, { largest: 4096, cpus: 2 }),
    expected: { value, tolerance },
  };
}

/** The declaration. */
export const slabWaste: Experiment = {
  name: "slab_waste",
  question: "How much memory do slabs save below a page?",
  claims: [
    claim(
      "bonwick",
      "1/8 rule, sizes 8..4096: mean waste is 5.33 %.",
      "eighth_rule_mean_ratio",
      0.0533,
      5e-5,
    ),
    claim(
      "bonwick-pages",
      "1/8 rule, sizes 8..4096: at most 7 pages.",
      "eighth_rule_most_pages",
      7,
      0,
    ),
    claim(
      "bonwick-orders",
      "1/8 rule in orders: mean waste is 5.74 %.",
      "eighth_rule_orders_mean_ratio",
      0.0574,
      5e-5,
    ),
    claim(
      "bonwick-single",
      "Single-page slabs: mean waste is 17.64 %.",
      "single_page_slab_mean_ratio",
      0.1764,
      5e-5,
    ),
    claim(
      "bonwick-single-most",
      "Single-page slabs: at most 49.8 %.",
      "single_page_slab_most_ratio",
      0.498,
      5e-4,
    ),
    {
      id: "slab-internal",
      statement:
        "Slab solves internal fragmentation below a page: mean waste " +
        "of SLUB over that of whole pages, sizes 8..4096.",
      source: "seed document",
      measured(cells) {
        const where = { largest: 4096, cpus: 2 };
        const slub = meanOf(cells, "slub_mean_ratio", where);
        const pages = meanOf(cells, "buddy_pages_mean_ratio", where);
        return slub === undefined ? undefined : slub / pages!;
      },
      expected: { text: "below 0.1", holds: (m) => m < 0.1 },
      verdict: onlyIf(
        "every size has a cache of its own; kmalloc's classes waste more",
      ),
    },
  ],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    largest: {
      summary: "sizes are 8, 16, ... up to so many bytes",
      values: { quick: [4096], default: [4096, 8192] },
    },
    cpus: {
      summary: "CPUs of the machine",
      values: { quick: [2], default: [2, 16] },
    },
  },
  columns: [
    bytes("object_bytes", "Size of an object."),
    ...Object.keys(SCHEMES).flatMap((scheme) => [
      ratio(`${scheme}_ratio`, "Waste, share of the memory."),
      ratio(`${scheme}_mean_ratio`, "Mean waste over the sizes."),
      ratio(`${scheme}_most_ratio`, "Largest waste over the sizes."),
    ]),
    count("eighth_rule_most_pages", "page", "Longest slab by the 1/8 rule."),
  ],
  headline: ["slub_mean_ratio", "kmalloc_mean_ratio", "buddy_pages_mean_ratio"],
  run(cell) {
    const cpus = cell.number("cpus");
    const sizes = Array.from(
      { length: cell.number("largest") / 8 },
      (_, i) => 8 * i + 8,
    );
    const names = Object.keys(SCHEMES);
    const rows = sizes.map((size) => ({
      object_bytes: size,
      ...Object.fromEntries(
        names.map((name) => [`${name}_ratio`, SCHEMES[name]!(size, cpus)]),
      ),
    }));
    const measures = names.flatMap((name) => {
      const waste = sizes.map((size) => SCHEMES[name]!(size, cpus));
      const mean = waste.reduce((sum, w) => sum + w, 0) / waste.length;
      return [
        [`${name}_mean_ratio`, mean],
        [`${name}_most_ratio`, Math.max(...waste)],
      ];
    });
    return {
      workload: "full slabs",
      samples: [],
      tables: { sizes: rows },
      measures: {
        ...Object.fromEntries(measures),
        eighth_rule_most_pages: Math.max(...sizes.map(bonwickPages)),
      },
    };
  },
  figures: [{
    title: "Share of its memory that SLUB wastes, by size of the objects.",
    table: "sizes",
    x: "object_bytes",
    y: "slub_ratio",
    series: "cpus",
    mark: "line",
    where: { largest: 4096 },
  }],
};
