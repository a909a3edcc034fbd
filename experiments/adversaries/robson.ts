/**
 * Robson's adversary: whatever the policy, blocks of 2^i cells that do not move
 * can be made to take up to 1/2 log2 n times more memory than is ever live.
 *
 * M blocks of one cell; then, for P = 2, 4, .. n, only blocks that spoil a run
 * of P cells are kept (they cover a cell congruent to f modulo P, with the
 * better of two f), and the rest of M is requested in blocks of P. After J. M.
 * Robson, An Estimate of the Store Size Necessary for Dynamic Storage
 * Allocation, J. ACM 18 (1971), and Bounds for Some Functions Concerning
 * Dynamic Storage Allocation, J. ACM 21 (1974), from memory.
 *
 * @module
 */
import { powerOfTwo, whole } from "../../allocators/entry.ts";
import type { Cells } from "./cells.ts";
import { type Adversary, define, MOST_CELLS, UNIT } from "./adversary.ts";

/** The game: at most `M` live cells, blocks of up to `n` cells, powers of two. */
export interface Robson {
  M: number;
  n: number;
}

/** Cells that every allocator needs: M(1/2 log2 n + 1) - n + 1. */
export function robsonBound({ M, n }: Robson): number {
  return M * (Math.log2(n) / 2 + 1) - n + 1;
}

/** Plays and looks after every step; costs O(M log n) beside the requests. */
export function robson(
  cells: Cells,
  { M, n }: Robson,
  look = () => {},
): void {
  // The live blocks, in any order: slots, of which the first `count` are valid.
  const slots = new Int32Array(M);
  let count = 0;
  const fill = (length: number) => {
    while (cells.live + length <= M) slots[count++] = cells.malloc(length);
  };
  /** Whether the block covers a cell congruent to `f` modulo `period`. */
  const spoils = (slot: number, f: number, period: number) => {
    const ahead = (f - cells.start(slot)) % period;
    return (ahead < 0 ? ahead + period : ahead) < cells.length(slot);
  };
  const score = (f: number, period: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (spoils(slot, f, period)) sum += period - cells.length(slot);
    }
    return sum;
  };
  fill(1);
  look();
  let f = 0;
  for (let period = 2; period <= n; period *= 2) {
    const other = f + period / 2;
    if (score(other, period) > score(f, period)) f = other;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (spoils(slot, f, period)) slots[kept++] = slot;
      else cells.free(slot);
    }
    count = kept;
    fill(period);
    look();
  }
}

/** {@linkcode robson} by name. */
export const ROBSON: Adversary = define({
  name: "robson",
  summary: "The worst case of every policy: what spoils no run is freed.",
  parameters: {
    M: whole(1024, "most live cells", 1, MOST_CELLS),
    n: powerOfTwo(16, "cells of the longest block", 1, MOST_CELLS),
    unit: UNIT,
  },
  game: ({ unit, ...values }) => ({
    unit,
    live: values.M,
    bound: robsonBound(values),
    play: (cells, look) => robson(cells, values, look),
  }),
});
