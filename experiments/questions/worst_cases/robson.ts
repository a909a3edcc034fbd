/**
 * The worst case of all allocators that do not move blocks: Robson's adversary
 * against every policy.
 *
 * @module
 */
import { UNIT_PARAMETER } from "../../adversaries/adversary.ts";
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import { ROBSON, robsonBound } from "../../adversaries/robson.ts";
import { exactly, furthest, mean } from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { GLIBC_UNCACHED, pure } from "../../experiment/heaps.ts";

const BUDDY = "buddy:page=64:pick=lowest";
const FITS = ["first_fit", "best_fit", "next_fit", "worst_fit"].map(pure);

/** Most live cells, longest block, and the length that the heap must reach. */
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
const GLIBC_BOUNDS = [BOUNDS[1]!, BOUNDS[4]!];
/** Cells of the longest block, and live cells of the figure. */
const SIZES = [4, 16, 64, 256, 512, 1024];
const DRAWN = 4096;
const POINTS = new Set(
  [...BOUNDS, ...BUDDY_BOUNDS].map(([M, n]) => `${M} ${n}`),
);

/** Claims that all of `allocators` reach each of `bounds`. */
function claims(
  id: string,
  who: string,
  source: string,
  allocators: readonly string[],
  bounds: typeof BOUNDS,
): Claim[] {
  return bounds.map(([M, n, value]) => ({
    id: `${id}-${M}-${n}`,
    statement: `With at most ${M} live cells in blocks of up to ${n}, ${who} ` +
      `can be made to need ${value} cells.`,
    source,
    measured: furthest(
      value,
      allocators.map((allocator) => mean("reached_cells", { allocator, M, n })),
    ),
    expected: exactly(value),
  }));
}

const SOURCE = "Robson 1971, 1974 (recalled); numbers by simulation";
const GLIBC = "measured on glibc 2.36";

/** The declaration. */
export const robsonExperiment: Experiment = {
  name: "robson",
  question: "How much memory can an adversary force from any policy?",
  claims: [
    ...claims(
      "robson",
      "first, best, next and worst fit",
      SOURCE,
      FITS,
      BOUNDS,
    ),
    ...claims("buddy-worst", "a binary buddy", SOURCE, [BUDDY], BUDDY_BOUNDS),
    ...claims(
      "glibc-robson",
      "glibc without tcache and fast bins",
      GLIBC,
      [GLIBC_UNCACHED],
      GLIBC_BOUNDS,
    ),
  ],
  random: false,
  allocators: [...FITS, BUDDY, "first_fit", "tlsf", GLIBC_UNCACHED],
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
    ...UNIT_PARAMETER,
  },
  selects: ({ M, n }) =>
    POINTS.has(`${M} ${n}`) || M === DRAWN || Number(M) > 16_384,
  columns: ADVERSARY_COLUMNS,
  headline: ["bound_cells", "reached_cells", "reached_per_bound"],
  run: (cell) => adversaryCell(cell, ROBSON.game(cell.parameters)),
  figures: [{
    title:
      "Largest heap over live memory that Robson's program reaches, and his bound.",
    table: "summary",
    x: "n",
    y: "reached_per_live",
    series: "allocator",
    mark: "line",
    log: ["x"],
    where: { M: DRAWN },
    guide: {
      label: "Robson's bound: 1/2 log2 n + 1 - (n - 1)/M",
      points: SIZES.map((n) => [n, robsonBound({ M: DRAWN, n }) / DRAWN]),
    },
  }],
};
