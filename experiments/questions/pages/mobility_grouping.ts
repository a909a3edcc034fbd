/**
 * Remedies for the pinned page: memory fills up page by page, one page in
 * every 2^order stays, the others go. Grouping asks for the pages that stay as
 * unmovable ones, so that they share pageblocks; compaction moves them.
 *
 * @module
 */
import { PAGE } from "../../../allocators/pages.ts";
import { count, ratio } from "../../measures/columns.ts";
import { type Experiment, meanOf } from "../../experiment/experiment.ts";
import { PageTraceBuilder } from "../../traces/page_builder.ts";
import { PageSession, replayPages } from "../../replay/page_session.ts";
import type { Sample } from "../../measures/columns.ts";

const PAGES = 65_536;
const LINUX = `linux_buddy:pages=${PAGES}`;
const UNMOVABLE = 0;
const MOVABLE = 1;

/** The declaration. */
export const mobilityGrouping: Experiment = {
  name: "mobility_grouping",
  question: "What helps against one pinned page in every block?",
  claims: [{
    id: "buddy-pin-grouping",
    statement:
      "Grouping pages by mobility keeps most large blocks free: share " +
      "of order-9 blocks that are.",
    source: "Linux 6.12; seed document, restated",
    measured: (cells) =>
      meanOf(cells, "free_blocks_ratio", {
        allocator: LINUX,
        remedy: "grouping",
        order: 9,
      }),
    expected: { text: "above 0.9", holds: (m) => m > 0.9 },
  }, {
    id: "buddy-pin-compaction",
    statement: "Compaction gets an order-9 block back for one page moved.",
    source: "Linux 6.12, mm/compaction.c; arithmetic",
    measured: (cells) =>
      meanOf(cells, "moved_pages_per_block", {
        allocator: LINUX,
        remedy: "compaction",
        order: 9,
      }),
    expected: { value: 1, tolerance: 0.01 },
  }],
  random: false,
  allocators: [`buddy:pages=${PAGES}`, LINUX],
  needs: ["pages"],
  parameters: {
    order: {
      summary: "one page stays in every 2^order pages",
      values: { quick: [9], default: [4, 6, 8, 9, 10] },
    },
    remedy: {
      summary: "none, grouping by mobility, or compaction",
      values: { default: ["none", "grouping", "compaction"] },
    },
  },
  columns: [
    ratio(
      "free_blocks_ratio",
      "Blocks of the order served over all there are.",
    ),
    ratio("moved_pages_per_block", "Pages moved for each block served."),
    count("served_blocks", "block", "Blocks of the order served at the end."),
  ],
  headline: ["free_blocks_ratio", "moved_pages_per_block"],
  async run(cell) {
    const order = cell.number("order");
    const remedy = cell.text("remedy");
    const kept = remedy === "grouping" ? UNMOVABLE : MOVABLE;
    const trace = new PageTraceBuilder();
    const gone: number[] = [];
    for (let i = 0; i < PAGES; i++) {
      const stays = i % 2 ** order === 0;
      const slot = trace.alloc(0, stays ? kept : MOVABLE);
      if (!stays) gone.push(slot);
    }
    gone.forEach((slot) => trace.free(slot));
    const session = new PageSession(cell.pages());
    const samples: Sample[] = [];
    await replayPages(trace.build("one_page_stays"), session, {
      every: PAGES / 4,
      sink: (sample) => samples.push(sample),
    });
    const { pages } = session;
    let served = 0;
    for (;;) {
      if (pages.allocPages(order, MOVABLE) >= 0) served++;
      else if (remedy !== "compaction" || !session.compact(order)) break;
    }
    const moved = pages.counters.bytesMoved / PAGE;
    return {
      workload: "one_page_stays",
      samples: [...samples, session.sample("request")],
      measures: {
        served_blocks: served,
        free_blocks_ratio: served / (PAGES / 2 ** order),
        moved_pages_per_block: served > 0 ? moved / served : 0,
      },
    };
  },
  figures: [{
    title:
      "Share of blocks that can be had while one page in each stays, by remedy.",
    table: "summary",
    x: "order",
    y: "free_blocks_ratio",
    series: "remedy",
    mark: "bar",
    facet: "allocator",
  }],
};
