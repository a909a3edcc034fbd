/**
 * The rows of a result file, with the parameters of their cells as columns.
 *
 * @module
 */
import { readParameters } from "../../experiment/result_files.ts";
import { read } from "../../measures/csv.ts";

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

/** A result file: the rows of each experiment in it. */
export interface Sheet {
  /** The rows of `experiment`. */
  table(experiment: string): Table;
}

/** Reads a CSV text; many experiments may ask for their rows of it. */
export function readSheet(text: string): Sheet {
  const { names, rows } = text.includes('"') ? read(text) : split(text);
  const owner = names.indexOf("experiment");
  const byOwner = Map.groupBy(rows, (row) => row[owner] ?? "");
  return { table: (name) => tableOf(names, byOwner.get(name) ?? []) };
}

/** As `read`, of a text without quotes, which is nearly every one. */
function split(text: string): { names: string[]; rows: string[][] } {
  const [names = [], ...rows] = text.trimEnd().split("\n").map((line) =>
    line.split(",")
  );
  return { names, rows };
}

function tableOf(
  names: readonly string[],
  rows: readonly (readonly string[])[],
): Table {
  const column = new Map(names.map((name, i) => [name, i]));
  const own = column.get("parameters") ?? -1;
  const known = new Map<string, Map<string, string>>();
  const parameters = rows.map((row) => {
    const text = row[own] ?? "";
    const found = known.get(text) ?? readParameters(text);
    known.set(text, found);
    return found;
  });
  const all = new Set([...known.values()].flatMap((map) => [...map.keys()]));
  return {
    length: rows.length,
    parameters: [...all],
    has: (name) => column.has(name) || all.has(name),
    text: (i, name) =>
      rows[i]![column.get(name) ?? -1] ?? parameters[i]!.get(name) ?? "",
  };
}
