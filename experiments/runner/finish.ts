/**
 * The end of an experiment: its files from its kept cells, its claims judged.
 *
 * Cells are read one after the other, as often as it takes, so there may be
 * more of them than fit into memory.
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import { columnsOf, header, widest } from "../measures/csv.ts";
import { type Experiment, SAMPLES } from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import { judge, type Judgement } from "../experiment/verdict.ts";
import type { Place } from "./cell_file.ts";
import { type Content, digested, type WriteContent } from "./draft.ts";
import { Failure } from "./failure.ts";
import { dictionary, type Kept, SAMPLE_TABLE } from "./kept.ts";
import type { Cells, Manifest, Summary, Written } from "./manifest.ts";
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
  cells: Cells;
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

/** What is known about an experiment whose cells are all finished. */
export interface Done {
  experiment: Experiment;
  grid: Grid;
  /** The command line that does it again. */
  command: string;
  /** Its cells in the order of the grid. */
  cells: Cells;
  /** Where they are kept, in the same order. */
  places: Iterable<Place>;
  /** Allocators that were left out and why, a line for each reason. */
  unsuitable: readonly string[];
  /** Seconds that cells took, now or in an earlier run. */
  seconds: Seconds;
}

/** What the finished cells of an experiment say. */
export function resultOf(
  { experiment, grid, cells, unsuitable }: Done,
): Result {
  const judgements = judge(experiment, cells);
  return { experiment, grid, cells, judgements, unsuitable };
}

/** What they leave. */
export function leave(
  { command, places, seconds }: Done,
  { experiment, grid, cells, judgements }: Result,
): Left {
  const files = new Map<string, Content>();
  const tables: Record<string, Written> = {};
  for (const [table, columns] of columnsIn(places)) {
    const written: Written = tables[table] = { columns };
    const content = contentOf(table, columns, places);
    files.set(fileOf(experiment.name, table), digested(content, written));
  }
  const measures = columnsOf(measuresIn(cells), dictionary(experiment));
  return {
    manifest: {
      grid,
      question: experiment.question,
      version: VERSION,
      command,
      measures,
      tables,
      rows: sharedRows({ grid, cells, judgements }, measures, seconds),
    },
    files,
  };
}

function* measuresIn(cells: Cells): Generator<Summary["measures"]> {
  for (const { measures } of cells) yield measures;
}

/** The columns of every table, that of samples first; the same in each cell. */
function columnsIn(places: Iterable<Place>): Map<string, readonly Column[]> {
  const tables = new Map<string, readonly Column[]>([[SAMPLES, SAMPLE_TABLE]]);
  for (const { cell: { kept } } of places) {
    for (const [name, { columns }] of Object.entries(kept.tables)) {
      if (!columns) continue; // those of samples
      const known = tables.get(name) ?? columns;
      const where = `${nameOf(kept)}: ${name}`;
      tables.set(name, merged(known, columns, where));
    }
  }
  return tables;
}

/** The file of a table. That of samples comes first and looks at all rows. */
function contentOf(
  wanted: string,
  columns: readonly Column[],
  places: Iterable<Place>,
): WriteContent {
  return (write) => {
    write(new TextEncoder().encode(header(columns)));
    for (const { file, cell } of places) {
      if (wanted !== SAMPLES) file.table(cell, wanted, write);
      else if (
        !file.rows(cell, (table, piece) => {
          if (table === SAMPLES) write(piece);
        })
      ) {
        throw new Failure(
          `${nameOf(cell.kept)}: its kept cell was changed or removed`,
        );
      }
    }
  };
}

function nameOf({ experiment, allocator }: Kept): string {
  return `${experiment} (${allocator})`;
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
