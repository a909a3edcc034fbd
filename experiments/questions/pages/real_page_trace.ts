/**
 * A recorded kernel workload - 852,826 page allocations and frees of a live
 * Linux guest - through the textbook buddy system, Linux's (with the per-CPU
 * lists of three kernels, too) and the lazy one.
 *
 * @module
 */
import { PAGE } from "../../../allocators/pages.ts";
import { ratio } from "../../measures/columns.ts";
import {
  FREE_AREA_COLUMNS,
  type FreeAreaRow,
  freeAreaRows,
} from "../../measures/free_area.ts";
import { below, mean, quotient } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { columnMean } from "../../experiment/outcome.ts";
import { runPages } from "../../experiment/page_outcome.ts";
import { readPageTrace } from "../../traces/page_events.ts";

/** 1 GiB: the blocks that are live at once take 894 MiB at most. */
const PAGES = 262_144;
const TRACE = "traces/page_trace.csv.gz";
const BUDDY = `buddy:pages=${PAGES}`;
const LAZY = `lazy_buddy:pages=${PAGES}`;

/** The declaration. */
export const realPageTrace: Experiment = {
  name: "real_page_trace",
  question: "What does a real kernel's workload do to free memory?",
  claims: [{
    id: "real-pages-lazy",
    statement: "Merging lazily saves work on a real workload: splits and " +
      "merges of the lazy buddy system over those of the textbook system.",
    source: "after Lee and Barkley 1989",
    measured: quotient(
      mean("work_per_request", { allocator: LAZY }),
      mean("work_per_request", { allocator: BUDDY }),
    ),
    expected: below(1),
  }],
  random: false,
  allocators: [
    BUDDY,
    `linux_buddy:pages=${PAGES}`,
    ...["version=6.1:", "", "version=7.2:"].map((version) =>
      `linux_buddy:${version}pages=${PAGES}:pcp=63:cpus=2`
    ),
    LAZY,
  ],
  needs: ["pages"],
  parameters: {
    samples: {
      summary: "operations between samples",
      values: { quick: [200_000], default: [50_000] },
    },
  },
  columns: [
    ...FREE_AREA_COLUMNS,
    ratio("work_per_request", "Splits and merges per request."),
    ratio(
      "unusable_9_ratio",
      "Share of free memory in blocks below order 9, mean over the samples.",
    ),
  ],
  headline: ["work_per_request", "unusable_9_ratio", "failures"],
  async run(cell) {
    const trace = await cell.trace(
      TRACE,
      () => readPageTrace(TRACE, () => cell.data(TRACE)),
    );
    const freeArea: FreeAreaRow[] = [];
    const { session, samples } = await runPages(
      cell,
      trace,
      cell.number("samples"),
      ({ op, pages }) => freeArea.push(...freeAreaRows(op, pages)),
    );
    const { splits, coalesces } = session.pages.counters;
    const nines = freeArea.filter(({ order }) => order === 9);
    return {
      workload: TRACE,
      samples,
      tables: { free_area: freeArea },
      measures: {
        operations: session.op,
        failures: session.failures,
        peak_footprint_bytes: PAGES * PAGE,
        splits,
        coalesces,
        work_per_request: (splits + coalesces) / session.op,
        unusable_9_ratio: columnMean(nines, "unusable_ratio"),
      },
    };
  },
  figures: [{
    title:
      "Free memory in blocks too short for order 9, along a recorded kernel run.",
    table: "free_area",
    x: "op",
    y: "unusable_ratio",
    series: "allocator",
    mark: "line",
    where: { order: 9 },
  }],
};
