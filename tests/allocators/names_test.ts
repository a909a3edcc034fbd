/**
 * Names that are offered in place of a wrong one.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { nearest, unknownName } from "../../allocators/names.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";

const HEAPS = ALLOCATORS.map(({ name }) => name);
const QUESTIONS = EXPERIMENTS.map(({ name }) => name);

Deno.test("a slip of the pen is understood", () => {
  const slips: [wrong: string, right: string, known: readonly string[]][] = [
    ["frist_fit", "first_fit", HEAPS],
    ["firstfit", "first_fit", HEAPS],
    ["first-fit", "first_fit", HEAPS],
    ["First_Fit", "first_fit", HEAPS],
    ["first_fitt", "first_fit", HEAPS],
    ["glbc", "glibc", HEAPS],
    ["tslf", "tlsf", HEAPS],
    ["kingsly", "kingsley", HEAPS],
    ["map_chrun", "map_churn", QUESTIONS],
    ["johnston_wilson", "johnstone_wilson", QUESTIONS],
    ["--alocator", "--allocator", ["--set", "--allocator", "--all"]],
  ];
  for (const [wrong, right, known] of slips) {
    assertEquals(nearest(wrong, known)[0], right);
  }
  const maps = ["map_churn", "map_clear", "map_string"];
  assertEquals(nearest("map", QUESTIONS), maps);
});

Deno.test("what is like nothing is told what is known", () => {
  const none: [string, readonly string[]][] = [
    ["bogus", HEAPS],
    ["x", ["M", "m", "n"]],
    ["", ["a", "b"]],
    ["constructor", HEAPS],
  ];
  for (const [wrong, known] of none) assertEquals(nearest(wrong, known), []);
  const message = (name: string, ...known: string[]) =>
    unknownName(`key "${name}"`, name, known);
  assertEquals(
    message("x", "live", "steps"),
    'Unknown key "x": known are live, steps',
  );
  assertEquals(message("x"), 'Unknown key "x": known are none');
  assertEquals(
    message("liev", "live"),
    'Unknown key "liev": did you mean live?',
  );
  assertEquals(
    message("mapp", "map1", "map2", "map3", "map4"),
    'Unknown key "mapp": did you mean map1, map2 or map3?',
  );
  const many = Array.from({ length: 99 }, (_, i) => `number${i}`);
  assertEquals(
    message("x", ...many),
    `Unknown key "x": known are ${
      many.slice(0, 12).join(", ")
    }, ... (99 in all)`,
  );
});
