/**
 * What several seeds say together: `statistics.csv`, every measure over the
 * seeds, and `differences.csv`, allocators compared seed by seed.
 *
 * Cells of one seed have the same requests, so the difference of two of them
 * is due to the allocators; its interval is far narrower than those of the two
 * means. It needs two seeds or more, so a run of one has no such rows.
 *
 * @module
 */
import { type Column, KEY_COLUMNS, type Row } from "../measures/columns.ts";
import { middle, spread } from "../measures/statistics.ts";
import { parametersText } from "../experiment/result_files.ts";
import type { Point } from "../experiment/experiment.ts";
import type { Cells, Summary } from "./manifest.ts";
import type { Grid } from "./plan.ts";
import { identity, number, type TableKind, text } from "./table.ts";

const GROUP_COLUMNS = KEY_COLUMNS.filter(({ name }) => name !== "seed");

const MEASURE = text("measure", "Column of summary.csv.");
const SEEDS: Column = {
  name: "seeds",
  type: "integer",
  unit: "seed",
  description: "Number of values.",
};

const STATISTICS_COLUMNS: readonly Column[] = [
  ...GROUP_COLUMNS,
  MEASURE,
  SEEDS,
  number("mean", "Mean over the seeds, in the measure's unit."),
  number("standard_deviation", "Of the sample (n - 1); empty for one seed."),
  number("ci95_low", "Lower end of Student's 95 % interval of the mean."),
  number("ci95_high", "Upper end of it; both empty for one seed."),
  number("median", "Median over the seeds."),
  number("median_low", "Lower end of the median's 95 % bootstrap interval."),
  number("median_high", "Upper end of it; both empty for one seed."),
];

const DIFFERENCE_COLUMNS: readonly Column[] = [
  ...GROUP_COLUMNS,
  text("against", "The allocator it is compared with, the first that ran."),
  MEASURE,
  SEEDS,
  number("mean", "Mean of measure - measure of `against`, seed by seed."),
  number("standard_deviation", "Of these differences (n - 1)."),
  number("ci95_low", "Lower end of Student's 95 % interval of the mean."),
  number("ci95_high", "Upper end of it; 0 outside: a difference."),
];

/** One row per measure of the cells that differ in their seed only. */
export const STATISTICS: TableKind = {
  name: "statistics",
  description:
    "Every measure over the seeds: mean, median, spread and confidence.",
  columns: STATISTICS_COLUMNS,
};

/** One row per measure, allocator but the first, and point of the grid. */
export const DIFFERENCES: TableKind = {
  name: "differences",
  description:
    "Allocators compared seed by seed with the first of their experiment.",
  columns: DIFFERENCE_COLUMNS,
};

/** The rows of {@linkcode STATISTICS} of the cells of an experiment. */
export function* statistics(cells: Iterable<Summary>): Generator<Row> {
  for (const group of groups(cells)) yield* statisticsOf(group);
}

/**
 * The rows of {@linkcode DIFFERENCES} of the cells of `grid`. Allocators have
 * their points in the same order, though one may lack some; so those before an
 * allocator are read beside it, each up to the same point.
 */
export function* differences(cells: Cells, grid: Grid): Generator<Row> {
  const place = placeIn(grid);
  const before: Beside[] = [];
  let own: Beside | undefined;
  let at = 0;
  for (const group of groups(cells)) {
    const { allocator, parameters } = group[0]!;
    if (own?.allocator !== allocator) {
      if (own) before.push(own);
      own = new Beside(allocator, cells, at, place);
      for (const other of before) other.rewind();
    }
    at += group.length;
    const point = place(parameters);
    for (const other of before) {
      const first = other.at(point);
      if (!first) continue;
      yield* differencesOf(group, first);
      break;
    }
  }
}

