/**
 * The form of the files that cover all experiments of a folder.
 *
 * @module
 */
import type { Column, Row } from "../measures/columns.ts";
import { header, lines } from "../measures/csv.ts";
import { parametersText } from "../experiment/result_files.ts";
import type { Manifest, Summary } from "./manifest.ts";

/** A file as it is written. */
export interface Table {
  /** Name of the file. */
  name: string;
  /** What it tells. */
  description: string;
  /** Its columns. */
  columns: readonly Column[];
  /** Its text. */
  text: string;
}

/** `rows` as a file. */
export function table(
  name: string,
  description: string,
  columns: readonly Column[],
  rows: readonly Row[],
): Table {
  const text = header(columns) + lines(columns, rows);
  return { name, description, columns, text };
}

/**
 * As {@linkcode table}, of the rows that each manifest has. They are turned
 * into text once per manifest: a run writes its tables many times.
 */
export function tableOf(
  name: string,
  description: string,
  columns: readonly Column[],
  rowsOf: (manifest: Manifest) => Row[],
): (manifests: readonly Manifest[]) => Table {
  const known = new WeakMap<Manifest, string>();
  const textOf = (manifest: Manifest) => {
    const text = known.get(manifest) ?? lines(columns, rowsOf(manifest));
    known.set(manifest, text);
    return text;
  };
  return (manifests) => {
    const text = header(columns) + manifests.map(textOf).join("");
    return { name, description, columns, text };
  };
}

/** A column of words. */
export function text(name: string, description: string): Column {
  return { name, type: "string", unit: "", description };
}

/** A column of numbers in the unit of the measure. */
export function number(name: string, description: string): Column {
  return { name, type: "number", unit: "", description };
}

/** The values of KEY_COLUMNS. */
export function identity(cell: Summary): {
  experiment: string;
  allocator: string;
  workload: string;
  parameters: string;
  seed: number;
} {
  return {
    experiment: cell.experiment,
    allocator: cell.allocator,
    workload: cell.workload,
    parameters: parametersText(cell.parameters),
    seed: cell.seed,
  };
}
