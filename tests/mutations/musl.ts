/**
 * Rules of musl's malloc, bent or removed one at a time; a number is that of a
 * rule. Each must be noticed by a recorded run of the real one.
 *
 * Not here, because no address or page of the runs shows it: how descriptors
 * are reused, the check word, what a read of a fresh page does, and that a
 * refill skips a group which nobody uses (10a).
 *
 * @module
 */
import text from "./musl.txt" with { type: "text" };
import { blocksOf } from "./blocks.ts";
import type { MutationTable } from "./table.ts";

/** The rules, bent, and the recorded runs that should notice. */
export const MUSL: MutationTable = {
  name: "musl",
  tests: ["tests/oracle/musl_test.ts"],
  mutations: blocksOf(text, "allocators/musl"),
  shortStep: 12,
};
