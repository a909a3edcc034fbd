/**
 * Half of the heap is free and nothing fits: blocks of 64 and 448 bytes in
 * turn, then of 512 where the 448 were.
 *
 * @module
 */
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
} from "../../experiment/experiment.ts";
import { GLIBC_UNCACHED, HEAPS, pure } from "../../experiment/heaps.ts";
import { GAP } from "../../adversaries/gap.ts";

const LIVE = 4096;
const FIRST_FIT = pure("first_fit");

function claim(
  id: string,
  allocator: string,
  statement: string,
  value: number,
): Claim {
  return {
    id,
    statement,
    source: "arithmetic",
    measured: (cells) =>
      meanOf(cells, "reached_cells", { allocator, M: LIVE, small: 1, gap: 7 }),
    expected: { value, tolerance: 0 },
  };
}

/** The declaration. */
export const gap64448512: Experiment = {
  name: "gap_64_448_512",
  question: "How much free memory can a heap have in which nothing fits?",
  claims: [
    claim(
      "gap-first-fit",
      FIRST_FIT,
      "Holes of 448 bytes serve no request of 512: 15/8 of what is live.",
      LIVE * 15 / 8,
    ),
    claim(
      "gap-kingsley",
      "kingsley",
      "Size classes of 2^k put both into one class and need no more than M.",
      LIVE * 9 / 8,
    ),
  ],
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
      summary: "cells of the blocks that follow",
      values: { default: [8] },
    },
    unit: {
      summary: "bytes of a cell; 0: the allocator's least, at least 64",
      values: { default: [0] },
    },
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
