/**
 * Half of the heap is free and nothing fits: blocks of 64 and 448 bytes in
 * turn, then blocks of 512 after those of 448 were freed.
 *
 * @module
 */
import { UNIT_PARAMETER } from "../../adversaries/adversary.ts";
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import { GAP } from "../../adversaries/gap.ts";
import { exactly, mean } from "../../experiment/claims.ts";
import type { Experiment } from "../../experiment/experiment.ts";
import { GLIBC_UNCACHED, HEAPS, pure } from "../../experiment/heaps.ts";

const LIVE = 4096;
const FIRST_FIT = pure("first_fit");

function reached(allocator: string) {
  return mean("reached_cells", { allocator, M: LIVE, small: 1, gap: 7 });
}

/** The declaration. */
export const gap64448512: Experiment = {
  name: "gap_64_448_512",
  question: "How much of a heap can be free when nothing fits?",
  claims: [
    {
      id: "gap-first-fit",
      statement:
        "Holes of 448 bytes serve no request for 512, so that the heap grows to " +
        "15/8 of the most live cells.",
      source: "arithmetic",
      measured: reached(FIRST_FIT),
      expected: exactly(LIVE * 15 / 8),
    },
    {
      id: "gap-kingsley",
      statement:
        "Power-of-two size classes put both sizes into one class and need only " +
        "9/8 of the most live cells.",
      source: "arithmetic",
      measured: reached("kingsley"),
      expected: exactly(LIVE * 9 / 8),
    },
  ],
  random: false,
  allocators: [
    FIRST_FIT,
    pure("best_fit"),
    ...HEAPS,
    "buddy:page=64",
    GLIBC_UNCACHED,
  ],
  parameters: {
    M: { summary: "most live cells", values: { default: [LIVE] } },
    small: {
      summary: "cells of the blocks that stay",
      values: { default: [1] },
    },
    gap: {
      summary: "cells of the blocks that are freed",
      values: { default: [7] },
    },
    large: {
      summary: "cells of the blocks requested afterwards",
      values: { default: [8] },
    },
    ...UNIT_PARAMETER,
  },
  columns: ADVERSARY_COLUMNS,
  headline: ["bound_cells", "reached_cells", "reached_per_live"],
  run: (cell) => adversaryCell(cell, GAP.game(cell.parameters)),
  figures: [{
    title: "Heap over live memory, by allocator.",
    table: "summary",
    x: "allocator",
    y: "reached_per_live",
    series: "allocator",
    mark: "bar",
  }],
};
