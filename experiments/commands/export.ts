/**
 * `export`: results of one or many experiments as one CSV.
 *
 * @module
 */
import { unknownName } from "../../allocators/names.ts";
import { resolve } from "node:path";
import { KEY_COLUMNS, SAMPLE_COLUMNS } from "../measures/columns.ts";
import { SAMPLES } from "../experiment/experiment.ts";
import {
  fileOf,
  readParameters,
  SHARED_TABLES,
} from "../experiment/result_files.ts";
import { csv, read } from "../measures/csv.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import type { Command, Lab } from "./command.ts";

/** What to write. */
interface Request {
  /** Experiments; none: all. */
  names: string[];
  table: string;
  columns?: string[];
  where: [key: string, value: string][];
  results?: string;
}

/** Rows of one file; a parameter of its cells is a column as well. */
interface Part {
  names: string[];
  rows: string[][];
}

/** The command. */
export const exportCommand: Command = {
  name: "export",
  summary: "write results of one or many experiments as one CSV",
  usage: ["[experiment...] [options] > my.csv"],
  options: [
    {
      name: "columns",
      value: "A,B",
      summary: "these columns or parameters; all columns",
    },
    {
      name: "where",
      value: "KEY=VALUE",
      many: true,
      summary: "rows with this value in a column or parameter",
    },
    {
      name: "table",
      value: "NAME",
      summary: `another table, also ${SHARED_TABLES.join(", ")}`,
    },
    { name: "results", value: "FOLDER", summary: "read here; data/results" },
  ],
  examples: [
    "export > all.csv",
    "export map_churn --columns allocator,op,footprint_bytes > map.csv",
    "export --table summary --where allocator=first_fit",
  ],
  parse(args) {
    const columns = args.text("columns")?.split(",");
    const results = args.text("results");
    const table = args.text("table") ?? SAMPLES;
    for (const name of [...args.names, ...(table === SAMPLES ? [] : [table])]) {
      if (/^[a-z0-9][a-z0-9_.-]*$/.test(name)) continue;
      throw new UsageError(`"${name}" names no experiment or table`);
    }
    const request: Request = {
      names: args.names,
      table,
      ...(columns && { columns }),
      where: args.all("where").map((text) => {
        const at = text.indexOf("=");
        if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
        throw new UsageError(`--where expects KEY=VALUE, not "${text}"`);
      }),
      ...(results !== undefined && { results }),
    };
    return (lab) => write(lab, request);
  },
};

function write(lab: Lab, request: Request): void {
  const { names, table, columns, where, results } = request;
  const folder = results === undefined
    ? lab.results
    : resolve(lab.cwd, results);
  const files = filesOf(folder);
  if (files.length === 0) {
    throw new Failure(`No results in ${folder}: run some experiments first`);
  }
  const parts = SHARED_TABLES.includes(table) && files.includes(`${table}.csv`)
    ? [
      only(
        names,
        read(Deno.readTextFileSync(`${folder}/${fileOf("", table)}`)),
      ),
    ]
    : partNames(lab, files, table, names).map((name) =>
      read(Deno.readTextFileSync(`${folder}/${fileOf(name, table)}`))
    );
  const known = allNames(parts);
  const parameters = new Set(parts.flatMap(({ names, rows }) => {
    const at = names.indexOf("parameters");
    return rows.flatMap((row) => [...readParameters(row[at] ?? "").keys()]);
  }));
  for (const name of [...(columns ?? []), ...where.map(([key]) => key)]) {
    if (known.includes(name) || parameters.has(name)) continue;
    const all = [...known, ...parameters];
    throw new UsageError(unknownName(`column "${name}"`, name, all));
  }
  const shown = columns ?? known;
  lab.print(csv([shown]));
  for (const { names, rows } of parts) {
    const at = names.indexOf("parameters");
    const value = (row: string[], name: string) =>
      row[names.indexOf(name)] ?? readParameters(row[at] ?? "").get(name) ?? "";
    const chosen = rows.filter((row) =>
      where.every(([key, wanted]) => value(row, key) === wanted)
    );
    lab.print(csv(chosen.map((row) => shown.map((name) => value(row, name)))));
  }
}

/** The experiments to write: in the order of the catalogue, others by name. */
function partNames(
  lab: Lab,
  files: readonly string[],
  table: string,
  names: readonly string[],
): string[] {
  const end = fileOf("", table);
  const found = files.filter((file) => file.endsWith(end))
    .map((file) => file.slice(0, -end.length))
    .filter((name) => !name.includes(".") && !SHARED_TABLES.includes(name));
  if (found.length === 0) {
    const known = tablesIn(files);
    throw new UsageError(unknownName(`table "${table}"`, table, known));
  }
  checkNames(names, found);
  const order = lab.catalogue.experiments.map(({ name }) => name);
  const wanted = names.length > 0 ? names : found;
  return [
    ...order.filter((name) => wanted.includes(name)),
    ...found.filter((name) => wanted.includes(name) && !order.includes(name)),
  ];
}

/** Throws `UsageError` unless all of `names` are among those that are `known`. */
function checkNames(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(
    `No results of "${unknown}": there are those of ${known.join(", ")}`,
  );
}

/** The tables that can be named. */
function tablesIn(files: readonly string[]): string[] {
  const stems = files.map((file) => file.slice(0, -".csv".length));
  const own = stems.flatMap((stem) => stem.split(".")[1] ?? []);
  return [
    ...SHARED_TABLES.filter((table) => stems.includes(table)),
    ...new Set(own.sort()),
  ];
}

/** The names of the CSV files in `folder`. */
function filesOf(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(".csv")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The rows of the experiments `wanted`; of all if none are. */
function only(wanted: readonly string[], { names, rows }: Part): Part {
  const at = names.indexOf("experiment");
  checkNames(wanted, [...new Set(rows.map((row) => row[at]!))]);
  return {
    names,
    rows: rows.filter((row) => !wanted.length || wanted.includes(row[at]!)),
  };
}

/** All columns: those that every sample has, then others as they turn up. */
function allNames(parts: readonly Part[]): string[] {
  const found = new Set(parts.flatMap(({ names }) => names));
  const common = [...KEY_COLUMNS, ...SAMPLE_COLUMNS].map(({ name }) => name)
    .filter((name) => found.has(name));
  return [...new Set([...common, ...found])];
}
