import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { prng } from "../../experiments/laws/prng.ts";
import {
  middle,
  spread,
  studentT,
} from "../../experiments/measures/statistics.ts";

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

Deno.test("a median and its interval", () => {
  assertEquals(middle([7]), { median: 7, interval: undefined });
  assertEquals(middle([3, 3, 3]), { median: 3, interval: [3, 3] });
  assertEquals(middle([4, 1, 2, 9]).median, 3);
  // P(the median of a resample is the least of five) = 0.058: above 0.025.
  assertEquals(middle([50, 10, 30, 20, 40]).interval, [10, 50]);
  // Of eleven: 0.0076 for the second least, 0.042 up to the third.
  const eleven = Array.from({ length: 11 }, (_, i) => i);
  assertEquals(middle(eleven).interval, [2, 8]);
  assertEquals(middle(eleven.toReversed()), middle(eleven));
});

Deno.test("the interval of a median covers it about 19 times in 20", () => {
  const draw = prng(1);
  let covered = 0;
  for (let trial = 0; trial < 400; trial++) {
    const values = Array.from({ length: 25 }, () => draw() ** 2);
    const [low, high] = middle(values).interval!;
    if (low <= 0.25 && 0.25 <= high) covered++;
  }
  assert(covered > 365 && covered < 395, `${covered} of 400`);
});
