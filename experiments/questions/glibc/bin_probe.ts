/**
 * What the bins of a glibc heap show when it is asked for chunks of every
 * length: how bins are spaced, and which chunks enter which.
 *
 * @module
 */
import type { Allocator, CensusRow } from "../../../allocators/allocator.ts";
import { type Column, count } from "../../measures/columns.ts";
import { Unsuitable } from "../../replay/unsuitable.ts";

/** Chunks this long are longer than any fast bin takes. */
const SLOW = 200;

/** Meaning of the measures of {@linkcode spacing} and {@linkcode entering}. */
export const PROBE_COLUMNS: readonly Column[] = [
  count("small_spacing", "byte", "Distance of neighbouring small bins."),
  count("mixed_small_bins", "bin", "Small bins that hold several lengths."),
  count("large_spacing", "byte", "Distance of the first two large bins."),
  count("large_step", "byte", "Between lengths in the first large bin."),
  count("largest_fast", "byte", "Longest chunk in a fast bin."),
  count("merged_in_fast", "chunk", "Merged chunks found in fast bins."),
  count(
    "merged_in_unsorted",
    "chunk",
    "Merged chunks found on the unsorted list.",
  ),
  count("bins_at_start", "chunk", "Chunks in bins after the first request."),
  count(
    "frees_to_unsorted",
    "chunk",
    "Frees that reach the unsorted list, of 20 that no cache takes; 10 merge.",
  ),
];

/** Rows of the census whose list is of `kind`. */
export function rowsOf(heap: Allocator, kind: string): CensusRow[] {
  return heap.census!().filter(({ list }) => list.startsWith(kind));
}

/** Chunks on the lists of `rows`. */
export function blocksOf(rows: readonly CensusRow[]): number {
  return rows.reduce((sum, { blocks }) => sum + blocks, 0);
}

/** The number in the name of a list, e.g. 48 of `small[48]`. */
const lengthOf = ({ list }: CensusRow) => Number(/\d+/.exec(list)?.[0]);

/** Frees a chunk of every length up to 4 KiB, then has them sorted into bins. */
export function spacing(heap: Allocator): Record<string, number> {
  heap.malloc(1);
  const bins = blocksOf(rowsOf(heap, "small")) +
    blocksOf(rowsOf(heap, "large"));
  const largestFast = freeEveryLength(heap);
  heap.malloc(100_000);
  const small = rowsOf(heap, "small");
  const large = rowsOf(heap, "large");
  const gaps = small.slice(1).map((row, i) =>
    lengthOf(row) - lengthOf(small[i]!)
  );
  if (small.length === 0 || large.length < 3) {
    throw new Unsuitable("fills no small and large bins");
  }
  const first = lengthOf(large[1]!) - lengthOf(large[0]!);
  return {
    bins_at_start: bins,
    largest_fast: largestFast,
    small_spacing: Math.max(...gaps),
    mixed_small_bins:
      small.filter((row) => row.bytes !== row.blocks * lengthOf(row)).length,
    large_spacing: lengthOf(large[2]!) - lengthOf(large[1]!),
    large_step: first / large[0]!.blocks,
  };
}

/** Frees a chunk of every length between live neighbours; the longest chunk ever in a fast bin. */
function freeEveryLength(heap: Allocator): number {
  const chunks: number[] = [];
  for (let size = 1; size < 4096; size += 8) {
    chunks.push(heap.malloc(size));
    heap.malloc(1);
  }
  const lengths = new Set<number>();
  let largestFast = 0;
  for (const address of chunks) {
    const usable = heap.usableSize(address);
    if (lengths.has(usable)) continue;
    lengths.add(usable);
    heap.free(address, usable);
    largestFast = Math.max(largestFast, ...rowsOf(heap, "fast").map(lengthOf));
  }
  return largestFast;
}

/** Where merged chunks go, and chunks that no cache takes. */
export function entering(heap: Allocator): Record<string, number> {
  const pair = [heap.malloc(24), heap.malloc(24)];
  heap.malloc(24);
  for (const address of pair) heap.free(address, 24);
  heap.control!.trim(2 ** 20); // consolidates, and leaves the top alone
  const merged = {
    merged_in_fast: blocksOf(rowsOf(heap, "fast")),
    merged_in_unsorted: blocksOf(rowsOf(heap, "unsorted")),
  };
  let unsorted = 0;
  for (let i = 0; i < 10; i++) {
    const two = [heap.malloc(SLOW), heap.malloc(SLOW)];
    heap.malloc(SLOW);
    for (const address of two) {
      heap.free(address, SLOW);
      if (heap.explain!().includes("unsorted list")) unsorted++;
    }
  }
  return { ...merged, frees_to_unsorted: unsorted };
}
