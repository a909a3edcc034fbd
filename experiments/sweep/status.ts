/**
 * How far a sweep is, from the names and times of its shards.
 *
 * @module
 */
import type { PlanFile } from "./plan_file.ts";
import { missingRanges, rangeOf, type ShardFolder } from "./shards.ts";

/** How far a sweep is. */
export interface Status {
  plan: string;
  experiments: readonly string[];
  cells: number;
  /** Cells of the shards that are published. */
  finished_cells: number;
  shards: number;
  published: number;
  /** Shards that are not, as ranges. */
  missing: readonly (readonly [from: number, to: number])[];
  /** Cells a second between the first shard and the last; null: unknown. */
  cells_per_second: number | null;
  /** Shards of other plans, by name. */
  foreign: readonly string[];
}

/** Looks at the folder. */
export function statusOf(plan: PlanFile, folder: ShardFolder): Status {
  const { division } = folder;
  const { published, foreign } = folder.find();
  let finished = 0;
  let [first, last] = [Infinity, -Infinity];
  let beginning = 0;
  for (const [k, time] of published) {
    const { count } = rangeOf(division, k);
    finished += count;
    if (time < first) [first, beginning] = [time, count];
    last = Math.max(last, time);
  }
  return {
    plan: division.plan,
    experiments: plan.head.parts.map(({ grid }) => grid.experiment),
    cells: division.cells,
    finished_cells: finished,
    shards: division.shards,
    published: published.size,
    missing: missingRanges(published, division.shards),
    cells_per_second: last > first
      ? (finished - beginning) / ((last - first) / 1000)
      : null,
    foreign,
  };
}
