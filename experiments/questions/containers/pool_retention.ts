/**
 * What the pool of libstdc++ keeps: chunks, lists and rest at every phase of a
 * container's life, over several heaps.
 *
 * @module
 */
import { Pool } from "../../../allocators/stl/pool.ts";
import {
  ELEMENTS,
  RETURN_COLUMNS,
  returns,
  runContainer,
} from "./container_returns.ts";
import { bytes, type Column, count, type Row } from "../../measures/columns.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
  SAMPLES,
  type Value,
} from "../../experiment/experiment.ts";

const COLUMNS: readonly Column[] = [
  count("fill_calls", "call", "Calls of operator new for chunks by the fill."),
  count("refill_calls", "call", "The same by the second fill."),
  bytes("cleared_pool_bytes", "What the pool holds after the clear."),
  count("pool_chunks", "chunk", "Chunks got from operator new so far."),
  bytes("pool_listed_bytes", "Objects on the lists."),
];

/** Mean of a measure of maps over the pool on glibc. */
const of =
  (measure: string, where: Record<string, Value> = {}) =>
  (cells: readonly Finished[]) =>
    meanOf(cells, measure, { allocator: "pool", kind: "map", ...where });

/** The declaration. */
export const poolRetention: Experiment = {
  name: "pool_retention",
  question: "What does the STL's own allocator keep when a container is empty?",
  claims: [
    {
      id: "stl-allocator",
      statement: "The STL's allocator keeps the memory of a container that " +
        "was cleared.",
      source: "seed notes",
      measured: of("trimmed_ratio"),
      expected: { text: "< 0.01", holds: (share) => share < 0.01 },
      verdict: onlyIf(
        "it is the pool; std::allocator hands every node to malloc",
      ),
    },
    {
      id: "stl-allocator.refill",
      statement: "A second fill takes all from the lists: no call below.",
      source: "libstdc++, measured",
      measured: of("refill_calls"),
      expected: { value: 0, tolerance: 0 },
    },
    {
      id: "stl-allocator.calls",
      statement: "A million nodes take 122 calls of operator new.",
      source: "libstdc++, measured",
      measured: of("fill_calls", { elements: 1_000_000 }),
      expected: { value: 122, tolerance: 0 },
    },
  ],
  random: false,
  allocators: ["pool", "pool:below=first_fit", "pool:below=tlsf"],
  parameters: {
    elements: ELEMENTS,
    kind: {
      summary: "which container",
      values: { default: ["map", "list", "unordered_map"] },
    },
    ending: {
      summary: "how elements go",
      values: { default: ["clear"], full: ["clear", "half_erase"] },
    },
  },
  columns: [...RETURN_COLUMNS, ...COLUMNS],
  headline: ["fill_calls", "refill_calls", "cleared_pool_bytes"],
  async run(cell) {
    const pool: Row[] = [];
    const calls: Record<string, number> = {};
    let held = 0;
    const process = await runContainer(
      cell,
      { order: "ascending" },
      (phase, heap) => {
        if (!(heap instanceof Pool)) return;
        const lists = heap.census();
        calls[phase] = heap.chunkCount;
        if (phase === "clear") held = heap.held;
        pool.push({
          phase,
          pool_chunks: heap.chunkCount,
          pool_listed_bytes: lists.reduce((sum, { bytes }) => sum + bytes, 0),
        });
      },
    );
    const outcome = returns(cell, process);
    Object.assign(outcome.measures, {
      fill_calls: calls.insert! - calls.start!,
      refill_calls: calls.refill! - calls.insert!,
      cleared_pool_bytes: held,
    });
    return { ...outcome, tables: { pool } };
  },
  figures: [{
    title: "Resident memory of a container over a pool, phase by phase.",
    table: SAMPLES,
    x: "phase",
    y: "resident_bytes",
    series: "kind",
    mark: "bar",
    facet: "allocator",
  }],
};
