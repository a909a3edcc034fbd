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
import type { Summary } from "./manifest.ts";
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
export function statistics(cells: readonly Summary[]): Row[] {
  return groups(cells).flatMap(statisticsOf);
}

/** The rows of {@linkcode DIFFERENCES} of the cells of an experiment. */
export function differences(cells: readonly Summary[]): Row[] {
  const firsts = new Map<string, Summary[]>();
  return groups(cells).flatMap((group) => {
    const point = parametersText(group[0]!.parameters);
    const first = firsts.get(point);
    if (first) return differencesOf(group, first);
    firsts.set(point, group);
    return [];
  });
}

/** Cells that differ in their seed only, together. */
function groups(cells: readonly Summary[]): Summary[][] {
  const byKey = Map.groupBy(
    cells,
    ({ allocator, parameters }) =>
      JSON.stringify([allocator, parametersText(parameters)]),
  );
  return [...byKey.values()];
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
