/**
 * The rows of a result file, with the parameters of their cells as columns.
 *
 * @module
 */
import { readParameters } from "../experiment/result_files.ts";
import { read } from "../measures/csv.ts";

/** The rows of one experiment in one file. */
export interface Table {
  /** Number of rows. */
  length: number;
  /** Whether `name` is a column or a parameter of some row. */
  has(name: string): boolean;
  /** The text of column or parameter `name` in row `i`; "" if there is none. */
  text(i: number, name: string): string;
  /** Names of the parameters, in order. */
  parameters: readonly string[];
}

/** Reads the rows of `experiment` in a CSV text. */
export function readTable(text: string, experiment: string): Table {
  const { names, rows } = read(text);
  const column = new Map(names.map((name, i) => [name, i]));
  const [owner, own] = [column.get("experiment"), column.get("parameters")];
  const mine = owner === undefined
    ? rows
    : rows.filter((row) => row[owner] === experiment);
  const known = new Map<string, Map<string, string>>();
  const parametersOf = (row: string[]) => {
    const text = own === undefined ? "" : row[own]!;
    const found = known.get(text) ?? readParameters(text);
    known.set(text, found);
    return found;
  };
  const parameters = mine.map(parametersOf);
  const all = new Set([...known.values()].flatMap((map) => [...map.keys()]));
  return {
    length: mine.length,
    parameters: [...all],
    has: (name) => column.has(name) || all.has(name),
    text: (i, name) =>
      mine[i]![column.get(name) ?? -1] ?? parameters[i]!.get(name) ?? "",
  };
}
