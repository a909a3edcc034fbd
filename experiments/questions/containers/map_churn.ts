/**
 * A `std::map` whose elements are inserted, half erased, inserted again and
 * cleared: what its nodes leave behind.
 *
 * @module
 */
import { bytes, ratio } from "../../measures/columns.ts";
import { exactly, isOf, mean } from "../../experiment/claims.ts";
import {
  type Experiment,
  HEAP_MAP,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { HEAPS } from "../../experiment/heaps.ts";
import { replayCell } from "../../experiment/outcome.ts";
import { atEndOf } from "../../measures/phases.ts";
import { workloadTrace } from "../../experiment/workload_trace.ts";
import { MAP_NODES } from "../../workloads/map_nodes.ts";

const BUDDY = "buddy:page=16:orders=14";

/** Bytes of a node of `map<int, int>` and of `map<int, string>`. */
const NODE = { int: 40, string: 72 };

/** Cells that are drawn, and allocators whose heaps are. */
const MAPPED = ["first_fit", "worst_fit", "glibc", "pool", "kmalloc", BUDDY];
const SHOWN = { keys: "random", erase: "random", strings: "uniform:16:64" };

/** The declaration. */
export const mapChurn: Experiment = {
  name: "map_churn",
  question: "What do the nodes of an erased map leave behind?",
  claims: [{
    id: "map-every-other",
    statement: "Once every other node is erased, the longest free block is " +
      "one node of 40 bytes and its header of 8.",
    source: "arithmetic",
    measured: mean("erased_largest_free_bytes", {
      allocator: "first_fit",
      keys: "ascending",
      erase: "every_other",
      strings: "none",
    }),
    expected: exactly(48),
  }],
  random: ({ keys, erase, strings }) =>
    keys === "random" || erase === "random" || strings !== "none",
  allocators: [...HEAPS, "pool", "kmalloc", BUDDY],
  parameters: {
    elements: {
      summary: "elements of the map",
      values: { quick: [1000], default: [10_000], full: [1_000_000] },
    },
    keys: {
      summary: "order in which elements are inserted",
      values: { default: ["random", "ascending"] },
    },
    erase: {
      summary: "which half is erased, by key",
      values: { default: ["every_other", "ascending", "random"] },
    },
    strings: {
      summary: "size distribution of a string per element, bytes; or none",
      values: { default: ["none", "uniform:16:64"] },
    },
  },
  columns: [
    bytes("erased_largest_free_bytes", "Longest free block after the erase."),
    ratio(
      "erased_retained_ratio",
      "Share of the footprint in no live block after the erase.",
    ),
    bytes("cleared_footprint_bytes", "Footprint after the clear."),
  ],
  headline: ["erased_retained_ratio", "cleared_footprint_bytes"],
  async run(cell) {
    const node = cell.text("strings") === "none" ? NODE.int : NODE.string;
    const trace = await workloadTrace(cell, MAP_NODES, {
      ...cell.parameters,
      node,
    });
    const map = MAPPED.includes(cell.allocator) && isOf(cell, SHOWN);
    const outcome = await replayCell(cell, trace, { map });
    const erased = atEndOf("erase", outcome.samples);
    const cleared = atEndOf("clear", outcome.samples);
    Object.assign(outcome.measures, {
      erased_largest_free_bytes: erased.largest_free_bytes,
      erased_retained_ratio: erased.retained_ratio,
      cleared_footprint_bytes: cleared.footprint_bytes,
    });
    return outcome;
  },
  figures: [{
    title:
      "Footprint of a map that is filled, half erased, filled again and cleared.",
    table: SAMPLES,
    x: "op",
    y: "footprint_bytes",
    series: "allocator",
    mark: "line",
    where: SHOWN,
  }, {
    ...HEAP_MAP,
    title:
      "What lies where while a map is filled, half erased, filled again and cleared.",
  }],
};
