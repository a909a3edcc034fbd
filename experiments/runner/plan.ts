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
  type Point,
  type Scale,
  type Value,
} from "../experiment/experiment.ts";
import type { Specs } from "./specs.ts";

/** The seed of cells that draw nothing, and of a quick look at the others. */
const ONE: readonly number[] = [1];
/** Enough for an interval. */
const FIVE: readonly number[] = [1, 2, 3, 4, 5];

/** What the user asks for, of any experiment. */
export interface Choice {
  /** Specs instead of the experiment's own. */
  allocators?: readonly string[];
  /** Values instead of the experiment's own, by parameter. */
  overrides: Readonly<Record<string, readonly Value[]>>;
  /** Seeds of the cells that draw; absent: as many as the scale takes. */
  seeds?: readonly number[];
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
  points?: readonly Point[];
  /** Whether any cell draws random numbers. */
  random: boolean;
  /** Seeds of the cells that do; the others are the same for every seed. */
  seeds: readonly number[];
}

/** The grid of `experiment`, its specs in their one writing. */
export function gridOf(
  experiment: Experiment,
  choice: Choice,
  specs: Specs,
): Grid {
  const { overrides, scale, seeds = scale === "quick" ? ONE : FIVE } = choice;
  const own = experiment.allocators;
  const allocators = own.includes(NO_ALLOCATOR)
    ? own
    : [...new Set((choice.allocators ?? own).map((s) => specs.parse(s).text))];
  const parameters = Object.fromEntries(
    Object.entries(experiment.parameters).map(([name, parameter]) => [
      name,
      overrides[name] ?? valuesOf(parameter, scale),
    ]),
  );
  const untouched = !Object.keys(parameters).some((name) => overrides[name]);
  const points = untouched && experiment.selects
    ? [...pointsOf(parameters)]
      .filter((point) => experiment.selects!(point, scale))
    : undefined;
  const random = allocators.some((allocator) =>
    (points?.values() ?? pointsOf(parameters))
      .some((point) => draws(experiment, allocator, point, specs))
  );
  return {
    experiment: experiment.name,
    scale,
    allocators,
    parameters,
    ...(points && { points }),
    random,
    seeds: random ? seeds : ONE,
  };
}

/** Whether a cell draws random numbers, itself or in its allocator. */
function draws(
  { random }: Experiment,
  allocator: string,
  point: Point,
  specs: Specs,
): boolean {
  if (typeof random === "function" ? random(point) : random) return true;
  if (allocator === NO_ALLOCATOR) return false;
  const { entry, values } = specs.parse(allocator);
  return entry.draws?.(values) ?? false;
}

/** All points of `parameters`, the last parameter changing first. */
function* pointsOf(
  parameters: Grid["parameters"],
  begun: Point = {},
): Generator<Point> {
  const [name, ...others] = Object.keys(parameters)
    .filter((name) => !(name in begun));
  if (name === undefined) return yield begun;
  for (const value of parameters[name]!) {
    const point = { ...begun, [name]: value };
    if (others.length > 0) yield* pointsOf(parameters, point);
    else yield point;
  }
}

/** The cells of `grid`: those that draw nothing are run with one seed. */
export function* eachCell(
  grid: Grid,
  experiment: Experiment,
  specs: Specs,
): Generator<CellKey> {
  for (const allocator of grid.allocators) {
    for (const parameters of grid.points ?? pointsOf(grid.parameters)) {
      const seeds = draws(experiment, allocator, parameters, specs)
        ? grid.seeds
        : ONE;
      for (const seed of seeds) {
        yield { experiment: grid.experiment, allocator, parameters, seed };
      }
    }
  }
}

/** All of them. */
export function cellsOf(
  grid: Grid,
  experiment: Experiment,
  specs: Specs,
): CellKey[] {
  return [...eachCell(grid, experiment, specs)];
}

/** The values of a parameter at a scale. */
export function valuesOf(
  { values }: Parameter,
  scale: Scale,
): readonly Value[] {
  return values[scale] ?? values.default;
}
