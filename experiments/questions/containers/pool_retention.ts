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
import { bytes, count } from "../../measures/columns.ts";
import {
  below,
  exactly,
  lectureNotes,
  mean,
  onlyIf,
} from "../../experiment/claims.ts";
import { type Experiment, SAMPLES } from "../../experiment/experiment.ts";

/** Maps over the pool on glibc. */
const MAPS = { allocator: "pool", kind: "map" };

/** The declaration. */
export const poolRetention: Experiment = {
  name: "pool_retention",
  question: "What does the STL's own allocator keep when a container is empty?",
  claims: [
    {
      id: "stl-allocator",
      statement:
        "The STL's allocator keeps the memory of a cleared container: " +
        "share of it that malloc_trim(0) returns.",
      source: lectureNotes("clearing a map"),
      measured: mean("trimmed_ratio", MAPS),
      expected: below(0.01),
      verdict: onlyIf(
        "it is the pool; std::allocator gives every node back to malloc",
      ),
    },
    {
      id: "stl-allocator.refill",
      statement: "A second fill is served from the pool's lists: calls of " +
        "operator new.",
      source: "libstdc++, measured",
      measured: mean("refill_calls", MAPS),
      expected: exactly(0),
    },
    {
      id: "stl-allocator.calls",
      statement: "A map of a million nodes makes 122 calls of operator new.",
      source: "libstdc++, measured",
      measured: mean("fill_calls", { ...MAPS, elements: 1_000_000 }),
      expected: exactly(122),
    },
  ],
  random: false,
  allocators: ["pool", "pool:below=first_fit", "pool:below=tlsf"],
  parameters: {
    elements: ELEMENTS,
    kind: {
      summary: "container",
      values: { default: ["map", "list", "unordered_map"] },
    },
    ending: {
      summary: "how the elements go",
      values: { default: ["clear"], full: ["clear", "half_erase"] },
    },
  },
  columns: [
    ...RETURN_COLUMNS,
    count("fill_calls", "call", "Calls of operator new during the first fill."),
    count(
      "refill_calls",
      "call",
      "Calls of operator new during the second fill.",
    ),
    bytes("cleared_pool_bytes", "Bytes that the pool holds after the clear."),
    count("pool_chunks", "chunk", "Chunks got from operator new so far."),
    bytes("pool_listed_bytes", "Bytes of the objects on the pool's lists."),
  ],
  headline: ["fill_calls", "refill_calls", "cleared_pool_bytes"],
  async run(cell) {
    const pool: ReturnType<typeof rowOf>[] = [];
    let held = 0;
    const process = await runContainer(
      cell,
      { order: "ascending" },
      (phase, heap) => {
        if (!(heap instanceof Pool)) return;
        pool.push(rowOf(phase, heap));
        if (phase === "clear") held = heap.held;
      },
    );
    // NaN, so not measured, where the allocator is no pool.
    const chunks = (phase: string) =>
      pool.findLast((row) => row.phase === phase)?.pool_chunks ?? NaN;
    const outcome = returns(cell, process);
    Object.assign(outcome.measures, {
      fill_calls: chunks("insert") - chunks("start"),
      refill_calls: chunks("refill") - chunks("insert"),
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

/** A row of the table `pool`. */
function rowOf(phase: string, pool: Pool) {
  return {
    phase,
    pool_chunks: pool.chunkCount,
    pool_listed_bytes: pool.census()
      .filter(({ list }) => list.startsWith("pool"))
      .reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
