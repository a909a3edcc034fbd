/**
 * The files that cover all experiments of a folder: `summary.csv`,
 * `statistics.csv`, `differences.csv`, `claims.csv` and `timing.csv`.
 *
 * Each is made of the rows of the experiments' last runs, so a run of one
 * experiment changes its own rows and leaves the others. Rows are kept as
 * text, as they stand in the file.
 *
 * @module
 */
import {
  type Column,
  KEY_COLUMNS,
  MEASURE_COLUMNS,
  type Row,
} from "../measures/columns.ts";
import {
  csv,
  header,
  lines,
  lineWriter,
  read,
  valueText,
  widest,
} from "../measures/csv.ts";
import type { Judgement } from "../experiment/verdict.ts";
import { claimRow, CLAIMS } from "./claims_table.ts";
import type { Cells, Manifest, SharedRows, Summary } from "./manifest.ts";
import type { Grid } from "./plan.ts";
import { DIFFERENCES, differences, STATISTICS, statistics } from "./seeds.ts";
import { identity, identityTexts, type TableKind } from "./table.ts";

/** One row per cell. */
export const TIMING: TableKind = {
  name: "timing",
  description:
    "How long each cell took; the only file that differs from run to run.",
  columns: [...KEY_COLUMNS, {
    name: "seconds",
    type: "number",
    unit: "s",
    description: "Time the cell took; empty: taken over from an earlier run.",
  }],
};

/** The shared tables whose columns are always the same. */
export const FIXED = [STATISTICS, DIFFERENCES, CLAIMS, TIMING] as const;

/** A shared file. */
export interface Table extends TableKind {
  /** Its text, piece by piece. */
  text: Iterable<string>;
}

/** Seconds that cells took, by {@linkcode timingKey}. */
export type Seconds = ReadonlyMap<string, number>;

/** Names a cell in the map of seconds. */
export function timingKey(cell: Summary): string {
  return identityTexts(cell).join("\n");
}

/** The seconds in the lines of `timing.csv`. */
export function secondsIn(lines: Iterable<string>): Map<string, number> {
  const { rows } = read(header(TIMING.columns) + [...lines].join(""));
  return new Map(
    rows.filter((row) => row.at(-1) !== "")
      .map((row) => [row.slice(0, -1).join("\n"), Number(row.at(-1))]),
  );
}

/** The rows that the finished cells of an experiment have in shared files. */
export function sharedRows(
  { grid, cells, judgements }: {
    grid: Grid;
    cells: Cells;
    judgements: readonly Judgement[];
  },
  measures: readonly Column[],
  seconds: Seconds,
): SharedRows {
  const each = <T>(one: (cell: Summary) => T) =>
    again(function* () {
      for (const cell of cells) yield one(cell);
    });
  const timing = lineWriter(TIMING.columns);
  return {
    summary: each((cell) => [
      ...identityTexts(cell),
      ...measures.map((column) =>
        valueText(column, cell.measures[column.name])
      ),
    ]),
    statistics: linesOf(STATISTICS, () => statistics(cells)),
    differences: linesOf(DIFFERENCES, () => differences(cells, grid)),
    claims: [lines(CLAIMS.columns, judgements.map(claimRow))],
    timing: each((cell) =>
      timing({ ...identity(cell), seconds: seconds.get(timingKey(cell)) })
    ),
  };
}

/** What `make` gives, made anew each time it is read. */
function again<T>(make: () => Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: make };
}

/** The rows of a shared file as lines. */
function linesOf(
  { columns }: TableKind,
  rows: () => Iterable<Row>,
): Iterable<string> {
  const line = lineWriter(columns);
  return again(function* () {
    for (const row of rows()) yield line(row);
  });
}

/** The columns of `summary.csv`: the common measures, then the others. */
function summaryColumns(manifests: readonly Manifest[]): Column[] {
  const columns = new Map(MEASURE_COLUMNS.map((c) => [c.name, c]));
  for (const column of manifests.flatMap(({ measures }) => measures)) {
    const known = columns.get(column.name);
    columns.set(column.name, known ? widest(known, column) : column);
  }
  return [...KEY_COLUMNS, ...columns.values()];
}

/** One row per cell. */
function summary(manifests: readonly Manifest[]): Table {
  const columns = summaryColumns(manifests);
  const text = again(function* () {
    yield header(columns);
    for (const { measures, rows } of manifests) {
      const own = [...KEY_COLUMNS, ...measures];
      const places = columns.map(({ name }) =>
        own.findIndex((column) => column.name === name)
      );
      const same = columns.map(({ type }, i) => own[places[i]!]?.type === type);
      for (const row of rows.summary) {
        yield csv([columns.map((column, i) => {
          const value = row[places[i]!] ?? "";
          return same[i] || value === "" ? value : retyped(column, value);
        })]);
      }
    }
  });
  return {
    name: "summary",
    description: "One row per cell: peaks, means, failures and each " +
      "experiment's measures.",
    columns,
    text,
  };
}

/** A number as another column writes it. */
export function retyped(column: Column, value: string): string {
  return valueText(column, Number(value));
}

/** All files that cover several experiments. */
export function overview(manifests: readonly Manifest[]): Table[] {
  const fixed = FIXED.map((kind) => {
    const name = kind.name as Exclude<keyof SharedRows, "summary">;
    const text = again(function* () {
      yield header(kind.columns);
      for (const { rows } of manifests) yield* rows[name];
    });
    return { ...kind, text };
  });
  return [summary(manifests), ...fixed];
}
