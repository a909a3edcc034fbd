import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  compare,
  isCalled,
  limitIn,
  type Measured,
  passes,
} from "../../experiments/measures/paired.ts";

/** Cells of one key, a seed each, whose `peak_footprint_bytes` are `values`. */
function cells(key: string, values: readonly number[]): Measured[] {
  return values.map((value, i) => ({
    key: ["e", key, ""],
    seed: `${i + 1}`,
    measures: new Map([["peak_footprint_bytes", value], ["failures", 0]]),
  }));
}

Deno.test("differences are paired by seed, the largest share first", () => {
  const before = [...cells("a", [100, 200, 300]), ...cells("b", [10])];
  const after = [
    ...cells("b", [5]),
    ...cells("a", [110, 212, 308]),
    ...cells("c", [1]),
  ];
  const found = compare(before, after);
  assertEquals(
    [found.pairs, found.onlyBefore, found.onlyAfter, found.compared],
    [4, 0, 1, 4],
  );
  assertEquals(found.equal, 2);
  const [first, second] = found.differences;
  assertEquals([first!.key[1], first!.share, first!.interval], [
    "b",
    -0.5,
    undefined,
  ]);
  // Of 10, 12 and 8: mean 10, deviation 2, t(2) = 4.302653.
  assertEquals([second!.before, second!.after, second!.change], [200, 210, 10]);
  assertAlmostEquals(
    second!.interval![0],
    10 - 4.302653 * 2 / Math.sqrt(3),
    1e-5,
  );
  assertEquals(second!.share, 0.05);
});

Deno.test("differences that cancel are still differences, from 0 is the largest", () => {
  const swaps = compare(cells("a", [1, 2]), cells("a", [2, 1]));
  assertEquals(swaps.differences.map(({ change }) => change), [0]);
  const rise = compare(
    [...cells("a", [0]), ...cells("b", [1])],
    [...cells("a", [1]), ...cells("b", [9])],
  );
  assertEquals(rise.differences.map(({ share }) => share), [Infinity, 8]);
});

Deno.test("cells that are the same but for what is left out are refused", () => {
  const twice = [...cells("a", [1]), ...cells("a", [2])];
  assertThrows(() => compare(twice, []), RangeError, "1 cell is like others");
});

Deno.test("a limit is a measure, a side and a change", () => {
  assertEquals(limitIn("peak_footprint>+5%"), {
    measure: "peak_footprint",
    above: true,
    value: 0.05,
    relative: true,
  });
  assertEquals(limitIn("free_bytes < -1024.5")?.value, -1024.5);
  for (const text of ["peak", "peak>", ">5%", "peak>5%%", "peak=5", "Peak>1"]) {
    assertEquals(limitIn(text), undefined, text);
  }
  assertEquals(isCalled("peak_footprint_bytes", "peak_footprint"), true);
  assertEquals(isCalled("internal_ratio", "internal"), true);
  assertEquals(isCalled("peak_footprint_bytes", "peak"), false);
});

Deno.test("a limit is passed by means that are sure, and not met by equality", () => {
  const one = (before: number[], after: number[], text: string) =>
    passes(
      compare(cells("a", before), cells("a", after)).differences[0]!,
      limitIn(text)!,
    );
  assertEquals(one([100], [106], "peak_footprint>+5%"), true);
  assertEquals(one([100], [105], "peak_footprint>+5%"), false);
  assertEquals(one([100], [105], "peak_footprint>4"), true);
  assertEquals(one([100], [94], "peak_footprint<-5%"), true);
  assertEquals(one([100], [94], "peak_footprint>+5%"), false);
  assertEquals(one([100, 100], [110, 111], "peak_footprint>+5%"), true);
  // 6 % more on average, but one seed lost: the interval holds 0.
  assertEquals(one([100, 100], [200, 12], "peak_footprint>+5%"), false);
  assertEquals(one([0], [1], "peak_footprint>+5%"), true);
});
