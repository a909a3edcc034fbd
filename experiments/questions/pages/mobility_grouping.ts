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
import { runPages } from "../../experiment/page_outcome.ts";
import { PageTraceBuilder } from "../../traces/page_builder.ts";
import type { PageSession } from "../../replay/page_session.ts";
import type { Trace } from "../../traces/trace.ts";

const PAGES = 65_536;
const LINUX = `linux_buddy:pages=${PAGES}`;
const UNMOVABLE = 0;
const MOVABLE = 1;
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
    const trace = onePageStays(
      order,
      remedy === "grouping" ? UNMOVABLE : MOVABLE,
    );
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

/** Takes all pages, then frees all but the first of every 2^order, of `type`. */
function onePageStays(order: number, type: number): Trace {
  const trace = new PageTraceBuilder();
  const gone: number[] = [];
  for (let i = 0; i < PAGES; i++) {
    const stays = i % 2 ** order === 0;
    const slot = trace.alloc(0, stays ? type : MOVABLE);
    if (!stays) gone.push(slot);
  }
  gone.forEach((slot) => trace.free(slot));
  return trace.build("one_page_stays");
}

/** Takes blocks of `order` while there are any; how many there were. */
function takeAll(session: PageSession, order: number, compacts: boolean) {
  let served = 0;
  for (;;) {
    if (session.pages.allocPages(order, MOVABLE) >= 0) served++;
    else if (!compacts || !session.compact(order)) return served;
  }
}
