/**
 * What an object costs beyond its size when it is served by whole pages, slabs
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
import { kmallocSize } from "../../../allocators/slab/kmalloc_sizes.ts";
import { slubGeometry } from "../../../allocators/slab/slub.ts";
import { bytes, count, ratio } from "../../measures/columns.ts";
import {
  below,
  exactly,
  lectureNotes,
  mean,
  near,
  onlyIf,
  quotient,
} from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  NO_ALLOCATOR,
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

/** What the schemes are. */
const SCHEME_WORDS: Record<keyof typeof SCHEMES, string> = {
  buddy_pages: "whole pages of the buddy system",
  single_page_slab: "slabs of as few pages as hold an object",
  eighth_rule: "slabs by Bonwick's rule (no longer than wastes at most 1/8)",
  eighth_rule_orders: "slabs by that rule, rounded up to 2^k pages,",
  classic_slab: "slabs of the kernel's SLAB",
  slub: "slabs of the kernel's SLUB",
  kmalloc: "kmalloc's size classes",
};

function orderOf(size: number): number {
  return Math.ceil(Math.log2(Math.ceil(size / PAGE)));
}

const UP_TO_4K = { largest: 4096, cpus: 2 };

function claim(
  id: string,
  statement: string,
  measure: string,
  expected: Claim["expected"],
): Claim {
  return {
    id,
    statement: `For objects of 8 to 4096 bytes, ${statement}.`,
    source: "Bonwick 1994; numbers by enumeration",
    measured: mean(measure, UP_TO_4K),
    expected,
  };
}

/** The declaration. */
export const slabWaste: Experiment = {
  name: "slab_waste",
  question: "How much memory do slabs save below a page?",
  claims: [
    claim(
      "bonwick",
      "slabs by Bonwick's 1/8 rule waste 5.33 % on average",
      "eighth_rule_mean_ratio",
      near(0.0533, 5e-5),
    ),
    claim(
      "bonwick-pages",
      "slabs by Bonwick's 1/8 rule have at most 7 pages",
      "eighth_rule_most_pages",
      exactly(7),
    ),
    claim(
      "bonwick-orders",
      "slabs by Bonwick's 1/8 rule, if rounded up to 2^k pages, waste " +
        "5.74 % on average",
      "eighth_rule_orders_mean_ratio",
      near(0.0574, 5e-5),
    ),
    claim(
      "bonwick-single",
      "slabs of one page waste 17.64 % on average",
      "single_page_slab_mean_ratio",
      near(0.1764, 5e-5),
    ),
    claim(
      "bonwick-single-most",
      "slabs of one page waste at most 49.8 %",
      "single_page_slab_most_ratio",
      near(0.498, 5e-4),
    ),
    {
      id: "slab-internal",
      statement:
        "Slabs solve internal fragmentation below a page: mean waste " +
        "of SLUB over that of whole pages, objects of 8 to 4096 bytes.",
      source: lectureNotes("slabs"),
      measured: quotient(
        mean("slub_mean_ratio", UP_TO_4K),
        mean("buddy_pages_mean_ratio", UP_TO_4K),
      ),
      expected: below(0.1),
      verdict: onlyIf(
        "every size has a cache of its own; kmalloc's classes waste more",
      ),
    },
  ],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    largest: {
      summary: "sizes are 8, 16, ... up to this many bytes",
      values: { quick: [4096], default: [4096, 8192] },
    },
    cpus: {
      summary: "CPUs of the machine",
      values: { quick: [2], default: [2, 16] },
    },
  },
  columns: [
    bytes("object_bytes", "Size of an object."),
    ...Object.entries(SCHEME_WORDS).flatMap(([scheme, words]) => [
      ratio(`${scheme}_ratio`, `Share of the memory that ${words} waste.`),
      ratio(
        `${scheme}_mean_ratio`,
        `Share of the memory that ${words} waste, mean over the sizes.`,
      ),
      ratio(
        `${scheme}_most_ratio`,
        `Share of the memory that ${words} waste, largest of any size.`,
      ),
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
    const waste = Object.entries(SCHEMES).map(([name, of]) => ({
      name,
      each: sizes.map((size) => of(size, cpus)),
    }));
    return {
      workload: "full slabs",
      samples: [],
      tables: {
        sizes: sizes.map((size, i) => ({
          object_bytes: size,
          ...Object.fromEntries(
            waste.map(({ name, each }) => [`${name}_ratio`, each[i]]),
          ),
        })),
      },
      measures: {
        ...Object.fromEntries(waste.flatMap(({ name, each }) => [
          [
            `${name}_mean_ratio`,
            each.reduce((sum, w) => sum + w, 0) / each.length,
          ],
          [`${name}_most_ratio`, Math.max(...each)],
        ])),
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
