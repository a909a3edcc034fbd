/**
 * The end of an experiment: its files from its kept cells, its claims judged.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import type { Column } from "../measures/columns.ts";
import { columnsOf, header, widest } from "../measures/csv.ts";
import { type Experiment, SAMPLES } from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import { judge, type Judgement } from "../experiment/verdict.ts";
import type { Content } from "./draft.ts";
import { Failure } from "./failure.ts";
import type { Folder } from "./folder.ts";
import { type Job, nameOf } from "./job.ts";
import { dictionary, KeptCell, SAMPLE_TABLE } from "./kept.ts";
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
  /** Its own files, by name. */
  files: ReadonlyMap<string, Content>;
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
  const kept = jobs.filter(({ summary }) => summary);
  const files = new Map<string, Content>();
  const written: Record<string, Written> = {};
  for (const [table, { columns, hash, bytes }] of tablesOf(folder, kept)) {
    const head = header(columns);
    files.set(fileOf(experiment.name, table), (write) => {
      write(new TextEncoder().encode(head));
      for (const job of kept) {
        using cell = KeptCell.at(folder, job.place);
        if (!cell) throw spoilt(job);
        cell.table(table, write);
      }
    });
    written[table] = { columns, bytes, sha256: hash.digest("hex") };
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

/** A table while its cells are looked through. */
interface Looked {
  columns: readonly Column[];
  /** Of its file, and its length. */
  hash: Hash;
  bytes: number;
}

/** Every table, cell by cell; it has the same columns in each. */
function tablesOf(folder: Folder, jobs: readonly Job[]): Map<string, Looked> {
  const tables = new Map([[SAMPLES, looked(SAMPLE_TABLE)]]);
  for (const job of jobs) {
    using cell = KeptCell.at(folder, job.place);
    for (const [name, { columns }] of Object.entries(cell?.kept.tables ?? {})) {
      const table = tables.get(name) ?? looked(columns);
      tables.set(name, table);
      table.columns = merged(table.columns, columns, `${nameOf(job)}: ${name}`);
    }
    const isWhole = cell?.rows((name, piece) => {
      const table = tables.get(name)!;
      table.hash.update(piece);
      table.bytes += piece.length;
    });
    if (!isWhole) throw spoilt(job);
  }
  return tables;
}

/** A table without rows. */
function looked(columns: readonly Column[]): Looked {
  const head = new TextEncoder().encode(header(columns));
  const hash = createHash("sha256").update(head);
  return { columns, hash, bytes: head.length };
}

function spoilt(job: Job): Failure {
  return new Failure(`${nameOf(job)}: its kept cell was changed or removed`);
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
