/**
 * The size classes of a real allocator, as it tells them when it is asked for
 * every size.
 *
 * @module
 */
import { Failure } from "../runner/failure.ts";
import type { ClassRuns } from "../measures/size_classes.ts";
import type { Replayer } from "./replayer.ts";

/** Sizes 1 .. this are asked for. */
const MOST = 4 * 2 ** 20;

/**
 * Asks `replayer`: the longest request of every class. That is its usable size,
 * but for glibc's mappings, which tell 8 bytes more than they take.
 *
 * `Failure` if every size is a class: then it tells what was asked for.
 */
export async function sizeClassesOf(replayer: Replayer): Promise<ClassRuns> {
  const sizes = await replayer.usableSizes(MOST);
  if (sizes.length === MOST) {
    throw new Failure(
      `${replayer.name} tells the size that was asked for, not that of the block`,
    );
  }
  const [, ...later] = sizes;
  const longest = later.map(([size]) => size - 1);
  // The last class may go on.
  return runsOf(sizes.at(-1)![1] === MOST ? [...longest, MOST] : longest);
}

/** Ascending numbers as runs of equal distance: first, distance, last. */
export function runsOf(numbers: readonly number[]): ClassRuns {
  const runs: [number, number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && (run[1] === 0 || number === run[2] + run[1])) {
      run[1] = number - run[2];
      run[2] = number;
    } else runs.push([number, 0, number]);
  }
  return runs;
}
