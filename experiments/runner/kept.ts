/**
 * What is kept of a finished cell, and by which id.
 *
 * @module
 */
import type { CellKey } from "../experiment/experiment.ts";
import { parametersText } from "../experiment/result_files.ts";
import { HEAP_MAP_COLUMNS } from "../measures/heap_map.ts";
import {
  KEY_COLUMNS,
  MEASURE_COLUMNS,
  SAMPLE_COLUMNS,
} from "../measures/columns.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { digest } from "./digest.ts";
import type { Part } from "./rows.ts";

/** A finished cell without its rows. */
export interface Kept extends CellKey {
  /** Where its requests came from. */
  workload: string;
  /** Scalars; one that is not finite is left out. */
  measures: Record<string, number>;
  /** Digest of every file that was read, by path; `data/...` is the project's. */
  inputs: Record<string, string>;
  /** Its rows, by table, in the order in which they lie in the file. */
  tables: Record<string, Part>;
  /** Why its allocator cannot take part; then it has no rows and no measures. */
  unsuitable?: string;
}

/** The columns of the samples. */
export const SAMPLE_TABLE = [...KEY_COLUMNS, ...SAMPLE_COLUMNS];
/** Hexadecimal digits of an id. */
const ID_DIGITS = 20;

/** All columns that tables and measures of `experiment` may refer to. */
export function dictionary({ columns = [] }: Pick<Experiment, "columns">) {
  return [
    ...columns,
    ...MEASURE_COLUMNS,
    ...SAMPLE_COLUMNS,
    ...HEAP_MAP_COLUMNS,
  ];
}

/**
 * The id of the cell that is computed from `key` and `from`, which names the
 * code and whatever else its result depends on.
 */
export function cellId(key: CellKey, from: string): string {
  const { experiment, allocator, parameters, seed } = key;
  const all = [experiment, allocator, parametersText(parameters), seed, from];
  return digest(JSON.stringify(all)).slice(0, ID_DIGITS);
}
