/**
 * The table of a run.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { resultText } from "../../experiments/commands/report.ts";
import type { Point } from "../../experiments/experiment/experiment.ts";
import type { Summary } from "../../experiments/runner/manifest.ts";
import { mapClear } from "../../experiments/questions/containers/map_clear.ts";

/** A cell of map_clear at `point` that returns `share`. */
function cell(point: Point, share: number, seed = 1): Summary {
  return {
    experiment: mapClear.name,
    allocator: "glibc",
    workload: "container",
    parameters: { elements: 9, ...point },
    seed,
    measures: { returned_ratio: share },
  };
}

const grid = {
  experiment: mapClear.name,
  scale: "default",
  allocators: ["glibc"],
  parameters: {},
  random: true,
  seeds: [1, 2],
} as const;

function table(cells: readonly Summary[]): string {
  return resultText({
    experiment: mapClear,
    grid,
    cells,
    judgements: [],
    unsuitable: [],
  });
}

const SHOWN = { order: "ascending", ending: "clear" };

Deno.test("a table is about the points that claims and README name", () => {
  const other = { order: "random", ending: "clear" };
  const all = table([cell(SHOWN, 0), cell(other, 0.5), cell(other, 0.7, 2)]);
  assertMatch(all, /\?\nWhere order=ascending, ending=clear\.\nallocator/);
  assertMatch(all, /\nglibc +1 +0\.0 %\nDeterministic: /);
});

Deno.test("a table of other points is the mean over all of them", () => {
  const some = table([
    cell({ order: "random", ending: "erase" }, 0.5),
    cell({ order: "random", ending: "erase" }, 0.7, 2),
    cell({ order: "ascending", ending: "erase" }, 0.2),
  ]);
  assertMatch(
    some,
    /\nglibc +3 +40\.0 %\nMeans over 2 seeds; run once where nothing is drawn: 1\.\n/,
  );
  assertEquals(some.includes("Where"), false);
});
