/**
 * The end of an experiment: its files from its kept cells, its claims judged.
 *
 * @module
 */
import type { Column, Row } from "../measures/columns.ts";
import { columnsOf, header, widest } from "../measures/csv.ts";
import { type Experiment, SAMPLES } from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import { expectation, judge, type Judgement } from "../experiment/verdict.ts";
import type { Folder } from "./folder.ts";
import type { Job } from "./job.ts";
import { dictionary, readKept, SAMPLE_TABLE } from "./kept.ts";
import { FORMAT, type Manifest, prune, writeManifest } from "./manifest.ts";
import type { Grid } from "./plan.ts";
import { VERSION } from "./version.ts";

/** A finished experiment. */
export interface Result {
  /** What ran. */
  experiment: Experiment;
  /** What it left in the folder. */
  manifest: Manifest;
  /** Its claims, judged. */
  judgements: Judgement[];
  /** Allocators that were left out and why, a line for each reason. */
  unsuitable: readonly string[];
}

/** Writes the files of `experiment`, whose `jobs` are all done. */
export function finish(
  folder: Folder,
  experiment: Experiment,
  grid: Grid,
  jobs: readonly Job[],
): Result {
  const { name, question } = experiment;
  const places = jobs.filter((job) => job.summary).map(({ place }) => place);
  const cells = jobs.flatMap(({ summary }) => summary ?? []);
  const tables = tablesOf(folder, name, places);
  for (const [table, columns] of Object.entries(tables)) {
    folder.write(fileOf(name, table), textOf(folder, places, table, columns));
  }
  const judgements = judge(experiment, cells);
  const measures = columnsOf(
    cells.map((cell) => cell.measures),
    dictionary(experiment),
  );
  const manifest: Manifest = {
    format: FORMAT,
    grid,
    question,
    version: VERSION,
    cells,
    measures,
    tables,
    claims: judgements.map(claimRow),
  };
  writeManifest(folder, manifest);
  prune(folder, name, places);
  const unsuitable = new Set(
    jobs.flatMap(({ key, unsuitable }) =>
      unsuitable === undefined ? [] : `${key.allocator}: ${unsuitable}`
    ),
  );
  return { experiment, manifest, judgements, unsuitable: [...unsuitable] };
}

/** The columns of every table; a table has the same ones in every cell. */
function tablesOf(
  folder: Folder,
  experiment: string,
  places: readonly string[],
): Record<string, readonly Column[]> {
  const tables: Record<string, readonly Column[]> = {
    [SAMPLES]: SAMPLE_TABLE,
  };
  for (const place of places) {
    for (const [table, { columns }] of Object.entries(kept(folder, place))) {
      const known = tables[table] ?? columns;
      const names = (all: readonly Column[]) => all.map(({ name }) => name);
      if (`${names(known)}` !== `${names(columns)}`) {
        throw new Error(
          `Cells of ${experiment} disagree about the columns of "${table}": ` +
            `${names(known)} and ${names(columns)}`,
        );
      }
      tables[table] = known.map((column, i) => widest(column, columns[i]!));
    }
  }
  return tables;
}

/** The text of a table, cell by cell. */
function* textOf(
  folder: Folder,
  places: readonly string[],
  table: string,
  columns: readonly Column[],
): Iterable<string> {
  yield header(columns);
  for (const place of places) yield kept(folder, place)[table]?.lines ?? "";
}

function kept(folder: Folder, place: string) {
  const found = readKept(folder, place);
  if (found) return found.tables;
  throw new Error(`Kept cell ${place} is gone`);
}

function claimRow(judgement: Judgement): Row {
  const { experiment, claim, measured, verdict, expectedVerdict, asExpected } =
    judgement;
  const { id, statement, source, expected } = claim;
  return {
    id,
    experiment,
    statement,
    source,
    verdict: verdict.kind,
    condition: verdict.condition,
    expected_verdict: expectedVerdict.kind,
    as_expected: asExpected === undefined ? "" : asExpected ? "yes" : "no",
    expected: "text" in expected ? expectation(claim) : `${expected.value}`,
    tolerance: "text" in expected ? undefined : digits(expected.tolerance),
    measured: measured === undefined ? undefined : digits(measured),
    version: VERSION,
  };
}

/** Ten significant digits: claims are about numbers of any size. */
function digits(value: number): string {
  return String(Number(value.toPrecision(10)));
}
