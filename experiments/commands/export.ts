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
import { batches, csv } from "../measures/csv.ts";
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

/** Characters that are printed at a time. */
const PIECE = 2 ** 16;

/** How a table is printed. */
const FORMS = ["csv", "parquet"];

/** Rows of one file; a parameter of its cells is a column as well. */
interface Part {
  names: string[];
  /** Read anew at each call. */
  rows(): Iterable<string[]>;
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
  if (columns || where.length > 0) checkAsked(parts, known, where, columns);
  const shown = columns ?? known;
  const rows = chosen(parts, where, shown);
  if (form === "parquet") {
    const declared = parts.flatMap(({ columns }) => columns);
    const columns = shown.map((name) =>
      declared.find((column) => column.name === name) ??
        { name, type: "string" as const } // a parameter
    );
    for (const piece of parquet(columns, rows)) lab.print(piece);
    return;
  }
  lab.print(csv([shown]));
  let text = "";
  for (const row of rows) {
    text += csv([row]);
    if (text.length < PIECE) continue;
    lab.print(text);
    text = "";
  }
  if (text !== "") lab.print(text);
}

/** Throws `UsageError` unless what is asked for can be found in `parts`. */
function checkAsked(
  parts: readonly Part[],
  known: readonly string[],
  where: readonly (readonly [string, string])[],
  columns: readonly string[] = [],
): void {
  const asked = where.map(([name]) => name);
  const { parameters, values } = contents(parts, asked);
  checkNames("column", [...known, ...parameters], [...columns, ...asked]);
  together(
    ...where.map(([name, wanted], i) => () =>
      checkNames(name, [...values[i]!], [wanted])
    ),
  );
}

/** The parameters in `parts`, and the values of each of the columns `asked`. */
function contents(
  parts: readonly Part[],
  asked: readonly string[],
): { parameters: Set<string>; values: Set<string>[] } {
  const parameters = new Set<string>();
  const values = asked.map(() => new Set<string>());
  for (const { names, rows } of parts) {
    const value = valueIn(names);
    const at = names.indexOf("parameters");
    let last: string | undefined;
    for (const row of rows()) {
      if (row[at] !== last) {
        last = row[at];
        for (const name of readParameters(last ?? "").keys()) {
          parameters.add(name);
        }
      }
      asked.forEach((name, i) => values[i]!.add(value(row, name)));
    }
  }
  return { parameters, values };
}

/** The rows with the values in `where`, only the columns `shown`. */
function* chosen(
  parts: readonly Part[],
  where: readonly (readonly [string, string])[],
  shown: readonly string[],
): Generator<string[]> {
  for (const { names, rows } of parts) {
    const value = valueIn(names);
    for (const row of rows()) {
      if (where.some(([name, wanted]) => value(row, name) !== wanted)) continue;
      yield shown.map((name) => value(row, name));
    }
  }
}

/** Gives the value of a column, or of a parameter, in a row with `names`. */
function valueIn(
  names: readonly string[],
): (row: readonly string[], name: string) => string {
  const at = names.indexOf("parameters");
  return (row, name) =>
    row[names.indexOf(name)] ?? readParameters(row[at] ?? "").get(name) ?? "";
}

function partOf(results: Results, resource: Resource): Part {
  results.check(resource);
  const records = function* () {
    for (const batch of batches(results.lines(resource))) yield* batch;
  };
  const [names = []] = records();
  return {
    names,
    columns: resource.columns,
    *rows() {
      let isFirst = true;
      for (const record of records()) {
        if (!isFirst) yield record;
        isFirst = false;
      }
    },
  };
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
function only(wanted: readonly string[], part: Part): Part {
  const at = part.names.indexOf("experiment");
  const known = new Set<string>();
  for (const row of part.rows()) known.add(row[at]!);
  checkResults(wanted, [...known]);
  if (wanted.length === 0) return part;
  return {
    ...part,
    *rows() {
      for (const row of part.rows()) {
        if (wanted.includes(row[at]!)) yield row;
      }
    },
  };
}

/** All columns: those that every sample has, then others as they turn up. */
function allNames(parts: readonly Part[]): string[] {
  const found = new Set(parts.flatMap(({ names }) => names));
  const common = [...KEY_COLUMNS, ...SAMPLE_COLUMNS].map(({ name }) => name)
    .filter((name) => found.has(name));
  return [...new Set([...common, ...found])];
}
