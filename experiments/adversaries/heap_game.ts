/**
 * A perfect adversary: plays the winning moves of the solved game against one
 * allocator, which then needs at least as many cells as the best allocator of
 * all.
 *
 * @module
 */
import { type Option, whole } from "../../allocators/entry.ts";
import { Unsuitable } from "../replay/unsuitable.ts";
import type { Cells } from "./cells.ts";
import { type HeapGame, type Placed, solve } from "./exact_game.ts";
import { type Adversary, define, UNIT } from "./adversary.ts";

/** Block sizes as text: `1+2+4`. */
const SIZES: Option<string> = {
  summary: "cells of the blocks, 1+2+4",
  fallback: "1+2",
  expects: "whole numbers >= 1 such as 1+2+4",
  parse: (text) => /^[1-9]\d?(\+[1-9]\d?)*$/.test(text) ? text : undefined,
};

/** Makes the allocator leave the heap of `game`, which it cannot hold out in. */
export function force(cells: Cells, game: HeapGame): void {
  const blocks: (Placed & { slot: number })[] = [];
  for (;;) {
    const move = game.moveAt(blocks)!;
    if ("start" in move) {
      const at = blocks.findIndex(({ start }) => start === move.start);
      cells.free(blocks[at]!.slot);
      blocks.splice(at, 1);
      continue;
    }
    const slot = cells.malloc(game.sizes[move.request]!);
    const start = cells.start(slot);
    if (start < 0 || start + cells.length(slot) > game.cells) return;
    if (!Number.isInteger(start)) {
      throw new Unsuitable("places blocks between cells");
    }
    blocks.push({ start, size: move.request, slot });
  }
}

/** {@linkcode force} by name. */
export const HEAP_GAME: Adversary = define({
  name: "heap_game",
  summary: "The perfect adversary of all policies, on a small heap.",
  parameters: {
    sizes: SIZES,
    n: whole(6, "most live cells", 1, 24),
    unit: UNIT,
  },
  game({ sizes, n, unit }) {
    const lengths = sizes.split("+").map(Number);
    if (lengths.every((length) => length > n)) {
      throw new RangeError(`n expects at least the least of sizes=${sizes}`);
    }
    const { optimum, shorter } = solve(lengths, n);
    return {
      unit,
      live: n,
      bound: optimum,
      play: (cells) => force(cells, shorter),
    };
  },
});
