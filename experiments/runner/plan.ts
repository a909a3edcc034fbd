/**
 * Which cells a run has: experiment x allocator x parameters x seed, in the
 * order of the result files. A choice is what the user asks for, a grid what
 * that means for one experiment, a cell key one point of a grid.
 *
 * @module
 */
import {
  type CellKey,
  type Experiment,
  NO_ALLOCATOR,
  type Parameter,
  type Scale,
  type Value,
} from "../experiment/experiment.ts";

/** What the user asks for, of any experiment. */
export interface Choice {
  /** Specs instead of the experiment's own. */
  allocators?: readonly string[];
  /** Values instead of the experiment's own, by parameter. */
  overrides: Readonly<Record<string, readonly Value[]>>;
  /** Seeds, each at least 0. */
  seeds: readonly number[];
  /** Which values to take where none are given. */
  scale: Scale;
}

/** What that means for one experiment: its cells. */
export interface Grid {
  /** Name of the experiment. */
  experiment: string;
  /** Scale of the values that the user did not set. */
  scale: Scale;
  /** Canonical specs, or {@linkcode NO_ALLOCATOR} alone. */
  allocators: readonly string[];
  /** Values of every parameter. */
  parameters: Readonly<Record<string, readonly Value[]>>;
  /** The points of `parameters` to run; absent: all. */
  points?: readonly Readonly<Record<string, Value>>[];
  /** Seeds. */
  seeds: readonly number[];
}

/** The grid of `experiment`; `canonical` turns a spec into its one writing. */
export function gridOf(
  experiment: Experiment,
  { allocators, overrides, seeds, scale }: Choice,
  canonical: (spec: string) => string,
): Grid {
  const own = experiment.allocators;
  const specs = own.includes(NO_ALLOCATOR)
    ? own
    : [...new Set((allocators ?? own).map(canonical))];
  const parameters = Object.fromEntries(
    Object.entries(experiment.parameters).map(([name, parameter]) => [
      name,
      overrides[name] ?? valuesOf(parameter, scale),
    ]),
  );
  const untouched = !Object.keys(parameters).some((name) => overrides[name]);
  return {
    experiment: experiment.name,
    scale,
    allocators: specs,
    parameters,
    ...(untouched && experiment.selects && {
      points: pointsOf(parameters).filter((p) => experiment.selects!(p, scale)),
    }),
    seeds,
  };
}

/** All points of `parameters`, the last parameter changing first. */
function pointsOf(
  parameters: Grid["parameters"],
): Record<string, Value>[] {
  let points: Record<string, Value>[] = [{}];
  for (const [name, values] of Object.entries(parameters)) {
    points = points.flatMap((point) =>
      values.map((value) => ({ ...point, [name]: value }))
    );
  }
  return points;
}

/** The cells of a grid. */
export function cellsOf(grid: Grid): CellKey[] {
  const { experiment, allocators, seeds } = grid;
  const points = grid.points ?? pointsOf(grid.parameters);
  return allocators.flatMap((allocator) =>
    points.flatMap((parameters) =>
      seeds.map((seed) => ({ experiment, allocator, parameters, seed }))
    )
  );
}

/** The values of a parameter at a scale. */
export function valuesOf(
  { values }: Parameter,
  scale: Scale,
): readonly Value[] {
  return values[scale] ?? values.default;
}
