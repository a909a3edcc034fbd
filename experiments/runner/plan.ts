/**
 * Which cells a run has: experiment x allocator x parameters x seed, in the
 * order of the result files.
 *
 * @module
 */
import type {
  CellKey,
  Experiment,
  Parameter,
  Scale,
  Value,
} from "../experiment/experiment.ts";

/** What the user chose of a grid. */
export interface Choice {
  /** Canonical specs instead of the experiment's own. */
  allocators?: readonly string[];
  /** Values instead of the experiment's own, by parameter. */
  overrides: Readonly<Record<string, readonly Value[]>>;
  /** Seeds, each at least 0. */
  seeds: readonly number[];
  /** Which values to take where none are given. */
  scale: Scale;
}

/** The grid that `choice` leaves of an experiment. */
export interface Grid {
  /** Canonical specs; `-` where no allocator takes part. */
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
  const free = own.length === 1 && own[0] === "-";
  const parameters = Object.fromEntries(
    Object.entries(experiment.parameters).map(([name, parameter]) => [
      name,
      overrides[name] ?? valuesOf(parameter, scale),
    ]),
  );
  const untouched = !Object.keys(parameters).some((name) => overrides[name]);
  return {
    allocators: free ? own : allocators ?? [...new Set(own.map(canonical))],
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
export function cellsOf(experiment: string, grid: Grid): CellKey[] {
  const points = grid.points ?? pointsOf(grid.parameters);
  return grid.allocators.flatMap((allocator) =>
    points.flatMap((parameters) =>
      grid.seeds.map((seed) => ({ experiment, allocator, parameters, seed }))
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

/** The `parameters` column: `key=value;...`, sorted by key. */
export function parametersText(
  parameters: Readonly<Record<string, Value>>,
): string {
  return Object.keys(parameters).sort()
    .map((key) => `${key}=${parameters[key]}`).join(";");
}
