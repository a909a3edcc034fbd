/**
 * The form of the files that cover all experiments of a folder.
 *
 * @module
 */
import { type Column, KEY_COLUMNS } from "../measures/columns.ts";
import { parametersText } from "../experiment/result_files.ts";
import type { Summary } from "./manifest.ts";

/** What a shared file holds. */
export interface TableKind {
  /** Name of the table. */
  name: string;
  /** What it tells. */
  description: string;
  /** Its columns. */
  columns: readonly Column[];
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

/** The values of KEY_COLUMNS as text. */
export function identityTexts(cell: Summary): string[] {
  const id: Record<string, string | number> = identity(cell);
  return KEY_COLUMNS.map(({ name }) => `${id[name]}`);
}