/** The groups of one allocator, read beside those of another. */
class Beside {
  readonly allocator: string;
  readonly #cells: Cells;
  readonly #start: number;
  readonly #place: (point: Point) => number;
  #groups: Iterator<Summary[]> | undefined;
  #group: Summary[] | undefined;

  /** Its cells begin with the one at `start`; points are ordered by `place`. */
  constructor(
    allocator: string,
    cells: Cells,
    start: number,
    place: (point: Point) => number,
  ) {
    this.allocator = allocator;
    this.#cells = cells;
    this.#start = start;
    this.#place = place;
  }

  /** Begins again with the first point. */
  rewind(): void {
    this.#groups?.return?.();
    this.#groups = undefined;
  }

  /** Its group at `point`, which is behind the last one; undefined: none. */
  at(point: number): Summary[] | undefined {
    if (!this.#groups) {
      this.#groups = groups(this.#cells.slice(this.#start));
      this.#advance();
    }
    const place = () => this.#place(this.#group![0]!.parameters);
    while (this.#group && place() < point) this.#advance();
    return this.#group && place() === point ? this.#group : undefined;
  }

  #advance(): void {
    const { value } = this.#groups!.next();
    this.#group = value?.[0].allocator === this.allocator ? value : undefined;
  }
}

/** The order of the points of a grid, the last parameter changing first. */
function placeIn({ parameters }: Grid): (point: Point) => number {
  const values = Object.entries(parameters).map(([name, values]) =>
    [name, new Map(values.map((value, i) => [value, i]))] as const
  );
  return (point) =>
    values.reduce(
      (place, [name, at]) => place * at.size + at.get(point[name]!)!,
      0,
    );
}

/** Cells that differ in their seed only, which follow each other. */
function* groups(cells: Iterable<Summary>): Generator<Summary[]> {
  let group: Summary[] = [];
  let last = "";
  for (const cell of cells) {
    const { allocator, parameters } = cell;
    const key = JSON.stringify([allocator, parametersText(parameters)]);
    if (key !== last && group.length > 0) {
      yield group;
      group = [];
    }
    last = key;
    group.push(cell);
  }
  if (group.length > 0) yield group;
}

function statisticsOf(cells: readonly Summary[]): Row[] {
  return measuresIn(cells).map((measure) => {
    const values = cells.flatMap(({ measures }) => measures[measure] ?? []);
    const { median, interval } = middle(values);
    return {
      ...groupIn(cells),
      measure,
      ...spreadRow(values),
      median,
      median_low: interval?.[0],
      median_high: interval?.[1],
    };
  });
}

function differencesOf(
  cells: readonly Summary[],
  first: readonly Summary[],
): Row[] {
  const bySeed = new Map(first.map((cell) => [cell.seed, cell]));
  return measuresIn(cells).flatMap((measure) => {
    const values = cells.flatMap(({ seed, measures }) => {
      const one = measures[measure];
      const other = bySeed.get(seed)?.measures[measure];
      return one === undefined || other === undefined ? [] : one - other;
    });
    if (values.length < 2) return [];
    return {
      ...groupIn(cells),
      against: first[0]!.allocator,
      measure,
      ...spreadRow(values),
    };
  });
}

function spreadRow(values: readonly number[]): Row {
  const { count, mean, deviation, margin } = spread(values);
  return {
    seeds: count,
    mean,
    standard_deviation: deviation,
    ci95_low: margin === undefined ? undefined : mean - margin,
    ci95_high: margin === undefined ? undefined : mean + margin,
  };
}

function measuresIn(cells: readonly Summary[]): string[] {
  return [...new Set(cells.flatMap(({ measures }) => Object.keys(measures)))];
}

/** What the cells share; no workload where theirs differ. */
function groupIn(cells: readonly Summary[]): Row {
  const { seed: _, ...group } = identity(cells[0]!);
  const workloads = new Set(cells.map(({ workload }) => workload));
  return { ...group, ...(workloads.size > 1 && { workload: undefined }) };
}
