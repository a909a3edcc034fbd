/**
 * One page in use keeps a whole block from merging: nearly all of the memory is
 * free, but every block contains a page that is not.
 *
 * @module
 */
import { ratio } from "../../measures/columns.ts";
import { exactly, lectureNotes, mean } from "../../experiment/claims.ts";
import { type Experiment, HEAP_MAP } from "../../experiment/experiment.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf, reusedRatio } from "../../measures/phases.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { PINNED_PAGES } from "../../workloads/buddy_pathologies.ts";

const TOP = { allocator: "buddy", order: 10 };

/** The declaration. */
export const buddyPinnedPage: Experiment = {
  name: "buddy_pinned_page",
  question: "How few pages in use can block every large request?",
  claims: [{
    id: "pin",
    statement: "One live page in every order-10 block is 1/1024 of the memory.",
    source: "arithmetic",
    measured: mean("pinned_ratio", TOP),
    expected: exactly(1 / 1024),
  }, {
    id: "buddy-pin",
    statement: "One page in use keeps a whole region from merging: share of " +
      "the order-10 requests that free memory then serves.",
    source: lectureNotes("drawbacks of the buddy system"),
    measured: mean("reused_ratio", TOP),
    expected: exactly(0),
  }],
  random: true,
  allocators: ["buddy", "buddy:pick=lowest", "first_fit", "tlsf"],
  parameters: {
    mebibytes: {
      summary: "memory in use at first, MiB",
      values: { quick: [16], default: [64], full: [1024] },
    },
    order: {
      summary: "order of the blocks in each of which one page stays live",
      values: { default: [1, 4, 8, 9, 10] },
    },
  },
  columns: [
    ratio(
      "pinned_ratio",
      "Share of the footprint that is live once pages are freed.",
    ),
    ratio("reused_ratio", "Share of the requests served without growing."),
  ],
  headline: ["pinned_ratio", "reused_ratio"],
  async run(cell) {
    const trace = await workloadTrace(cell, PINNED_PAGES);
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
