/**
 * Best fit does best on real programs and worst in the worst case: an adversary
 * drives it to (M - 5m + 15)(m - 2) cells, while first fit hardly notices.
 *
 * @module
 */
import { UNIT_PARAMETER } from "../../adversaries/adversary.ts";
import { BEST_FIT_KILLER } from "../../adversaries/best_fit_killer.ts";
import { ADVERSARY_COLUMNS, adversaryCell } from "../../adversaries/game.ts";
import { exactly, mean } from "../../experiment/claims.ts";
import type { Claim, Experiment } from "../../experiment/experiment.ts";
import { GLIBC_CACHED, GLIBC_UNCACHED, pure } from "../../experiment/heaps.ts";

/** Longest block, most live cells, and what best and first fit need. */
const BOUNDS: [m: number, M: number, bestFit: number, firstFit: number][] = [
  [8, 128, 618, 139],
  [16, 256, 2674, 269],
  [16, 1024, 13_426, 1037],
];
const POINTS = new Set(BOUNDS.map(([m, M]) => `${m} ${M}`));

const ROBSON = "Robson 1977; Knuth, TAOCP 2.5, ex. 42; numbers by simulation";
const GLIBC = "measured on glibc 2.36";

function claim(
  id: string,
  who: string,
  source: string,
  allocator: string,
  [m, M, value]: readonly [number, number, number],
): Claim {
  return {
    id,
    statement: `With at most ${M} live cells in blocks of up to ${m}, ${who} ` +
      `needs ${value} cells.`,
    source,
    measured: mean("reached_cells", { allocator, m, M }),
    expected: exactly(value),
  };
}

const claims = BOUNDS.flatMap(([m, M, bestFit, firstFit]) => [
  claim(`bestfit-${m}-${M}`, "best fit", ROBSON, pure("best_fit"), [
    m,
    M,
    bestFit,
  ]),
  claim(
    `bestfit-${m}-${M}-first-fit`,
    "first fit, asked the same,",
    ROBSON,
    pure("first_fit"),
    [m, M, firstFit],
  ),
]);

/** The declaration. */
export const bestFitKiller: Experiment = {
  name: "best_fit_killer",
  question: "How bad can best fit be where first fit is good?",
  claims: [
    ...claims,
    claim("glibc-bestfit", "glibc without tcache", GLIBC, GLIBC_UNCACHED, [
      16,
      1024,
      13_426,
    ]),
    claim("glibc-bestfit-tcache", "glibc with tcache", GLIBC, GLIBC_CACHED, [
      16,
      1024,
      1051,
    ]),
  ],
  random: false,
  allocators: [
    pure("best_fit"),
    pure("first_fit"),
    GLIBC_UNCACHED,
    GLIBC_CACHED,
  ],
  parameters: {
    m: {
      summary: "cells of the longest block",
      values: { quick: [8], default: [8, 16] },
    },
    M: {
      summary: "most live cells",
      values: { quick: [128], default: [128, 256, 1024] },
    },
    ...UNIT_PARAMETER,
  },
  selects: ({ m, M }) => POINTS.has(`${m} ${M}`),
  columns: ADVERSARY_COLUMNS,
  headline: ["bound_cells", "reached_cells", "reached_per_bound"],
  shows: { m: 16, M: 1024 },
  run: (cell) => adversaryCell(cell, BEST_FIT_KILLER.game(cell.parameters)),
  figures: [{
    title:
      "Largest heap over live memory that the adversary reaches, by live cells.",
    table: "summary",
    x: "M",
    y: "reached_per_live",
    series: "allocator",
    mark: "bar",
  }],
};
