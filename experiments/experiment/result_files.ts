/**
 * Names in a folder of results: which file holds which table, and how the
 * parameters of a cell are written.
 *
 * @module
 */
import { type Point, SAMPLES } from "./experiment.ts";

/** Tables that hold rows of all experiments, each in a file of its own. */
export const SHARED_TABLES: readonly string[] = [
  "summary",
  "statistics",
  "differences",
  "claims",
  "timing",
];

/** The file of a table of `experiment`, or of one that all share. */
export function fileOf(experiment: string, table: string): string {
  if (SHARED_TABLES.includes(table)) return `${table}.csv`;
  return table === SAMPLES ? `${experiment}.csv` : `${experiment}.${table}.csv`;
}

/** {@linkcode parametersText} of points, which many cells share. */
const TEXTS = new WeakMap<Point, string>();

/** The `parameters` column: `key=value;...`, sorted by key. */
export function parametersText(parameters: Point): string {
  const known = TEXTS.get(parameters);
  if (known !== undefined) return known;
  const text = Object.keys(parameters).sort()
    .map((key) => `${key}=${parameters[key]}`).join(";");
  TEXTS.set(parameters, text);
  return text;
}

/** The values in a `parameters` column, as text. */
export function readParameters(text: string): Map<string, string> {
  const pairs = text.split(";").filter((pair) => pair.includes("="));
  return new Map(pairs.map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}
