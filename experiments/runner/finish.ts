/**
 * The end of an experiment: its files from its kept cells, its claims judged.
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import { columnsOf, header, widest } from "../measures/csv.ts";
import { type Experiment, SAMPLES } from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import { judge, type Judgement } from "../experiment/verdict.ts";
import { fingerprint } from "./digest.ts";
import { Failure } from "./failure.ts";
import type { Folder } from "./folder.ts";
import { type Job, nameOf } from "./job.ts";
import { dictionary, readKept, SAMPLE_TABLE } from "./kept.ts";
import type { Manifest, Summary, Written } from "./manifest.ts";
import { type Seconds, sharedRows } from "./overview.ts";
import type { Grid } from "./plan.ts";
import { VERSION } from "./version.ts";

/** A finished experiment. */
export interface Result {
  /** What ran. */
  experiment: Experiment;
  /** What was run of it. */
  grid: Grid;
  /** Its cells in order; those whose allocator is unsuitable are left out. */
  cells: readonly Summary[];
  /** Its claims, judged. */
  judgements: Judgement[];
  /** Allocators that were left out and why, a line for each reason. */
  unsuitable: readonly string[];
}

/** What a finished experiment leaves in a folder. */
export interface Left {
  manifest: Manifest;
  /** The texts of its own files, by name. */
  files: ReadonlyMap<string, string>;
}

/** What a run knows about an experiment whose `jobs` are all done. */
export interface Done {
  experiment: Experiment;
  grid: Grid;
  /** The command line that does it again. */
  command: string;
  jobs: readonly Job[];
  /** Seconds that cells took, now or in an earlier run. */
  seconds: Seconds;
}

/** What the finished cells of an experiment say. */
export function resultOf({ experiment, grid, jobs }: Done): Result {
  const cells = jobs.flatMap(({ summary }) => summary ?? []);
  const unsuitable = jobs.flatMap(({ key, unsuitable }) =>
    unsuitable === undefined ? [] : `${key.allocator}: ${unsuitable}`
  );
  return {
    experiment,
    grid,
    cells,
    judgements: judge(experiment, cells),
    unsuitable: [...new Set(unsuitable)],
  };
}

/** What they leave in `folder`, where they are kept. */
export function leave(
  folder: Folder,
  { command, jobs, seconds }: Done,
  { experiment, grid, cells, judgements }: Result,
): Left {
  const tables = tablesOf(folder, jobs.filter(({ summary }) => summary));
  const files = new Map<string, string>();
  const written: Record<string, Written> = {};
  for (const [table, { columns, pieces }] of tables) {
    const text = header(columns) + pieces.join("");
    files.set(fileOf(experiment.name, table), text);
    written[table] = { columns, ...fingerprint(text) };
  }
  const measures = columnsOf(
    cells.map((cell) => cell.measures),
    dictionary(experiment),
  );
  return {
    manifest: {
      grid,
      question: experiment.question,
      version: VERSION,
      command,
      measures,
      tables: written,
      rows: sharedRows(cells, measures, judgements, seconds),
    },
    files,
  };
}

/** A table while its cells are put together. */
interface Pieces {
  columns: readonly Column[];
  pieces: string[];
}

/** Every table, cell by cell; it has the same columns in each. */
function tablesOf(folder: Folder, jobs: readonly Job[]): Map<string, Pieces> {
  const tables = new Map<string, Pieces>([
    [SAMPLES, { columns: SAMPLE_TABLE, pieces: [] }],
  ]);
  for (const job of jobs) {
    const kept = readKept(folder, job.place);
    if (!kept) {
      throw new Failure(`${nameOf(job)}: its kept cell was changed or removed`);
    }
    for (const [name, { columns, lines }] of Object.entries(kept.tables)) {
      const table = tables.get(name) ?? { columns, pieces: [] };
      tables.set(name, table);
      table.columns = merged(table.columns, columns, `${nameOf(job)}: ${name}`);
      table.pieces.push(lines);
    }
  }
  return tables;
}

/** Columns of one cell and of the next, with types that hold for both. */
function merged(
  one: readonly Column[],
  other: readonly Column[],
  where: string,
): Column[] {
  const names = (all: readonly Column[]) => `${all.map(({ name }) => name)}`;
  if (names(one) === names(other)) {
    return one.map((column, i) => widest(column, other[i]!));
  }
  throw new Error(
    `${where}: cells have other columns: ${names(one)} and ${names(other)}`,
  );
}
