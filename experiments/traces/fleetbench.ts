/**
 * The heap of a program as rates: for every size, how many objects are born
 * per second and how many are live.
 *
 * The form is that of the ten production profiles in google/fleetbench
 * (fleetbench/tcmalloc, Apache-2.0), rows of `size, alloc_rate, num_live`.
 *
 * @module
 */
import type { Open } from "./lines.ts";
import { textRows } from "./rows.ts";

/** Entry i of every array belongs to one size. */
export interface Profile {
  /** Where it comes from. */
  name: string;
  /** Bytes of a request. */
  sizes: Float64Array;
  /** Objects born per second. */
  births: Float64Array;
  /** Objects live at an instant, on average. */
  live: Float64Array;
}

const ROW =
  /^(\d{1,15}), *(\d+(?:\.\d+)?(?:e[+-]?\d+)?), *(\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Longest request of {@linkcode inverseSquareProfile}, in bytes. */
const LONGEST = 32_768;

/** Reads a profile; `SyntaxError` with file and line. */
export async function readProfile(name: string, open: Open): Promise<Profile> {
  const columns: [number[], number[], number[]] = [[], [], []];
  const expected = "`size, alloc_rate, num_live`";
  for await (const { fields } of textRows(name, open, ROW, expected)) {
    columns.forEach((column, i) => column.push(Number(fields[i])));
  }
  const [sizes, births, live] = columns.map((c) => Float64Array.from(c));
  return { name, sizes: sizes!, births: births!, live: live! };
}

/**
 * A profile of our own, for those who have none: sizes 8..32768 are born as in
 * glibc's bench-malloc-thread, with the inverse square of the size, and live
 * the longer the longer they are, so that live objects fall with the size.
 */
export function inverseSquareProfile(): Profile {
  const sizes = Float64Array.from({ length: LONGEST - 7 }, (_, i) => 8 + i);
  return {
    name: "inverse_square",
    sizes,
    births: sizes.map((size) => 1e6 / size ** 2),
    live: sizes.map((size) => 1e6 / size),
  };
}
