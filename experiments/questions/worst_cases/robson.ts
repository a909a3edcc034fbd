/**
 * The worst case of all allocators that do not move blocks: Robson's adversary
 * against every policy.
 *
 * @module
 */
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import {
  type Claim,
  type Experiment,
  meanOf,
} from "../../experiment/experiment.ts";
import { GLIBC_UNCACHED, pure } from "../../experiment/heaps.ts";
import { ROBSON, robsonBound } from "../../adversaries/robson.ts";

const BUDDY = "buddy:page=64:pick=lowest";
const FITS = ["first_fit", "best_fit", "next_fit", "worst_fit"];

/** Live cells, longest block, and what the heap must reach. */
const BOUNDS: [M: number, n: number, reached: number][] = [
  [1024, 4, 2045],
  [1024, 16, 3057],
  [1024, 512, 5121],
  [4096, 16, 12_273],
  [4096, 64, 16_321],
  [4096, 1024, 23_553],
  [16_384, 256, 81_665],
];
const BUDDY_BOUNDS: typeof BOUNDS = [
  [1024, 16, 3072],
  [4096, 64, 16_384],
  [16_384, 1024, 98_304],
];
/** Cells of the longest block, and live cells of the figure. */
const SIZES = [4, 16, 64, 256, 512, 1024];
const DRAWN = 4096;
const POINTS = new Set(
  [...BOUNDS, ...BUDDY_BOUNDS].map(([M, n]) => `${M} ${n}`),
);

function claim(
  id: string,
  what: string,
  source: string,
  allocators: readonly string[],
  [M, n, value]: typeof BOUNDS[number],
): Claim {
  return {
    id: `${id}-${M}-${n}`,
    statement: `${what}, M = ${M}, n = ${n}: the heap reaches ${value} cells.`,
    source,
    // All of them must agree: the one that is furthest off counts.
    measured: (cells) =>
      allocators.flatMap((allocator) =>
        meanOf(cells, "reached_cells", { allocator, M, n }) ?? []
      ).toSorted((a, b) => Math.abs(b - value) - Math.abs(a - value))[0],
    expected: { value, tolerance: 0 },
  };
}

const SOURCE = "Robson 1971, 1974 (recalled); numbers by simulation";

/** The declaration. */
export const robsonExperiment: Experiment = {
  name: "robson",
  question: "How much memory can be forced from an allocator of any policy?",
  claims: [
    ...BOUNDS.map((bound) =>
      claim(
        "robson",
        "First, best, next and worst fit",
        SOURCE,
        FITS.map(pure),
        bound,
      )
    ),
    ...BUDDY_BOUNDS.map((bound) =>
      claim("buddy-worst", "Binary buddy", SOURCE, [BUDDY], bound)
    ),
    ...[BOUNDS[1]!, BOUNDS[4]!].map((bound) =>
      claim(
        "glibc-robson",
        "glibc without tcache and fast bins",
        "measured on glibc 2.36",
        [GLIBC_UNCACHED],
        bound,
      )
    ),
  ],
  allocators: [
    ...FITS.map(pure),
    BUDDY,
    "first_fit",
    "tlsf",
    GLIBC_UNCACHED,
  ],
  parameters: {
    M: {
      summary: "most live cells",
      values: {
        quick: [DRAWN],
        default: [1024, 4096, 16_384],
        full: [1024, 4096, 16_384, 65_536],
      },
    },
    n: {
      summary: "cells of the longest block, a power of two",
      values: {
        quick: [4, 16, 64],
        default: SIZES,
      },
    },
    unit: {
      summary: "bytes of a cell; 0: the allocator's least, at least 64",
      values: { default: [0] },
    },
  },
  selects: ({ M, n }) =>
    POINTS.has(`${M} ${n}`) || M === DRAWN || M as number > 16_384,
  columns: ADVERSARY_COLUMNS,
  headline: ["bound_cells", "reached_cells", "reached_per_bound"],
  run: (cell) => adversaryCell(cell, ROBSON.game(cell.parameters)),
  figures: [{
    title: "Fits, TLSF and glibc can be driven to Robson's bound, which no " +
      "allocator escapes; a buddy system is little worse.",
    table: "summary",
    x: "n",
    y: "reached_per_live",
    series: "allocator",
    mark: "line",
    log: ["x"],
    where: { M: DRAWN },
    guide: {
      label: "1/2 log2 n + 1 - (n - 1)/M",
      points: SIZES.map((n) => [n, robsonBound({ M: DRAWN, n }) / DRAWN]),
    },
  }],
};
