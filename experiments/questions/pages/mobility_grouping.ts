/**
 * Remedies for the pinned page: memory fills up page by page, one page in
 * every 2^order stays, the others go. Grouping requests the pages that stay as
 * unmovable, so that they share pageblocks; compaction moves them.
 *
 * @module
 */
import { PAGE } from "../../../allocators/pages.ts";
import { count, ratio } from "../../measures/columns.ts";
import { above, lectureNotes, mean, near } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { MigrateType } from "../../../allocators/buddy/linux_area.ts";
import { runPages, takeAll } from "../../experiment/page_outcome.ts";
import { onePageStays } from "../../workloads/one_page_stays.ts";

const PAGES = 65_536;
const LINUX = `linux_buddy:pages=${PAGES}`;
const REMEDIES = ["none", "grouping", "compaction"];

/** The declaration. */
export const mobilityGrouping: Experiment = {
  name: "mobility_grouping",
  question: "What helps against one pinned page in every block?",
  claims: [{
    id: "buddy-pin-grouping",
    statement: "Grouping pages by mobility keeps most large blocks free: " +
      "share of the order-9 blocks that can be had.",
    source: `Linux 6.12; ${lectureNotes("the buddy system")}, restated`,
    measured: mean("free_blocks_ratio", {
      allocator: LINUX,
      remedy: "grouping",
      order: 9,
    }),
    expected: above(0.9),
  }, {
    id: "buddy-pin-compaction",
    statement:
      "Compaction wins back an order-9 block for each page it moves: " +
      "pages moved per block.",
    source: "Linux 6.12, mm/compaction.c; arithmetic",
    measured: mean("moved_pages_per_block", {
      allocator: LINUX,
      remedy: "compaction",
      order: 9,
    }),
    expected: near(1, 0.01),
  }],
  random: false,
  allocators: [`buddy:pages=${PAGES}`, LINUX],
  needs: ["pages"],
  parameters: {
    order: {
      summary: "order of the blocks in each of which one page stays",
      values: { quick: [9], default: [4, 6, 8, 9, 10] },
    },
    remedy: {
      summary:
        "remedy for pinned pages: none, grouping by mobility, or compaction",
      values: { default: REMEDIES },
    },
  },
  columns: [
    ratio("free_blocks_ratio", "Blocks of the order that can be had, of all."),
    ratio("moved_pages_per_block", "Pages moved for each block served."),
    count("served_blocks", "block", "Blocks of the order served at the end."),
  ],
  headline: ["free_blocks_ratio", "moved_pages_per_block"],
  async run(cell) {
    const order = cell.number("order");
    const remedy = cell.choice("remedy", REMEDIES);
    const trace = onePageStays({
      pages: PAGES,
      order,
      type: remedy === "grouping" ? MigrateType.UNMOVABLE : MigrateType.MOVABLE,
    });
    const { session, samples } = await runPages(cell, trace, PAGES / 4);
    const served = takeAll(session, order, remedy === "compaction");
    const moved = session.pages.counters.bytesMoved / PAGE;
    return {
      workload: trace.name,
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
