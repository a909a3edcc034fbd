/**
 * The kernels that people run, under the same load: how much free memory
 * Linux 6.1, 6.12 and 7.2 keep in blocks of 2 MiB, and how they mix what can
 * move with what cannot. 7.2 also with vm.defrag_mode, which compacts before
 * it lets types mix.
 *
 * @module
 */
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { count, ratio } from "../../measures/columns.ts";
import {
  FREE_AREA_COLUMNS,
  type FreeAreaRow,
  freeAreaRows,
} from "../../measures/free_area.ts";
import { parseLaw } from "../../laws/distributions.ts";
import { prng } from "../../laws/prng.ts";
import {
  above,
  below,
  difference,
  mean,
  near,
  type Quantity,
  quotient,
} from "../../experiment/claims.ts";
import type { Cell, Experiment } from "../../experiment/experiment.ts";
import { columnMean } from "../../experiment/outcome.ts";
import { runPages, takeAll } from "../../experiment/page_outcome.ts";
import { Unsuitable } from "../../replay/unsuitable.ts";
import { readPageTrace } from "../../traces/page_events.ts";
import type { Trace } from "../../traces/trace.ts";
import { pageChurn } from "../../workloads/page_churn.ts";

/** 1 GiB: the blocks of the recorded load take 894 MiB at most. */
const PAGES = 262_144;
const TRACE = "traces/page_trace.csv.gz";
const LOADS = ["churn", "recorded"];
/** A kernel as it is on a machine with two CPUs. */
const kernel = (version: string) =>
  `linux_buddy:${version}pages=${PAGES}:pcp=63:cpus=2`;
const V6_1 = kernel("version=6.1:");
const V6_12 = kernel("");
const V7_2 = kernel("version=7.2:");
const DEFRAG = `linux_buddy:version=7.2:pages=${PAGES}:defrag=1:pcp=63:cpus=2`;
const CHURN = { load: "churn" };
/** Requests that got pages of another type's pageblock. */
const fallbacks: Quantity = ({ claims, steals }) =>
  claims === undefined || steals === undefined ? undefined : claims + steals;
/** Samples of a cell. */
const LOOKS = 20;

