/**
 * How large requests must be for blocks to tile memory in whole cells.
 *
 * Worst cases are stated in cells and hold to the cell only where blocks have
 * no gaps between them. A cell is as long as the allocator's smallest block,
 * rounded up to a power of two, and what a block needs beside its payload is
 * found by asking: fresh heaps, a few equal requests, the distance between
 * neighbours. So any allocator can be driven, one that nobody has seen as well.
 *
 * @module
 */
import { type Allocator, NULL } from "../../allocators/allocator.ts";

/** Shortest cell, in bytes. */
const LEAST_UNIT = 64;
/** Equal requests whose neighbours are compared. */
const PROBES = 16;

/** Cells of one allocator. */
export interface Tiling {
  /** Bytes of a cell. */
  unit: number;
  /** Bytes of a block that are not payload: c cells are a request of c unit - overhead. */
  overhead: number;
  /** Address of the payload in cell 0, the lowest that blocks can have. */
  origin: number;
}

/** The tiling of the heaps that `fresh` makes; `unit` 0: as short as they can. */
export function tilingOf(fresh: () => Allocator, unit = 0): Tiling {
  const smallest = probe(fresh(), 1);
  const own = Math.max(
    LEAST_UNIT,
    2 ** Math.ceil(Math.log2(smallest.distance)),
  );
  // The longest request whose blocks lie one cell apart, by bisection.
  let [fits, over] = [1, own + 1];
  while (over - fits > 1) {
    const middle = (fits + over) >>> 1;
    if (probe(fresh(), middle).distance <= own) fits = middle;
    else over = middle;
  }
  return {
    unit: unit || own,
    overhead: own - fits,
    origin: smallest.first -
      Math.floor((smallest.first - smallest.lowest) / own) * own,
  };
}

/**
 * Lowest address and least distance of a few requests of `size` bytes, and the
 * lowest byte beside them that is not the allocator's own.
 */
function probe(heap: Allocator, size: number) {
  const found = Array.from({ length: PROBES }, () => heap.malloc(size))
    .filter((address) => address !== NULL)
    .sort((a, b) => a - b);
  const distances = found.slice(1).map((address, i) => address - found[i]!);
  const first = found[0] ?? 0;
  let lowest = first;
  heap.walk((start, _, kind) => {
    if (kind !== "meta" && kind !== "foreign") lowest = Math.min(lowest, start);
  });
  return { first, lowest, distance: Math.min(...distances) };
}
