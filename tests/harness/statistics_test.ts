import { assertAlmostEquals, assertEquals } from "@std/assert";
import { spread, studentT } from "../../experiments/harness/statistics.ts";

Deno.test("quantiles of Student's t are those of the tables", () => {
  const table: [freedom: number, t: number][] = [
    [1, 12.7062047],
    [2, 4.30265273],
    [3, 3.18244631],
    [7, 2.36462425],
    [10, 2.22813885],
    [29, 2.04522964],
    [30, 2.04227246],
    [1000, 1.96233908],
  ];
  for (const [freedom, t] of table) {
    assertAlmostEquals(studentT(0.95, freedom), t, 1e-7);
  }
  assertAlmostEquals(studentT(0.5, 1), 1, 1e-12);
});

Deno.test("a sample is summed up; one value has no spread", () => {
  assertEquals(spread([5]), {
    count: 1,
    mean: 5,
    deviation: undefined,
    margin: undefined,
  });
  const { count, mean, deviation, margin } = spread([2, 4, 4, 4, 5, 5, 7, 9]);
  assertEquals([count, mean], [8, 5]);
  assertAlmostEquals(deviation!, Math.sqrt(32 / 7), 1e-12);
  assertAlmostEquals(margin!, 2.36462425 * Math.sqrt(32 / 7 / 8), 1e-7);
});
