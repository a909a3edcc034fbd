/**
 * The gap: 448 bytes, 64 bytes, over and over; all of the 448 are freed, and
 * what comes next needs 512. Most of the heap is free, and no hole is long
 * enough.
 *
 * The requests are those of the classical benchmark of teaching allocators
 * (from memory). This adversary looks at addresses: of the small blocks it keeps
 * only those without which a hole would be long enough, and spends what the
 * others held on long blocks too.
 *
 * @module
 */
import { whole } from "../../allocators/entry.ts";
import type { Cells } from "./cells.ts";
import { type Adversary, define, MOST_CELLS, UNIT } from "./adversary.ts";

/** The game: at most `M` live cells; a hole of `gap` must not serve `large`. */
export interface Gap {
  M: number;
  small: number;
  gap: number;
  large: number;
}

/** Cells of a policy that splits and coalesces: the pattern and all long blocks behind it. */
export function gapBound({ M, small, gap, large }: Gap): number {
  const pairs = Math.floor(M / (small + gap));
  const after = Math.floor((M - pairs * small) / large);
  return pairs * (small + gap) + after * large;
}

/** Plays and looks before and after the frees; costs O(M log M) beside the requests. */
export function gap(cells: Cells, game: Gap, look = () => {}): void {
  const { M, small, large } = game;
  const pins: number[] = [];
  const holes: number[] = [];
  while (cells.live + small + game.gap <= M) {
    holes.push(cells.malloc(game.gap));
    pins.push(cells.malloc(small)); // above, so that no hole is on top
  }
  look();
  const blocks = [...pins, ...holes].sort((a, b) =>
    cells.start(a) - cells.start(b)
  );
  const isPin = new Set(pins);
  let from = -Infinity; // where the free run begins
  let end = -Infinity; // and ends so far
  blocks.forEach((slot, i) => {
    const start = cells.start(slot);
    if (start !== end) from = start;
    end = start + cells.length(slot);
    // The run if this block goes, with the gap behind it.
    const next = blocks[i + 1];
    const follows = next !== undefined && cells.start(next) === end &&
      !isPin.has(next);
    const run = end - from + (follows ? cells.length(next) : 0);
    if (isPin.has(slot) && run >= large) from = end;
    else cells.free(slot);
  });
  look();
  while (cells.live + large <= M) cells.malloc(large);
}

/** {@linkcode gap} by name. */
export const GAP: Adversary = define({
  name: "gap_64_448_512",
  summary: "Small and middle blocks in turn; the middle ones make no room.",
  parameters: {
    M: whole(4096, "most live cells", 1, MOST_CELLS),
    small: whole(1, "cells of the blocks that stay", 1, MOST_CELLS),
    gap: whole(7, "cells of the blocks that are freed", 1, MOST_CELLS),
    large: whole(8, "cells of the blocks that follow", 2, MOST_CELLS),
    unit: UNIT,
  },
  game({ unit, ...values }) {
    if (values.gap >= values.large) {
      throw new RangeError(`gap expects less than large = ${values.large}`);
    }
    return {
      unit,
      live: values.M,
      bound: gapBound(values),
      play: (cells, look) => gap(cells, values, look),
    };
  },
});
