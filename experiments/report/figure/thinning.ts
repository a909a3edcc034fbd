/**
 * Rows of long lines of points: so many that they would not be seen, nor fit
 * into memory.
 *
 * Of each stretch of rows those are kept that hold the lowest and the highest
 * value of a column that a figure draws, and the first and the last one; so
 * every peak stays, as it was. Stretches have the same length all along and
 * grow as rows come.
 *
 * @module
 */
import { KEY_COLUMNS } from "../../measures/columns.ts";
import { BETWEEN } from "./means.ts";

/** Rows of a line that are kept, about: more than any figure has points. */
const MOST = 10_000;

/** What figures look at in a table. */
export interface Looks {
  /** Columns that are drawn. */
  values: readonly string[];
  /** Columns that tell lines apart, besides those of the key. */
  apart: readonly string[];
}

/** Nothing: rows of a cell are one line. */
export const NO_LOOKS: Looks = { values: [], apart: [] };

/** A row and its place among all rows. */
interface Row {
  fields: readonly string[];
  at: number;
}

/** The rows of a table as they come. */
export class Thinning {
  readonly #apart: readonly number[];
  readonly #values: readonly number[];
  readonly #lines = new Map<string, Line>();
  #count = 0;

  /** Rows have the columns `names`. */
  constructor(names: readonly string[], { values, apart }: Looks) {
    const key = [...KEY_COLUMNS.map(({ name }) => name), ...apart];
    const places = (some: readonly string[]) =>
      some.map((name) => names.indexOf(name)).filter((at) => at >= 0);
    this.#apart = places(key);
    this.#values = places(values);
  }

  /** Takes the next row. */
  add(fields: readonly string[]): void {
    const key = this.#apart.map((at) => fields[at]).join(BETWEEN);
    const line = this.#lines.get(key) ?? new Line(this.#values);
    this.#lines.set(key, line);
    line.add({ fields, at: this.#count++ });
  }

  /** Those that are kept, in order. */
  rows(): (readonly string[])[] {
    return [...this.#lines.values()].flatMap((line) => line.rows())
      .sort((a, b) => a.at - b.at).map(({ fields }) => fields);
  }
}

/** The rows of one line. */
class Line {
  readonly #values: readonly number[];
  /** Those that are kept, by stretch. */
  #stretches: Row[][] = [];
  #kept = 0;
  /** Rows of a stretch. */
  #length = 1;
  #last: Row[] = [];

  constructor(values: readonly number[]) {
    this.#values = values;
  }

  add(row: Row): void {
    this.#last.push(row);
    if (this.#last.length < this.#length) return;
    this.#push(this.#last);
    this.#last = [];
    if (this.#kept > MOST) this.#join();
  }

  rows(): Row[] {
    return [...this.#stretches.flat(), ...this.#last];
  }

  #push(stretch: readonly Row[]): void {
    const kept = this.#extremes(stretch);
    this.#stretches.push(kept);
    this.#kept += kept.length;
  }

  /** Joins stretches in pairs until every other row is gone. */
  #join(): void {
    while (this.#kept > MOST / 2) {
      const before = this.#stretches;
      this.#stretches = [];
      this.#kept = 0;
      this.#length *= 2;
      for (let i = 0; i < before.length; i += 2) {
        this.#push([...before[i]!, ...before[i + 1] ?? []]);
      }
    }
  }

  #extremes(stretch: readonly Row[]): Row[] {
    if (stretch.length < 2) return [...stretch];
    const kept = new Set([stretch[0]!, stretch.at(-1)!]);
    for (const at of this.#values) {
      let [low, high] = [stretch[0]!, stretch[0]!];
      for (const row of stretch) {
        const value = Number(row.fields[at]);
        if (value < Number(low.fields[at])) low = row;
        if (value > Number(high.fields[at])) high = row;
      }
      kept.add(low).add(high);
    }
    return stretch.filter((row) => kept.has(row));
  }
}
