/**
 * `datapackage.json`: what every file and column of a folder means, what it
 * was computed from, and how long and which its bytes are (Frictionless Data
 * Package, version 1). The text is sealed: see `sealed.ts`.
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import { SAMPLES } from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import type { Manifest, Written } from "./manifest.ts";
import type { TableKind } from "./table.ts";
import type { Grid } from "./plan.ts";
import { sealed, unsealed } from "./sealed.ts";

/** Name of the file. */
export const PACKAGE = "datapackage.json";
/** Changes whenever the form does; packages of others are not read. */
const FORMAT = 1;
/** Names of experiments, and of files of results. */
const EXPERIMENT = /^[a-z0-9_]+$/;
const FILE = /^[a-z0-9_]+(\.[a-z0-9_]+)?\.csv$/;

/** How an experiment was run. */
export interface Provenance extends Grid {
  /** Version of the project that ran it. */
  version: string;
  /** The command line that does it again. */
  command: string;
  /** Columns of its measures; with the samples only. */
  measures?: readonly Column[];
}

/** A file of results. */
export interface Resource {
  /** Its name. */
  path: string;
  /** What it tells. */
  description: string;
  /** Its columns. */
  columns: readonly Column[];
  /** Its length; absent where it differs from run to run. */
  bytes?: number;
  /** Its SHA-256, hexadecimal; absent likewise. */
  sha256?: string;
  /** How it was made; absent: all experiments share it. */
  provenance?: Provenance;
}

/** The text of the file. */
export function packageText(
  manifests: readonly Manifest[],
  tables: readonly (TableKind & Written)[],
): string {
  const resources = [
    ...manifests.flatMap(resourcesOf),
    ...tables.map(({ name, description, columns, bytes, sha256 }) => ({
      path: fileOf("", name),
      description,
      columns,
      ...(name !== "timing" && { bytes, sha256 }),
    })),
  ];
  const content = {
    profile: "tabular-data-package",
    name: "fraglab-results",
    title: "Results of Fraglab, a workbench for research on fragmentation",
    format: FORMAT,
    resources: resources.map(frictionless),
  };
  return sealed(JSON.stringify(content, null, 2)) + "\n";
}

/** The files of an experiment. */
function resourcesOf(manifest: Manifest): Resource[] {
  const { question, version, command, grid, tables, measures } = manifest;
  const { experiment, ...rest } = grid;
  return Object.entries(tables).map(([table, written]) => ({
    path: fileOf(experiment, table),
    description: question,
    ...written,
    provenance: {
      experiment,
      version,
      command,
      ...rest,
      ...(table === SAMPLES && { measures }),
    },
  }));
}

function frictionless(
  { path, description, columns, bytes, sha256, provenance }: Resource,
): object {
  return {
    name: path.replace(/\.csv$/, ""),
    path,
    description,
    profile: "tabular-data-resource",
    format: "csv",
    mediatype: "text/csv",
    encoding: "utf-8",
    ...(sha256 !== undefined && { bytes, hash: `sha256:${sha256}` }),
    dialect: { delimiter: ",", lineTerminator: "\n" },
    schema: { fields: columns.map(field), missingValues: [""] },
    ...(provenance && {
      provenance: {
        ...provenance,
        ...(provenance.measures && {
          measures: provenance.measures.map(field),
        }),
      },
    }),
  };
}

function field({ name, type, unit, description }: Column): object {
  return { name, type, ...(unit && { unit }), description };
}

/**
 * The files that a package describes; undefined if the text is not whole, of
 * another version, or names what no file of results is called.
 */
export function readPackage(text: string): Resource[] | undefined {
  const content = unsealed(text.trimEnd());
  if (content?.format !== FORMAT) return undefined;
  try {
    return (content.resources as Frictionless[]).map(resourceIn);
  } catch {
    return undefined;
  }
}

/** A resource as it stands in the file. */
interface Frictionless {
  path: string;
  description: string;
  bytes?: number;
  hash?: string;
  schema: { fields: Field[] };
  provenance?: Omit<Provenance, "measures"> & { measures?: Field[] };
}

type Field = Omit<Column, "unit"> & { unit?: string };

function resourceIn(
  { path, description, bytes, hash, schema, provenance }: Frictionless,
): Resource {
  if (!FILE.test(path)) throw new SyntaxError(path);
  if (provenance && !EXPERIMENT.test(provenance.experiment)) {
    throw new SyntaxError(provenance.experiment);
  }
  const { measures, ...rest } = provenance ?? {};
  return {
    path,
    description,
    columns: schema.fields.map(columnIn),
    ...(hash !== undefined && { bytes, sha256: hash.replace("sha256:", "") }),
    ...(provenance && {
      provenance: {
        ...rest as Provenance,
        ...(measures && { measures: measures.map(columnIn) }),
      },
    }),
  };
}

function columnIn({ unit = "", ...column }: Field): Column {
  const { name, type, description } = column;
  return { name, type, unit, description };
}
