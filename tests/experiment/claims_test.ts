/**
 * The vocabulary of claims: what is measured over which cells.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  above,
  atLeast,
  average,
  below,
  between,
  combine,
  difference,
  furthest,
  largest,
  mean,
  type Measured,
  quotient,
  smallest,
} from "../../experiments/experiment/claims.ts";
import type { Finished } from "../../experiments/experiment/experiment.ts";

function cell(allocator: string, size: number, waste: number): Finished {
  return {
    experiment: "e",
    allocator,
    parameters: { size },
    seed: 1,
    measures: { waste, size },
  };
}

const CELLS = [
  cell("best_fit", 8, 1),
  cell("best_fit", 16, 3),
  cell("kingsley", 8, -6),
];

const best = mean("waste", { allocator: "best_fit" });
const kingsley = mean("waste", { allocator: "kingsley" });
const missing = mean("waste", { allocator: "tlsf" });

Deno.test("a number of the cells that a claim speaks of", () => {
  const rows: [Measured, number | undefined][] = [
    [best, 2],
    [mean("waste"), -2 / 3],
    [mean("waste", { size: (size) => Number(size) > 8 }), 3],
    [mean("waste", { allocator: "best_fit", size: 8 }), 1],
    [mean("waste", { colour: () => true }), undefined],
    [mean("nothing"), undefined],
    [largest("waste"), 3],
    [smallest("waste"), -6],
    [largest(({ waste, size }) => waste! + size!, { size: 8 }), 9],
    [difference(best, kingsley), 8],
    [quotient(kingsley, best), -3],
    [quotient(best, difference(best, best)), undefined],
    [difference(best, missing), undefined],
    [average([best, kingsley]), -2],
    [average([best, missing]), undefined],
    [furthest(1, [best, kingsley]), -6],
    [furthest(-7, [best, kingsley]), 2],
    [combine((a, b, c) => a! * b! * c!, best, best, kingsley), -24],
  ];
  rows.forEach(([measured, expected], i) =>
    assertEquals(measured(CELLS), expected, `row ${i}`)
  );
});

Deno.test("a point counts once, however many seeds it has", () => {
  const again = [4, 7].map((waste, i) => ({
    ...cell("best_fit", 8, waste),
    seed: 2 + i,
  }));
  const [one, ...others] = CELLS; // in the order of their grid
  const cells = [one!, ...again, ...others];
  assertEquals(best(cells), ((1 + 4 + 7) / 3 + 3) / 2);
});

Deno.test("bounds leave out what they name, or not", () => {
  const at = [0.5, 1, 1.5, 2];
  const rows = [
    [above(1), "above 1", [false, false, true, true]],
    [atLeast(1), "at least 1", [false, true, true, true]],
    [below(1), "below 1", [true, false, false, false]],
    [between(1, 2), "between 1 and 2", [false, false, true, false]],
  ] as const;
  for (const [expected, text, holds] of rows) {
    if (!("text" in expected)) throw new TypeError(`${text} is a value`);
    assertEquals(expected.text, text);
    assertEquals(at.map(expected.holds), holds as readonly boolean[]);
  }
});
