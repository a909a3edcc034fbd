/**
 * Rules of jemalloc, bent or removed one at a time. Each must be noticed by a
 * recorded run of the real one.
 *
 * Not here, because no run shows it: where a heap is merged while it is read,
 * and which serial number extents of one mapping have after a merge.
 *
 * @module
 */
import text from "./jemalloc.txt" with { type: "text" };
import { blocksOf } from "./blocks.ts";
import type { MutationTable } from "./table.ts";

/** The rules, bent, and the runs and measurements that should notice. */
export const JEMALLOC: MutationTable = {
  name: "jemalloc",
  tests: ["tests/oracle/jemalloc_test.ts", "tests/allocators/jemalloc"],
  mutations: blocksOf(text, "allocators/jemalloc"),
  shortStep: 20,
};
