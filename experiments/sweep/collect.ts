/**
 * The results of a sweep from its shards, as a run of the lab would have left
 * them. Shards are read one after the other, so there may be more cells than
 * fit into memory.
 *
 * @module
 */
import type { Experiment } from "../experiment/experiment.ts";
import { plural } from "../traces/plural.ts";
import type { Place } from "../runner/cell_file.ts";
import { Failure } from "../runner/failure.ts";
import type { Done } from "../runner/finish.ts";
import { type Cells, type Summary, summaryOf } from "../runner/manifest.ts";
import type { PlanFile } from "./plan_file.ts";
import {
  missingRanges,
  rangeOf,
  rangesText,
  type ShardFolder,
} from "./shards.ts";

/** Names that a message shows. */
const SHOWN = 3;

/** Throws `Failure` unless every shard is there, once, and nothing else is. */
export function checkComplete(folder: ShardFolder): void {
  const { path, division: { shards } } = folder;
  const { published, foreign } = folder.find();
  if (foreign.length > 0) {
    const some = foreign.slice(0, SHOWN).join(", ");
    const more = foreign.length > SHOWN ? ", ..." : "";
    throw new Failure(
      `${path} holds ${plural(foreign.length, "shard")} of another plan, or ` +
        `of another number of shards than ${shards}: ${some}${more}`,
    );
  }
  if (published.size < shards) {
    throw new Failure(
      `${path} lacks ${shards - published.size} of ` +
        `${plural(shards, "shard")}: ${
          rangesText(missingRanges(published, shards))
        }`,
    );
  }
}

/**
 * What the parts of a plan result in, whose shards are complete. Every cell is
 * compared with the plan before: `Failure` names the shard that differs.
 */
export function collected(
  plan: PlanFile,
  folder: ShardFolder,
  experiments: readonly Experiment[],
  progress: (shard: number) => void,
): Done[] {
  const found = new Map(experiments.map((one) => [one.name, one]));
  for (const { grid: { experiment } } of plan.head.parts) {
    if (!found.has(experiment)) {
      throw new Failure(`${plan.path}: there is no experiment ${experiment}`);
    }
  }
  const known = new Map<string, Counts>();
  for (let k = 1; k <= folder.division.shards; k++) {
    countShard(plan, folder, k, known);
    progress(k);
  }
  return plan.head.parts.map(({ grid, command }) => {
    const { byShard, unsuitable } = known.get(grid.experiment) ?? NONE;
    return {
      experiment: found.get(grid.experiment)!,
      grid,
      command,
      cells: new ShardCells(folder, grid.experiment, byShard),
      places: new ShardPlaces(folder, grid.experiment, byShard),
      unsuitable: [...unsuitable],
      seconds: new Map(),
    };
  });
}

/** What the shards hold of an experiment. */
interface Counts {
  /** Finished cells, by number of the shard. */
  byShard: Map<number, number>;
  /** Why allocators were left out, a line for each reason. */
  unsuitable: Set<string>;
}

const NONE: Counts = { byShard: new Map(), unsuitable: new Set() };

/** Compares a shard with the plan and adds its cells to `known`. */
function countShard(
  plan: PlanFile,
  folder: ShardFolder,
  k: number,
  known: Map<string, Counts>,
): void {
  const { first, count } = rangeOf(folder.division, k);
  const { file, start } = folder.open(k);
  using _ = file;
  const cells = file.cells(start);
  for (const planned of plan.cells(first, count)) {
    const { value } = cells.next();
    if (value?.id !== planned.id) throw damaged(folder, k);
    const { experiment, allocator, unsuitable } = value.kept;
    const counts = known.get(experiment) ??
      { byShard: new Map(), unsuitable: new Set() };
    known.set(experiment, counts);
    if (unsuitable !== undefined) {
      counts.unsuitable.add(`${allocator}: ${unsuitable}`);
    } else counts.byShard.set(k, (counts.byShard.get(k) ?? 0) + 1);
  }
  if (!cells.next().done) throw damaged(folder, k);
}

function damaged({ path, division }: ShardFolder, k: number): Failure {
  return new Failure(
    `${path}: shard ${k} of ${division.shards} is not as it was written: ` +
      "remove it and run it again",
  );
}

/** Where the finished cells of an experiment lie, in order. */
class ShardPlaces implements Iterable<Place> {
  readonly #folder: ShardFolder;
  readonly #experiment: string;
  readonly #byShard: ReadonlyMap<number, number>;

  constructor(
    folder: ShardFolder,
    experiment: string,
    byShard: ReadonlyMap<number, number>,
  ) {
    this.#folder = folder;
    this.#experiment = experiment;
    this.#byShard = byShard;
  }

  [Symbol.iterator](): Generator<Place> {
    return this.from(0);
  }

  /** From the one at `start` on. */
  *from(start: number): Generator<Place> {
    let skip = start;
    for (const [k, count] of this.#byShard) {
      if (skip >= count) {
        skip -= count;
        continue;
      }
      const opened = this.#folder.open(k);
      using file = opened.file;
      for (const cell of file.cells(opened.start)) {
        const { experiment, unsuitable } = cell.kept;
        if (experiment !== this.#experiment || unsuitable !== undefined) {
          continue;
        }
        if (skip > 0) skip--;
        else yield { file, cell };
      }
    }
  }
}

/** The finished cells of an experiment, in order. */
class ShardCells implements Cells {
  readonly length: number;
  readonly #places: ShardPlaces;

  constructor(
    folder: ShardFolder,
    experiment: string,
    byShard: ReadonlyMap<number, number>,
  ) {
    this.#places = new ShardPlaces(folder, experiment, byShard);
    this.length = [...byShard.values()].reduce((sum, n) => sum + n, 0);
  }

  [Symbol.iterator](): Generator<Summary> {
    return this.slice(0);
  }

  *slice(start: number): Generator<Summary> {
    for (const { cell } of this.#places.from(start)) yield summaryOf(cell.kept);
  }
}