/** The declaration. */
export const kernelVersions: Experiment = {
  name: "kernel_versions",
  question: "Which kernel keeps free memory in large blocks?",
  claims: [{
    id: "kernels-fallbacks",
    statement: "Claiming a pageblock or stealing one block, as 6.12 does, " +
      "falls back more often than the one step of 6.1: fallbacks over those.",
    source: "Linux 6.1 and 6.12, mm/page_alloc.c",
    measured: quotient(
      mean(fallbacks, { allocator: V6_12, ...CHURN }),
      mean(fallbacks, { allocator: V6_1, ...CHURN }),
    ),
    expected: above(1),
  }, {
    id: "kernels-mixed",
    statement: "The one step of 6.1, which moves what is free in a pageblock " +
      "even where it does not claim it, mixes fewer pageblocks: 6.1's over 6.12's.",
    source: "Linux 6.1 and 6.12, mm/page_alloc.c",
    measured: quotient(
      mean("mixed_ratio", { allocator: V6_1, ...CHURN }),
      mean("mixed_ratio", { allocator: V6_12, ...CHURN }),
    ),
    expected: below(1),
  }, {
    id: "kernels-7.2",
    statement: "As it comes, 7.2 mixes pageblocks as 6.12 does: difference.",
    source: "Linux 6.12 and 7.2, mm/page_alloc.c",
    measured: difference(
      mean("mixed_ratio", { allocator: V7_2, ...CHURN }),
      mean("mixed_ratio", { allocator: V6_12, ...CHURN }),
    ),
    expected: near(0, 0.01),
  }, {
    id: "kernels-defrag",
    statement: "In defrag mode 7.2 keeps types apart: pageblocks mixed " +
      "over those without.",
    source: "Linux 7.2, mm/page_alloc.c",
    measured: quotient(
      mean("mixed_ratio", { allocator: DEFRAG, ...CHURN }),
      mean("mixed_ratio", { allocator: V7_2, ...CHURN }),
    ),
    expected: below(0.5),
  }],
  random: ({ load }) => load === "churn",
  allocators: [V6_1, V6_12, V7_2, DEFRAG],
  needs: ["pages", "pageblockTypes"],
  parameters: {
    load: {
      summary: "churn: blocks of orders 0 to 3 come and go, the share of " +
        "unmovable ones rises and falls; recorded: what a live guest requested",
      values: { quick: ["churn"], default: LOADS },
    },
    steps: {
      summary: "blocks that come and go in churn",
      values: { default: [200_000], full: [1_000_000] },
    },
  },
  columns: [
    ...FREE_AREA_COLUMNS,
    ratio(
      "unusable_9_ratio",
      "Share of free memory in blocks below order 9, mean over the samples.",
    ),
    count("claims", "request", "Requests that changed a pageblock's type."),
    count(
      "steals",
      "request",
      "Requests served from another type's pageblock.",
    ),
    ratio("mixed_ratio", "Pageblocks with both movable and other live pages."),
    ratio("served_9_ratio", "Order-9 blocks that can be had, of free memory."),
    ratio(
      "compacted_9_ratio",
      "Order-9 blocks that can be had with compaction, of free memory.",
    ),
    count("load_moved_pages", "page", "Pages moved under the load."),
    ratio("moved_pages_per_block", "Pages moved for each block of compaction."),
  ],
  headline: [
    "unusable_9_ratio",
    "claims",
    "steals",
    "mixed_ratio",
    "served_9_ratio",
    "load_moved_pages",
  ],
  async run(cell) {
    const trace = await loadOf(cell);
    const rows = cell.choice("load", LOADS) === "churn"
      ? 2 * cell.number("steps")
      : 852_826;
    const freeArea: FreeAreaRow[] = [];
    const { session, samples } = await runPages(
      cell,
      trace,
      Math.ceil(rows / LOOKS),
      ({ op, pages }) => freeArea.push(...freeAreaRows(op, pages)),
    );
    const { pages } = session;
    if (!(pages instanceof LinuxBuddy)) {
      throw new Unsuitable("is not Linux's page allocator");
    }
    const nines = freeArea.filter(({ order }) => order === 9);
    const { claims, steals, counters } = pages;
    const mixed = pages.mixedPageblocks() / pages.pageblockTypes().length;
    const moved = counters.bytesMoved / PAGE;
    const { free, cached } = pages.usage();
    const blocks = (free + cached) / PAGE / 512;
    const served = takeAll(session, 9, false);
    const more = takeAll(session, 9, true);
    const moves = counters.bytesMoved / PAGE - moved;
    return {
      workload: trace.name,
      samples,
      tables: { free_area: freeArea },
      measures: {
        operations: session.op,
        failures: session.failures,
        unusable_9_ratio: columnMean(nines, "unusable_ratio"),
        claims,
        steals,
        mixed_ratio: mixed,
        served_9_ratio: served / blocks,
        compacted_9_ratio: (served + more) / blocks,
        load_moved_pages: moved,
        moved_pages_per_block: more > 0 ? moves / more : 0,
      },
    };
  },
  figures: [{
    title: "Free memory in blocks too short for order 9, by kernel.",
    table: "free_area",
    x: "op",
    y: "unusable_ratio",
    series: "allocator",
    mark: "line",
    where: { order: 9 },
    facet: "load",
  }],
};

/** The requests of the cell. */
async function loadOf(cell: Cell): Promise<Trace> {
  if (cell.choice("load", LOADS) === "recorded") {
    return await cell.trace(
      TRACE,
      () => readPageTrace(TRACE, () => cell.data(TRACE)),
    );
  }
  const settings = {
    pages: PAGES,
    peak_percent: 96,
    fill_percent: 50,
    orders: parseLaw("empirical:0:8:1:4:2:2:3:1"),
    unmovable_percent: 80,
    tides: 4,
    steps: cell.number("steps"),
  };
  return pageChurn(settings, prng(cell.seed));
}
