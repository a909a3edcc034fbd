/**
 * `export`: results of one or many experiments as one table, CSV or Parquet.
 *
 * @module
 */
import { resolve } from "node:path";
import {
  type Column,
  KEY_COLUMNS,
  SAMPLE_COLUMNS,
} from "../measures/columns.ts";
import { SAMPLES } from "../experiment/experiment.ts";
import {
  fileOf,
  readParameters,
  SHARED_TABLES,
} from "../experiment/result_files.ts";
import { csv, read } from "../measures/csv.ts";
import { parquet } from "../measures/parquet.ts";
import { UsageError } from "../runner/failure.ts";
import type { Resource } from "../runner/package.ts";
import { Results } from "../runner/results.ts";
import { checkNames, together } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";

/** What to write. */
interface Request {
  /** Experiments; none: all. */
  names: string[];
  table: string;
  columns?: string[];
  where: [key: string, value: string][];
  results?: string;
  form: string;
}

/** How a table is printed. */
const FORMS = ["csv", "parquet"];

/** Rows of one file; a parameter of its cells is a column as well. */
interface Part {
  names: string[];
  rows: string[][];
  /** What the file declares. */
  columns: readonly Column[];
}

/** The command. */
export const exportCommand: Command = {
  name: "export",
  summary: "write results of one or many experiments as one table",
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
    { name: "as", value: "FORM", summary: "csv or parquet; csv" },
    { name: "results", value: "FOLDER", summary: "read here; data/results" },
  ],
  examples: [
    "export > all.csv",
    "export map_churn --columns allocator,op,footprint_bytes > map.csv",
    "export --table summary --where allocator=first_fit",
    "export --as parquet > all.parquet",
  ],
  parse(args) {
    const columns = args.text("columns")?.split(",");
    const results = args.text("results");
    const table = args.text("table") ?? SAMPLES;
    const form = args.text("as") ?? "csv";
    if (!FORMS.includes(form)) {
      throw new UsageError(`--as expects ${FORMS.join(" or ")}, not "${form}"`);
    }
    for (const name of [...args.names, ...(table === SAMPLES ? [] : [table])]) {
      if (/^[a-z0-9][a-z0-9_.-]*$/.test(name)) continue;
      throw new UsageError(`"${name}" names no experiment or table`);
    }
    const request: Request = {
      names: args.names,
      table,
      form,
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
  const { names, table, columns, where, form, results: place } = request;
  const results = Results.in(
    place === undefined ? lab.results : resolve(lab.cwd, place),
  );
  const shared = SHARED_TABLES.includes(table) &&
    results.about(fileOf("", table));
  const parts = shared
    ? [only(names, partOf(results, shared))]
    : filesToWrite(lab, results, table, names)
      .map((resource) => partOf(results, resource));
  const known = allNames(parts);
  const parameters = new Set(parts.flatMap(({ names, rows }) => {
    const at = names.indexOf("parameters");
    return rows.flatMap((row) => [...readParameters(row[at] ?? "").keys()]);
  }));
  checkNames(
    "column",
    [...known, ...parameters],
    [...(columns ?? []), ...where.map(([key]) => key)],
  );
  const there = (name: string) =>
    new Set(parts.flatMap(({ names, rows }) => {
      const [at, given] = [names.indexOf(name), names.indexOf("parameters")];
      return rows.map((row) =>
        row[at] ?? readParameters(row[given] ?? "").get(name) ?? ""
      );
    }));
  together(
    ...where.map(([name, wanted]) => () =>
      checkNames(name, [...there(name)], [wanted])
    ),
  );
  const shown = columns ?? known;
  const chosen = parts.map(({ names, rows }) => {
    const at = names.indexOf("parameters");
    const value = (row: string[], name: string) =>
      row[names.indexOf(name)] ?? readParameters(row[at] ?? "").get(name) ?? "";
    return rows.filter((row) =>
      where.every(([key, wanted]) => value(row, key) === wanted)
    ).map((row) => shown.map((name) => value(row, name)));
  });
  if (form === "parquet") {
    const declared = parts.flatMap(({ columns }) => columns);
    const columns = shown.map((name) =>
      declared.find((column) => column.name === name) ??
        { name, type: "string" as const } // a parameter
    );
    return lab.print(parquet(columns, chosen.flat()));
  }
  lab.print(csv([shown]));
  for (const rows of chosen) lab.print(csv(rows));
}

function partOf(results: Results, resource: Resource): Part {
  const { columns } = resource;
  return { ...read(results.text(resource)), columns };
}

/** The files to write: in the order of the catalogue, others by name. */
function filesToWrite(
  lab: Lab,
  { resources }: Results,
  table: string,
  names: readonly string[],
): Resource[] {
  const found = new Map(resources.flatMap((resource) => {
    const name = resource.provenance?.experiment;
    const isOne = name !== undefined && resource.path === fileOf(name, table);
    return isOne ? [[name, resource]] : [];
  }));
  if (found.size === 0) {
    checkNames("table", tablesIn(resources), [table]);
  }
  checkResults(names, [...found.keys()]);
  const order = lab.catalogue.experiments.map(({ name }) => name);
  const all = new Set([...order, ...[...found.keys()].sort()]);
  return [...all].filter((name) => names.length === 0 || names.includes(name))
    .flatMap((name) => found.get(name) ?? []);
}

/** Throws `UsageError` unless there are results of all of `names`. */
function checkResults(
  names: readonly string[],
  known: readonly string[],
): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new UsageError(
    `No results of ${unknown.map((name) => `"${name}"`).join(", ")}: ` +
      `there are those of ${known.join(", ")}`,
  );
}

/** The tables that can be named. */
function tablesIn(resources: readonly Resource[]): string[] {
  const stems = resources.map(({ path }) => path.slice(0, -".csv".length));
  const own = stems.flatMap((stem) => stem.split(".")[1] ?? []);
  return [
    ...SHARED_TABLES.filter((table) => stems.includes(table)),
    ...new Set(own.sort()),
  ];
}

/** The rows of the experiments `wanted`; of all if none are. */
function only(
  wanted: readonly string[],
  { names, rows, columns }: Part,
): Part {
  const at = names.indexOf("experiment");
  checkResults(wanted, [...new Set(rows.map((row) => row[at]!))]);
  return {
    names,
    columns,
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
