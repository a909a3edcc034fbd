/**
 * Finished cells on disk: `.cells/<experiment>/<digest>.json`, where the digest
 * is of what the cell is computed from. The same cell is the same bytes, which
 * are sealed and say where they belong.
 *
 * @module
 */
import {
  KEY_COLUMNS,
  MEASURE_COLUMNS,
  SAMPLE_COLUMNS,
} from "../measures/columns.ts";
import { HEAP_MAP_COLUMNS } from "../measures/heap_map.ts";
import { columnsOf, type Fragment, lines } from "../measures/csv.ts";
import {
  type CellKey,
  type Experiment,
  type Outcome,
  SAMPLES,
} from "../experiment/experiment.ts";
import { parametersText } from "../experiment/result_files.ts";
import { digest } from "./digest.ts";
import type { Folder } from "./folder.ts";
import { sealed, unsealed } from "./sealed.ts";

/** A finished cell. */
export interface Kept extends CellKey {
  /** Where its requests came from. */
  workload: string;
  /** Scalars; one that is not finite is left out. */
  measures: Record<string, number>;
  /** Digest of every file that was read, by path; `data/...` is the project's. */
  inputs: Record<string, string>;
  /** Its rows, by table; {@linkcode SAMPLES} is one. */
  tables: Record<string, Fragment>;
}

/** The columns of the samples. */
export const SAMPLE_TABLE = [...KEY_COLUMNS, ...SAMPLE_COLUMNS];

/** What a cell that ran leaves behind, but for the digests of its inputs. */
export function keepable(
  experiment: Experiment,
  key: CellKey,
  outcome: Outcome,
): Omit<Kept, "inputs"> {
  const { workload, samples, tables = {}, measures } = outcome;
  const id = {
    experiment: key.experiment,
    allocator: key.allocator,
    workload,
    parameters: parametersText(key.parameters),
    seed: key.seed,
  };
  const known = dictionary(experiment);
  const fragments: Record<string, Fragment> = {
    [SAMPLES]: {
      columns: SAMPLE_TABLE,
      lines: lines(SAMPLE_TABLE, samples, id),
    },
  };
  for (const [name, rows] of Object.entries(tables)) {
    const columns = [...KEY_COLUMNS, ...columnsOf(rows, known)];
    fragments[name] = { columns, lines: lines(columns, rows, id) };
  }
  const finite = Object.entries(measures).filter(([, v]) => Number.isFinite(v));
  return {
    experiment: key.experiment,
    allocator: key.allocator,
    parameters: key.parameters,
    seed: key.seed,
    workload,
    measures: Object.fromEntries(finite),
    tables: fragments,
  };
}

/** All columns that tables and measures of `experiment` may refer to. */
export function dictionary({ columns = [] }: Pick<Experiment, "columns">) {
  return [
    ...columns,
    ...MEASURE_COLUMNS,
    ...SAMPLE_COLUMNS,
    ...HEAP_MAP_COLUMNS,
  ];
}

/** Where in `.cells/` a cell is kept that is computed from `key` and `code`. */
export function placeOf(key: CellKey, code: string): string {
  const { experiment, allocator, parameters, seed } = key;
  const from = [experiment, allocator, parametersText(parameters), seed, code];
  return `${experiment}/${digest(JSON.stringify(from))}.json`;
}

/** Keeps a cell at `place`. */
export function keep(folder: Folder, place: string, kept: Kept): void {
  folder.keep(place, sealed(JSON.stringify({ place, ...kept })));
}

/**
 * The cell kept at `place`; undefined if there is none, or what is there is
 * not what was written there: after a power cut, or another cell's.
 */
export function readKept(folder: Folder, place: string): Kept | undefined {
  const found = unsealed(folder.kept(place) ?? "");
  return found?.place === place ? found as unknown as Kept : undefined;
}

/** Removes the kept cells of `experiment` that are not at `places`. */
export function prune(
  folder: Folder,
  experiment: string,
  places: readonly string[],
): void {
  const wanted = new Set(places);
  for (const name of folder.list(experiment)) {
    const place = `${experiment}/${name}`;
    if (!wanted.has(place)) folder.forget(place);
  }
}
