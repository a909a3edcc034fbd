/**
 * The adversary of best fit: holes of m - 3 cells between pins of one cell,
 * one hole more with every round, and all requests that are left are for
 * m - 2 cells.
 *
 * From the start of memory (R live, F free): R(m-2) (F(m-3) R(1))^k. A round
 * makes one hole at the right end by having best fit put a block of m cells and
 * one of m - 5 into a hole of 2m - 4, and then commutes it to the left, pin by
 * pin, so that the pattern is k + 1 holes long. First fit on the same requests
 * needs little more than what is live. After J. M. Robson, Worst Case
 * Fragmentation of First Fit and Best Fit Storage Allocation Strategies,
 * Computer J. 20 (1977), and D. E. Knuth, TAOCP vol. 1, 2.5, exercise 42; the
 * steps were rebuilt.
 *
 * @module
 */
import { whole } from "../../allocators/entry.ts";
import type { Cells } from "./cells.ts";
import { type Adversary, define, UNIT } from "./adversary.ts";

/** Most live cells: the requests are five times the square of that. */
const MOST = 4000;
/** Rounds between two looks. */
const ROUNDS = 16;

/** The game: at most `M` live cells, blocks of up to `m` >= 8 cells. */
export interface BestFitKiller {
  M: number;
  m: number;
}

/** Cells that best fit needs: (M - 5m + 15)(m - 2). */
export function bestFitBound({ M, m }: BestFitKiller): number {
  return (M - 5 * m + 15) * (m - 2);
}

/** Plays and looks now and then; about 5 (M - 5m)^2 requests and frees, whatever the addresses are. */
export function bestFitKiller(
  cells: Cells,
  { M, m }: BestFitKiller,
  look = () => {},
): void {
  const alloc = (length: number) => cells.malloc(length);
  const free = (slot: number) => cells.free(slot);
  // Slots of the pins, from left to right.
  let pins: number[] = [];
  let lead = alloc(m - 2);
  for (let k = 0; 5 * m - 10 + k <= M; k++) {
    const [t1, t2] = [alloc(m - 2), alloc(m - 2)];
    const last = pins.pop();
    free(last ?? lead);
    free(t1); // a hole of 2m - 4
    let a = alloc(m);
    let b = alloc(m - 5);
    let p = alloc(1);
    free(a); // F(m) R(m-5) R(1)
    if (last === undefined) {
      lead = alloc(m - 2);
      free(b);
      pins.push(p);
      free(t2);
      continue;
    }
    const finished: number[] = [];
    for (let i = pins.length; i >= 0; i--) { // each pin from the right, then the lead
      const held = i > 0 ? pins[i - 1]! : lead;
      const x = alloc(m - 2);
      const w = alloc(2);
      free(x);
      free(held);
      a = alloc(m);
      const b2 = alloc(m - 5);
      const p2 = alloc(1);
      free(a);
      if (i === 0) lead = alloc(m - 2);
      free(w);
      free(b);
      finished.push(p);
      [b, p] = [b2, p2];
    }
    free(b);
    finished.push(p);
    pins = finished.reverse();
    free(t2);
    if (k % ROUNDS === 0) look();
  }
  while (cells.live + m - 2 <= M) alloc(m - 2);
}

/** {@linkcode bestFitKiller} by name. */
export const BEST_FIT_KILLER: Adversary = define({
  name: "best_fit_killer",
  summary: "The worst case of best fit: holes just too short for what follows.",
  parameters: {
    m: whole(16, "cells of the longest block", 8, MOST / 5),
    M: whole(256, "most live cells", 1, MOST),
    unit: UNIT,
  },
  game({ unit, ...values }) {
    if (values.M < 5 * values.m) {
      throw new RangeError(`M expects at least 5 m = ${5 * values.m} cells`);
    }
    return {
      unit,
      live: values.M,
      bound: bestFitBound(values),
      play: (cells, look) => bestFitKiller(cells, values, look),
    };
  },
});
