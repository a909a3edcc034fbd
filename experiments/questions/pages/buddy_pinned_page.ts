/**
 * One page in use keeps a whole block from merging: the memory is free but for
 * one page per block, and no block is free.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import {
  type Experiment,
  HEAP_MAP,
  meanOf,
} from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf, reusedRatio } from "../../measures/phases.ts";
import { prng } from "../../laws/prng.ts";
import { PINNED_PAGES } from "../../workloads/buddy_pathologies.ts";

const TOP = { allocator: "buddy", order: 10 };

/** The declaration. */
export const buddyPinnedPage: Experiment = {
  name: "buddy_pinned_page",
  question: "How few pages in use deny every large block?",
  claims: [{
    id: "pin",
    statement: "A live page in every block of order 10 is 1/1024 of memory.",
    source: "arithmetic",
    measured: (cells) => meanOf(cells, "pinned_ratio", TOP),
    expected: { value: 1 / 1024, tolerance: 0 },
  }, {
    id: "buddy-pin",
    statement:
      "One used page keeps a whole region from merging: of the order-" +
      "10 blocks then asked for, free memory serves this share.",
    source: "seed document",
    measured: (cells) => meanOf(cells, "reused_ratio", TOP),
    expected: { value: 0, tolerance: 0 },
  }],
  random: true,
  allocators: ["buddy", "buddy:pick=lowest", "first_fit", "tlsf"],
  parameters: {
    mebibytes: {
      summary: "memory in use at first, MiB",
      values: { quick: [16], default: [64], full: [1024] },
    },
    order: {
      summary: "one page stays live in every 2^order pages",
      values: { default: [1, 4, 8, 9, 10] },
    },
  },
  columns: [
    ratio("pinned_ratio", "Live share of the footprint once pages are freed."),
    ratio("reused_ratio", "Share of the blocks asked for that need no growth."),
  ],
  headline: ["pinned_ratio", "reused_ratio"],
  async run(cell) {
    const trace = PINNED_PAGES.build(cell.parameters, prng(cell.seed));
    const map = cell.allocator === "buddy" && cell.number("order") === 8;
    const outcome = await replayCell(cell, trace, { map });
    const freed = atEndOf("free", outcome.samples);
    Object.assign(outcome.measures, {
      pinned_ratio: freed.requested_bytes / freed.footprint_bytes,
      reused_ratio: reusedRatio(freed, atEndOf("request", outcome.samples)),
    });
    return outcome;
  },
  figures: [{
    title:
      "Share of memory that has to stay live to deny every block of an order.",
    table: "summary",
    x: "order",
    y: "pinned_ratio",
    series: "allocator",
    mark: "line",
    log: ["y"],
    where: { allocator: "buddy" },
  }, {
    ...HEAP_MAP,
    title: "What lies where while all pages but one in each block are freed.",
  }],
};
