/**
 * The rows of a result file, with the parameters of their cells as columns.
 *
 * @module
 */
import { readParameters } from "../../experiment/result_files.ts";
import { read } from "../../measures/csv.ts";
import { type Looks, NO_LOOKS, Thinning } from "./thinning.ts";

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

/**
 * Reads the lines of a CSV file, of which many experiments may ask for their
 * rows. Of long lines of points not all rows are kept: see `Thinning`.
 */
export function readSheet(
  lines: string | Iterable<string>,
  looks: Looks = NO_LOOKS,
): Sheet {
  const records = recordsIn(
    typeof lines === "string" ? lines.split("\n") : lines,
  )[Symbol.iterator]();
  const names = records.next().value ?? [];
  const thinning = new Thinning(names, looks);
  for (const row of { [Symbol.iterator]: () => records }) thinning.add(row);
  const owner = names.indexOf("experiment");
  const byOwner = Map.groupBy(thinning.rows(), (row) => row[owner] ?? "");
  return { table: (name) => tableOf(names, byOwner.get(name) ?? []) };
}

/** The fields of each row; a field in quotes may hold ends of lines. */
function* recordsIn(lines: Iterable<string>): Generator<string[]> {
  let open = "";
  for (const line of lines) {
    const text = open === "" ? line : `${open}\n${line}`;
    const quotes = text.includes('"') ? text.split('"').length - 1 : 0;
    open = quotes % 2 === 0 ? "" : text;
    if (open !== "" || text === "") continue;
    yield quotes === 0 ? text.split(",") : read(`${text}\n`).names;
  }
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
