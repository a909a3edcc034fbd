/**
 * Two sets of results compared cell by cell: cells of both that have the same
 * key (experiment, allocator, parameters) and the same seed are a pair, so a
 * difference is due to what changed in between.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { spread } from "./statistics.ts";

/** What was measured in one cell. */
export interface Measured {
  /** What the cell is, without its seed; equal in both sets. */
  key: readonly string[];
  seed: string;
  /** By name. */
  measures: ReadonlyMap<string, number>;
}

/** One measure of the pairs that differ in their seed only. */
export interface Difference {
  key: readonly string[];
  measure: string;
  /** Number of pairs. */
  pairs: number;
  /** Means over the pairs: before, after, and of the differences. */
  before: number;
  after: number;
  change: number;
  /** Student's 95 % interval of that mean; undefined for one pair. */
  interval: readonly [low: number, high: number] | undefined;
  /** change / |before|; infinite from 0. */
  share: number;
}

/** What two sets have in common, and what not. */
export interface Comparison {
  /** Where there is a difference, the largest share first. */
  differences: readonly Difference[];
  /** Pairs of cells; measures that were compared, and those that are equal. */
  pairs: number;
  compared: number;
  equal: number;
  /** Cells without a partner. */
  onlyBefore: number;
  onlyAfter: number;
}

/** Compares `after` with `before`; `RangeError` if cells of one are the same. */
export function compare(
  before: readonly Measured[],
  after: readonly Measured[],
): Comparison {
  const name = ({ key, seed }: Measured) => JSON.stringify([...key, seed]);
  for (const cells of [before, after]) {
    const same = cells.length - new Set(cells.map(name)).size;
    if (same > 0) {
      throw new RangeError(
        `${
          plural(same, "cell is", "cells are")
        } like others but for what is left out`,
      );
    }
  }
  const partners = new Map(after.map((cell) => [name(cell), cell]));
  const pairs = before.flatMap((cell) => {
    const partner = partners.get(name(cell));
    return partner ? [[cell, partner] as const] : [];
  });
  const groups = Map.groupBy(pairs, ([{ key }]) => JSON.stringify(key));
  const all = [...groups.values()].flatMap(differencesOf);
  const differences = all.filter(({ change, interval }) =>
    change !== 0 || interval !== undefined && interval[0] !== interval[1]
  );
  return {
    differences: differences.sort((a, b) =>
      Math.abs(b.share) - Math.abs(a.share) || 0
    ),
    pairs: pairs.length,
    compared: all.length,
    equal: all.length - differences.length,
    onlyBefore: before.length - pairs.length,
    onlyAfter: after.length - pairs.length,
  };
}

function differencesOf(
  pairs: readonly (readonly [Measured, Measured])[],
): Difference[] {
  const { key } = pairs[0]![0];
  const names = new Set(
    pairs.flatMap(([{ measures }]) => [...measures.keys()]),
  );
  return [...names].flatMap((measure) => {
    const values = pairs.flatMap(([a, b]) => {
      const [before, after] = [a, b].map((cell) => cell.measures.get(measure));
      return before === undefined || after === undefined
        ? []
        : [[before, after] as const];
    });
    if (values.length === 0) return [];
    const { count, mean, margin } = spread(values.map(([a, b]) => b - a));
    const before = spread(values.map(([a]) => a)).mean;
    return [{
      key,
      measure,
      pairs: count,
      before,
      after: spread(values.map(([, b]) => b)).mean,
      change: mean,
      interval: margin === undefined
        ? undefined
        : [mean - margin, mean + margin] as const,
      share: mean === 0 ? 0 : mean / Math.abs(before),
    }];
  });
}

/** A limit that a measure must not pass. */
export interface Limit {
  measure: string;
  /** Whether what is above it fails; else what is below. */
  above: boolean;
  /** A change, as a share of what was, or in the measure's unit. */
  value: number;
  relative: boolean;
}

const LIMIT = /^([a-z][a-z0-9_]*)\s*([<>])\s*([+-]?\d+(?:\.\d+)?)(%?)$/;

/** The limit `text` says, `peak_footprint>+5%`; undefined if it says none. */
export function limitIn(text: string): Limit | undefined {
  const [, measure, sign, value, percent] = LIMIT.exec(text.trim()) ?? [];
  if (measure === undefined) return undefined;
  const relative = percent === "%";
  return {
    measure,
    above: sign === ">",
    value: Number(value) / (relative ? 100 : 1),
    relative,
  };
}

/** Whether `name` is what a limit calls `measure`: its unit can be left out. */
export function isCalled(name: string, measure: string): boolean {
  return [measure, `${measure}_bytes`, `${measure}_ratio`].includes(name);
}

/**
 * Whether a difference passes a limit on its measure: its mean does, and if
 * there are several pairs, its interval does not hold 0.
 */
export function passes(
  { change, share, interval }: Difference,
  { above, value, relative }: Limit,
): boolean {
  const sure = interval === undefined || interval[0] > 0 || interval[1] < 0;
  const found = relative ? share : change;
  return sure && (above ? found > value : found < value);
}
