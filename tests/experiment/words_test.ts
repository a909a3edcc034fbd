/**
 * What people read about experiments is words: no names of the code, and no
 * tolerance that only covers rounding.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Claim } from "../../experiments/experiment/experiment.ts";
import { expectation } from "../../experiments/experiment/verdict.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";

/** Names of the world's own: functions, tunables, types and files. */
const FOREIGN = /\b(malloc_trim|arena_max|unordered_map|mmap_threshold)\b/g;
/** A name with an underscore, or a spec or law with its colon. */
const CODE = /\b[a-z]\w*_\w+|\b[a-z]\w*:\w/;

Deno.test("claims, conditions and titles use no names of the code", () => {
  for (const { claims, figures, question } of EXPERIMENTS) {
    const sentences = [
      question,
      ...claims.map(({ statement }) => statement),
      ...claims.map(({ verdict }) => verdict?.condition ?? ""),
      ...figures.flatMap(({ title, guide }) => [title, guide?.label ?? ""]),
    ];
    for (const text of sentences) {
      const words = text.replace(FOREIGN, "").replaceAll("std::", "");
      assert(!CODE.test(words), text);
    }
  }
});

Deno.test("columns are explained without the names of others", () => {
  for (const { columns = [] } of EXPERIMENTS) {
    for (const { name, description } of columns) {
      const words = description.replace(FOREIGN, "")
        .replace(/\bkmem_cache_shrink\b/, "");
      assert(!/\b[a-z]\w*_\w+/.test(words), `${name}: ${description}`);
    }
  }
});

Deno.test("a tolerance is told unless it only covers rounding", () => {
  const told = (value: number, tolerance: number) =>
    expectation({ expected: { value, tolerance } } as Claim);
  assertEquals(told(16384, 1e-12), "16384");
  assertEquals(told(7 / 9, 1e-12), "0.777778");
  assertEquals(told(1 / 33, 1e-9), "0.030303");
  assertEquals(told(0.0533, 5e-5), "0.0533 +- 0.00005");
  assertEquals(told(0, 0.005), "0 +- 0.005");
  assertEquals(told(0, 0), "0");
  assertEquals(told(25, 1), "25 +- 1");
});
