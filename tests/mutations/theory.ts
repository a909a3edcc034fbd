/**
 * Faults in adversaries, the game of all allocators, and statistics.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const GAME = "experiments/adversaries/exact_game.ts";
const GAME_TEST = ["tests/adversaries/exact_game_test.ts"];
const DRIVERS_TEST = ["tests/adversaries/adversaries_test.ts"];
const STATISTICS = "experiments/measures/statistics.ts";
const STATISTICS_TEST = ["tests/measures/statistics_test.ts"];
const TABLES_TEST = ["tests/traces/tables_test.ts"];

const mutations: readonly Mutation[] = [
  {
    fault: "a free does not spread defeat",
    file: GAME,
    symbol: "HeapGame.spread",
    find: "this.#lose(number, image, 1 + kinds + start);",
    replace: "if (state % 7 > 0) this.#lose(number, image, 1 + kinds + start);",
    tests: GAME_TEST,
  },
  {
    fault: "a placement that holds out is overlooked",
    file: GAME,
    symbol: "HeapGame.mustLose",
    find: "for (let at = 0; at + size <= this.cells; at++) {\n" +
      "      if ((occupied & block << at) !== 0) continue;",
    replace: "for (let at = 1; at + size <= this.cells; at++) {\n" +
      "      if ((occupied & block << at) !== 0) continue;",
    tests: GAME_TEST,
  },
  {
    fault: "moves of a mirror image are not mirrored",
    file: GAME,
    symbol: "HeapGame.spread",
    find: "const start = number <= image ? at : cells - at - size;",
    replace: "const start = at;",
    tests: GAME_TEST,
  },
  {
    fault: "placements collide",
    file: GAME,
    symbol: "HeapGame.constructor",
    find: "skipped += this.#count[k - size]!;",
    replace: "skipped += this.#count[k - 1]!;",
    tests: GAME_TEST,
  },
  {
    fault: "Robson's adversary keeps what spoils nothing",
    file: "experiments/adversaries/robson.ts",
    symbol: "robson",
    find: "if (spoils(slot, f, period)) slots[kept++] = slot;",
    replace: "if (!spoils(slot, f, period)) slots[kept++] = slot;",
    tests: DRIVERS_TEST,
  },
  {
    fault: "the killer forgets a pin",
    file: "experiments/adversaries/best_fit_killer.ts",
    symbol: "bestFitKiller",
    find: "    finished.push(p);\n    pins = finished",
    replace: "    pins = finished",
    tests: DRIVERS_TEST,
  },
  {
    fault: "headers are not taken off requests",
    file: "experiments/adversaries/cells.ts",
    symbol: "Cells.malloc",
    find: "cells * unit - overhead",
    replace: "cells * unit",
    tests: DRIVERS_TEST,
  },
  {
    fault: "the heap's length is the last block's",
    file: "experiments/adversaries/cells.ts",
    symbol: "Cells.malloc",
    find: "if (start + cells > this.#high) this.#high = start + cells;",
    replace: "this.#high = start + cells;",
    tests: DRIVERS_TEST,
  },
  {
    fault: "the bootstrap leaves out one tail",
    file: STATISTICS,
    symbol: "middle",
    find: "medians[RESAMPLES - 1 - out]!",
    replace: "medians[RESAMPLES - 1]!",
    tests: STATISTICS_TEST,
  },
  {
    fault: "the resamples are no resamples",
    file: STATISTICS,
    symbol: "resampled",
    find: "places[k] = draw.below(count);",
    replace: "places[k] = k;",
    tests: STATISTICS_TEST,
  },
  {
    fault: "births come before deaths",
    file: "experiments/traces/lifetimes.ts",
    symbol: "eventsOf",
    find: "Number(a.birth) - Number(b.birth)",
    replace: "Number(b.birth) - Number(a.birth)",
    tests: TABLES_TEST,
  },
  {
    fault: "the warm-up is averaged too",
    file: "experiments/experiment/steady.ts",
    symbol: "steadyCell",
    find: "looks.slice(Math.floor(looks.length * warmUp / 100))",
    replace: "looks.slice(0)",
    tests: ["tests/questions_test.ts", "--filter=what the means leave out"],
  },
];

/** The table. */
export const THEORY: MutationTable = {
  name: "theory",
  tests: [...GAME_TEST, ...DRIVERS_TEST, ...STATISTICS_TEST, ...TABLES_TEST],
  mutations,
  shortStep: 4,
};
