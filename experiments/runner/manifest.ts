/**
 * What a folder of results holds of one experiment: its last run.
 *
 * All of it stands in files that everybody sees: `datapackage.json` describes
 * the run, and the rows are those of the files that all experiments share. So
 * a copy of these files is all that the next run needs to go on.
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import type { Finished } from "../experiment/experiment.ts";
import type { Kept } from "./kept.ts";
import type { Grid } from "./plan.ts";

/** A finished cell and where its requests came from. */
export interface Summary extends Finished {
  /** The `workload` column. */
  workload: string;
}

/** Finished cells in the order of their grid: an array, or files of any length. */
export interface Cells extends Iterable<Summary> {
  /** How many there are. */
  readonly length: number;
  /** Those from the one at `start` on. */
  slice(start: number): Iterable<Summary>;
}

/** A file of a table; its length and digest are set once it is written. */
export interface Written {
  /** Its columns. */
  columns: readonly Column[];
  /** Its length. */
  bytes?: number;
  /** Its SHA-256, hexadecimal. */
  sha256?: string;
}

/**
 * The rows of an experiment in the shared files, as text. They can be read more
 * than once, and may be more than fit into memory.
 */
export interface SharedRows {
  /** Values of the key columns and of the experiment's measures. */
  summary: Iterable<readonly string[]>;
  /** Pieces of lines. */
  statistics: Iterable<string>;
  /** Pieces of lines. */
  differences: Iterable<string>;
  /** Pieces of lines. */
  claims: Iterable<string>;
  /** Pieces of lines. */
  timing: Iterable<string>;
}

/** The last run of an experiment. */
export interface Manifest {
  /** What was run. */
  grid: Grid;
  /** What the experiment asks. */
  question: string;
  /** Version of the project that ran it. */
  version: string;
  /** The command line that does it again. */
  command: string;
  /** Columns of its measures. */
  measures: readonly Column[];
  /** Its files, by table. */
  tables: Readonly<Record<string, Written>>;
  /** Its rows in the shared files. */
  rows: SharedRows;
}

/** Those of the experiments in `order` first, others by name. */
export function inOrder(
  manifests: ReadonlyMap<string, Manifest>,
  order: readonly string[],
): Manifest[] {
  const others = [...manifests.keys()].filter((name) => !order.includes(name));
  return [...order, ...others.sort()].flatMap((name) =>
    manifests.get(name) ?? []
  );
}

/** A kept cell without its rows. */
export function summaryOf(kept: Kept): Summary {
  const { experiment, allocator, parameters, seed, workload, measures } = kept;
  return { experiment, allocator, parameters, seed, workload, measures };
}
