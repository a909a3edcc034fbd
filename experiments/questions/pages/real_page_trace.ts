/**
 * A recorded kernel workload - 852,826 page allocations and frees of a live
 * Linux guest - through the textbook system, Linux and the lazy one.
 *
 * @module
 */
import {
  fragmentationIndex,
  unusableFreeIndex,
} from "../../../allocators/buddy/indexes.ts";
import { PAGE, type PageAllocator } from "../../../allocators/pages.ts";
import { count, ratio } from "../../measures/columns.ts";
import type { Row, Sample } from "../../measures/columns.ts";
import { type Experiment, meanOf } from "../../experiment/experiment.ts";
import { PageSession, replayPages } from "../../replay/page_session.ts";
import { readPageTrace } from "../../traces/page_events.ts";

/** 1 GiB: the blocks that live at once take 894 MiB at most. */
const PAGES = 262_144;
const TRACE = "traces/page_trace.csv.gz";
const BUDDY = `buddy:pages=${PAGES}`;
const LAZY = `lazy_buddy:pages=${PAGES}`;

/** Free blocks of each order. */
function blocksOf(pages: PageAllocator): number[] {
  const blocks: number[] = new Array(pages.orders).fill(0);
  pages.walkPages((_pfn, order, kind) => {
    if (kind === "free") blocks[order]!++;
  });
  return blocks;
}

/** The declaration. */
export const realPageTrace: Experiment = {
  name: "real_page_trace",
  question: "What does a real kernel's workload do to free memory?",
  claims: [{
    id: "real-pages-lazy",
    statement:
      "Merging late saves work on a real workload: splits and merges " +
      "per request, over those of the textbook system.",
    source: "after Lee and Barkley 1989",
    measured(cells) {
      const [lazy, eager] = [LAZY, BUDDY].map((allocator) =>
        meanOf(cells, "work_per_request", { allocator })
      );
      return lazy === undefined ? undefined : lazy / eager!;
    },
    expected: { text: "below 1", holds: (m) => m < 1 },
  }],
  random: false,
  allocators: [
    BUDDY,
    `linux_buddy:pages=${PAGES}`,
    `linux_buddy:pages=${PAGES}:pcp=63:cpus=2`,
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
    count("order", "order", "Order of the blocks."),
    count("blocks", "block", "Free blocks of the order."),
    ratio("unusable_ratio", "Share of free memory in shorter blocks."),
    ratio(
      "fragmentation_index",
      "-1 served; toward 0 short, toward 1 fragmented.",
    ),
    ratio("work_per_request", "Splits and merges for each request."),
    ratio("unusable_9_ratio", "Mean unusable share for order 9."),
  ],
  headline: ["work_per_request", "unusable_9_ratio", "failures"],
  async run(cell) {
    const session = new PageSession(cell.pages());
    const stream = await cell.data(TRACE);
    const trace = readPageTrace(TRACE, () => stream);
    const samples: Sample[] = [];
    const rows: Row[] = [];
    await replayPages(trace, session, {
      every: cell.number("samples"),
      sink(sample) {
        samples.push(sample);
        const blocks = blocksOf(session.pages);
        blocks.forEach((count, order) =>
          rows.push({
            op: session.op,
            order,
            blocks: count,
            unusable_ratio: unusableFreeIndex(blocks, order) / 1000,
            fragmentation_index: fragmentationIndex(blocks, order) / 1000,
          })
        );
      },
    });
    const { splits, coalesces } = session.pages.counters;
    const nines = rows.filter(({ order }) => order === 9);
    return {
      workload: TRACE,
      samples,
      tables: { free_area: rows },
      measures: {
        operations: session.op,
        failures: session.failures,
        peak_footprint_bytes: PAGES * PAGE,
        splits,
        coalesces,
        work_per_request: (splits + coalesces) / session.op,
        unusable_9_ratio:
          nines.reduce((sum, row) => sum + (row.unusable_ratio as number), 0) /
          nines.length,
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
