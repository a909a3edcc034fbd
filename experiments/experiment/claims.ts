/**
 * The vocabulary of claims: what is measured and over which cells, what the
 * number should be, and which verdict is expected.
 *
 * ```ts
 * measured: quotient(
 *   mean("footprint_per_live", { allocator: "best_fit" }),
 *   mean("footprint_per_live", { allocator: "kingsley" }),
 * ),
 * expected: below(0.9),
 * ```
 *
 * @module
 */
import type { CellKey, Claim, Finished, Value, Verdict } from "./experiment.ts";

/** From the finished cells to a number; undefined if they were not run. */
export type Measured = Claim["measured"];

/**
 * Which cells: `allocator` is the cell's spec, any other key a parameter. A
 * value must be equal; a function says whether a value will do.
 */
export type Where = Readonly<
  Record<string, Value | ((value: Value) => boolean)>
>;

/** A measure by name, or one computed from the measures of a cell. */
export type Quantity =
  | string
  | ((measures: Finished["measures"]) => number | undefined);

/** Whether a cell is one of those that `where` describes. */
export function isOf(cell: CellKey, where: Where): boolean {
  return Object.entries(where).every(([key, wanted]) => {
    const value = key === "allocator" ? cell.allocator : cell.parameters[key];
    return typeof wanted === "function"
      ? value !== undefined && wanted(value)
      : value === wanted;
  });
}

/**
 * Mean over allocators and points of their means over seeds: a point that is
 * run once counts as much as one with many seeds.
 */
export function mean(quantity: Quantity, where: Where = {}): Measured {
  return (cells) => {
    const points = new PointMeans();
    for (const { cell, value } of valuesOf(quantity, where, cells)) {
      const { allocator, parameters } = cell;
      points.add(JSON.stringify([allocator, parameters]), value);
    }
    return points.mean;
  };
}

/** The mean of the means of points, whose cells follow each other. */
export class PointMeans {
  readonly #all = new Mean();
  #point = new Mean();
  #last = "";

  /** Counts the value of a cell at `point`. */
  add(point: string, value: number): void {
    if (point !== this.#last) this.#end();
    this.#last = point;
    this.#point.add(value);
  }

  #end(): void {
    if (this.#point.mean !== undefined) this.#all.add(this.#point.mean);
    this.#point = new Mean();
  }

  /** The mean; undefined of nothing. */
  get mean(): number | undefined {
    this.#end();
    return this.#all.mean;
  }
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  get mean(): number | undefined {
    return this.#count > 0 ? this.#sum / this.#count : undefined;
  }
}

/** Largest value of any cell. */
export function largest(quantity: Quantity, where: Where = {}): Measured {
  return over(quantity, where, Math.max);
}

/** Smallest value of any cell. */
export function smallest(quantity: Quantity, where: Where = {}): Measured {
  return over(quantity, where, Math.min);
}

function over(
  quantity: Quantity,
  where: Where,
  reduce: (one: number, other: number) => number,
): Measured {
  return (cells) => {
    let result: number | undefined;
    for (const { value } of valuesOf(quantity, where, cells)) {
      result = result === undefined ? value : reduce(result, value);
    }
    return result;
  };
}

/** The cells that `where` describes and that have a value. */
function* valuesOf(
  quantity: Quantity,
  where: Where,
  cells: Iterable<Finished>,
): Generator<{ cell: Finished; value: number }> {
  const of = typeof quantity === "function"
    ? quantity
    : (measures: Finished["measures"]) => measures[quantity];
  for (const cell of cells) {
    const value = isOf(cell, where) ? of(cell.measures) : undefined;
    if (value !== undefined) yield { cell, value };
  }
}

/**
 * A number computed from others, in their order; undefined if one of them was
 * not measured or the result is not finite.
 */
export function combine(
  compute: (...values: number[]) => number,
  ...parts: readonly Measured[]
): Measured {
  return (cells) => {
    const values = parts.flatMap((measured) => measured(cells) ?? []);
    if (values.length < parts.length) return undefined;
    const result = compute(...values);
    return Number.isFinite(result) ? result : undefined;
  };
}

/** `one` minus `other`. */
export function difference(one: Measured, other: Measured): Measured {
  return combine((a, b) => a - b, one, other);
}

/** `one` over `other`. */
export function quotient(one: Measured, other: Measured): Measured {
  return combine((a, b) => a / b, one, other);
}

/** Mean of `parts`, each of which counts the same however many cells it has. */
export function average(parts: readonly Measured[]): Measured {
  return combine(
    (...values) => values.reduce((sum, v) => sum + v / values.length, 0),
    ...parts,
  );
}

/** The one of `parts` that is furthest from `target`: all must be near it. */
export function furthest(target: number, parts: readonly Measured[]): Measured {
  const distance = (value: number) => Math.abs(value - target);
  return combine(
    (...values) => values.reduce((a, b) => distance(b) > distance(a) ? b : a),
    ...parts,
  );
}

/** What a claim expects of its number. */
export type Expected = Claim["expected"];

/** Exactly `value`. */
export function exactly(value: number): Expected {
  return { value, tolerance: 0 };
}

/** `value` or at most `tolerance` away from it. */
export function near(value: number, tolerance: number): Expected {
  return { value, tolerance };
}

/** More than `bound`. */
export function above(bound: number): Expected {
  return { text: `above ${bound}`, holds: (value) => value > bound };
}

/** `bound` or more. */
export function atLeast(bound: number): Expected {
  return { text: `at least ${bound}`, holds: (value) => value >= bound };
}

/** Less than `bound`. */
export function below(bound: number): Expected {
  return { text: `below ${bound}`, holds: (value) => value < bound };
}

/** More than `low` and less than `high`. */
export function between(low: number, high: number): Expected {
  return {
    text: `between ${low} and ${high}`,
    holds: (value) => value > low && value < high,
  };
}

/** The verdict on what holds on a condition: `It holds only if ...` */
export function onlyIf(condition: string): Verdict {
  return { kind: "holds_only_if", condition };
}

/** The verdict on a statement that is known to be false. */
export const REFUTED: Verdict = { kind: "refuted" };

/**
 * Cites the notes that the project examines: lecture notes on memory
 * allocation in Linux, in Chinese, from brk and mmap to the buddy system.
 */
export function lectureNotes(topic: string): string {
  return `lecture notes, on ${topic}`;
}
