/**
 * The exact worst case of the best possible allocator, for small heaps: the
 * game of an adversary against all allocators, solved, and its winning moves
 * played against real policies.
 *
 * @module
 */
import { UNIT_PARAMETER } from "../../adversaries/adversary.ts";
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import { HEAP_GAME } from "../../adversaries/heap_game.ts";
import { atLeast, exactly, mean, smallest } from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { GLIBC_UNCACHED, pure } from "../../experiment/heaps.ts";

/** The smallest sufficient heap, by block sizes and most live cells. */
const OPTIMA: Record<string, Record<number, number>> = {
  "1+2": { 2: 2, 3: 4, 4: 5, 5: 7, 6: 8, 7: 10, 8: 11, 10: 14 },
  "1+2+4": { 4: 5, 5: 7, 6: 9, 7: 12, 8: 13 },
  "1+2+3": { 3: 4, 4: 6, 5: 7, 6: 9 },
  "1+2+3+4": { 4: 6, 5: 8, 7: 12 },
};

/** Ids name the power-of-two games by their longest block. */
function nameOf(sizes: string): string {
  return { "1+2": "2", "1+2+4": "4" }[sizes] ?? sizes.replaceAll("+", "");
}

/** `1, 2 or 3` for `1+2+3`. */
function inWords(sizes: string): string {
  return sizes.replace(/\+(?=\d+$)/, " or ").replaceAll("+", ", ");
}

const claims = Object.entries(OPTIMA).flatMap(([sizes, optima]) =>
  Object.entries(optima).map(([n, value]): Claim => ({
    id: `game-${nameOf(sizes)}-${n}`,
    statement: `For blocks of ${inWords(sizes)} cells and at ` +
      `most ${n} live cells, the best possible allocator needs ${value} cells.`,
    source: sizes === "1+2"
      ? "Knuth, TAOCP 2.5, ex. 38: (3n - 1)/2, rounded down"
      : "exhaustive solution",
    measured: mean("bound_cells", { sizes, n: Number(n) }),
    expected: exactly(value),
  }))
);

/** The declaration. */
export const heapGame: Experiment = {
  name: "heap_game",
  question: "How much memory does the best possible allocator need?",
  claims: [...claims, {
    id: "game-forces-all",
    statement: "The winning moves force every policy to the optimum or " +
      "beyond: cells reached minus optimum, smallest of all.",
    source: "theorem: the game is solved against all allocators",
    measured: smallest(
      ({ reached_cells, bound_cells }) => reached_cells! - bound_cells!,
      { sizes: (sizes) => OPTIMA[sizes] !== undefined },
    ),
    expected: atLeast(0),
  }],
  random: false,
  allocators: [
    pure("first_fit"),
    pure("best_fit"),
    pure("next_fit"),
    pure("worst_fit"),
    "tlsf",
    "kingsley",
    "buddy:page=64",
    GLIBC_UNCACHED,
  ],
  parameters: {
    sizes: {
      summary: "cells of the blocks",
      values: { quick: ["1+2"], default: Object.keys(OPTIMA) },
    },
    n: {
      summary: "most live cells",
      values: {
        quick: [3, 4, 5],
        default: [2, 3, 4, 5, 6, 7, 8, 10],
        full: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      },
    },
    ...UNIT_PARAMETER,
  },
  selects: ({ sizes, n }, scale) =>
    Number(`${sizes}`.split("+").at(-1)) <= Number(n) &&
    (Number(n) <= (scale === "full" ? 10 : 8) || sizes === "1+2"),
  columns: ADVERSARY_COLUMNS,
  headline: ["bound_cells", "reached_cells", "reached_per_bound"],
  run: (cell) => adversaryCell(cell, HEAP_GAME.game(cell.parameters)),
  figures: [{
    title:
      "Cells that the best allocator needs, by most live cells and by sizes.",
    table: "summary",
    x: "n",
    y: "bound_cells",
    series: "sizes",
    mark: "line",
    where: { allocator: pure("best_fit") },
    guide: { label: "live cells", points: [[2, 2], [10, 10]] },
  }],
};
