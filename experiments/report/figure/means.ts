/**
 * Rows that agree as one point.
 *
 * The rows of a cell are added up or averaged, then the cells of a seed
 * averaged, then the seeds: what these differ by is chance, and gives the
 * interval of the mean.
 *
 * @module
 */
import { spread } from "../../measures/statistics.ts";
import type { Point } from "../marks/mark.ts";
import type { Axis } from "./axis.ts";

/** A row with its place in the figure. */
export interface Item {
  row: number;
  x: number | string;
  y: number | string;
  series: string;
  panel: string;
  /** What its cell has in all that no axis shows, but the seed. */
  cell: string;
  seed: string;
}

type Side = "x" | "y";

/** Between the parts of a key: no name has it. */
export const BETWEEN = "\0";

/** Items that agree in all but `side` and seed; in neither if `scattered`. */
export function groupsOf(
  items: readonly Item[],
  side: Side,
  scattered: boolean,
): Item[][] {
  const other = side === "x" ? "y" : "x";
  const groups = Map.groupBy(items, (item) => {
    const place = scattered ? item.cell : item[other];
    return [item.panel, item.series, place].join(BETWEEN);
  });
  return [...groups.values()];
}

/**
 * The point of `group`: its mean along `sides`, with the interval of the first.
 * Where `cells` are given, rows add up in each, and cells without rows have 0.
 */
export function pointOf(
  group: readonly Item[],
  sides: readonly Side[],
  cells: readonly Pick<Item, "cell" | "seed">[],
): Point {
  const { x, y, series, panel } = group[0]!;
  const point: Point = { x, y, series, panel };
  for (const [i, side] of sides.entries()) {
    const values = seedsOf(group, side, cells);
    const { mean, margin = 0 } = values.length > 1
      ? spread(values)
      : { mean: values[0]! };
    point[side] = mean;
    const tiny = 1e-9 * Math.abs(mean); // rounding, not chance
    if (i === 0 && margin > tiny) {
      point.interval = [mean - margin, mean + margin];
    }
  }
  return point;
}

/** The value of each seed; a cell that ran with one only counts for all. */
function seedsOf(
  group: readonly Item[],
  side: Side,
  cells: readonly Pick<Item, "cell" | "seed">[],
): number[] {
  const sums = new Map<string, Map<string, { sum: number; count: number }>>();
  const at = ({ cell, seed }: Pick<Item, "cell" | "seed">) => {
    const seeds = sums.get(cell) ?? new Map();
    sums.set(cell, seeds);
    const known = seeds.get(seed) ??
      { sum: 0, count: cells.length > 0 ? 1 : 0 };
    seeds.set(seed, known);
    return known;
  };
  cells.forEach(at);
  for (const item of group) {
    const known = at(item);
    known.sum += Number(item[side]);
    if (cells.length === 0) known.count++;
  }
  const all = [...sums.values()];
  const seeds = new Set(all.flatMap((own) => [...own.keys()]));
  return [...seeds].map((seed) =>
    meanOf(all.flatMap((own) => {
      const found = own.get(seed) ??
        (own.size === 1 ? [...own.values()][0] : undefined);
      return found ? [found.sum / found.count] : [];
    }))
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `points` with intervals that end where the values of `axis` must. */
export function bounded(
  points: readonly Point[],
  side: Side,
  { log, factor }: Axis,
): Point[] {
  const values = points.map((point) => Number(point[side]));
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const low = log ? least : least >= 0 ? 0 : -Infinity;
  const high = factor === PERCENT && most <= PERCENT ? PERCENT : Infinity;
  return points.map(({ interval, ...point }) => ({
    ...point,
    ...(interval && {
      interval: [Math.max(interval[0], low), Math.min(interval[1], high)],
    }),
  }));
}

/** Shares are shown so. */
const PERCENT = 100;
