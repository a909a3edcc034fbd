/**
 * The files that cover all experiments of a folder: `summary.csv`,
 * `statistics.csv`, `differences.csv`, `claims.csv` and `timing.csv`.
 *
 * They are made of the manifests of the experiments' last runs, so a run of
 * one experiment changes its own rows and leaves the others.
 *
 * @module
 */
import {
  type Column,
  KEY_COLUMNS,
  MEASURE_COLUMNS,
} from "../measures/columns.ts";
import { read, widest } from "../measures/csv.ts";
import type { Manifest, Summary } from "./manifest.ts";
import { differences, statistics } from "./seeds.ts";
import { identity, number, type Table, table, text } from "./table.ts";

const CLAIMS_COLUMNS: readonly Column[] = [
  text("id", "Name of the claim."),
  text("experiment", "Experiment that decides it."),
  text("statement", "What is claimed."),
  text(
    "source",
    "Who says so; lecture notes: notes on memory allocation in Linux, in " +
      "Chinese, whose statements this project examines.",
  ),
  text("verdict", "holds, holds_only_if, refuted or not_measured."),
  text("condition", "Condition under which it holds, for holds_only_if."),
  text("expected_verdict", "The verdict that the claim should get."),
  text("as_expected", "yes; no: a regression; empty: not measured."),
  text("expected", "What the number should be if the statement holds."),
  number(
    "tolerance",
    "Largest distance from the expected value; empty for bounds.",
  ),
  number(
    "measured",
    "The number that was measured; empty if its cells were not run.",
  ),
  text("version", "Version of the project that measured it."),
];

const TIMING_COLUMNS: readonly Column[] = [
  ...KEY_COLUMNS,
  {
    name: "seconds",
    type: "number",
    unit: "s",
    description: "Time the cell took; empty: taken over from an earlier run.",
  },
];

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
  const rows = manifests.flatMap(({ cells }) =>
    cells.map((cell) => ({ ...identity(cell), ...cell.measures }))
  );
  return table(
    "summary.csv",
    "One row per cell: peaks, means, failures and each experiment's measures.",
    summaryColumns(manifests),
    rows,
  );
}

/** One row per claim. */
function claims(manifests: readonly Manifest[]): Table {
  return table(
    "claims.csv",
    "Every claim with the number that decides it.",
    CLAIMS_COLUMNS,
    manifests.flatMap(({ claims }) => claims),
  );
}

/** One row per cell; `seconds` knows the cells that ran, `before` the others. */
function timing(
  manifests: readonly Manifest[],
  seconds: ReadonlyMap<string, number>,
  before: string,
): Table {
  const earlier = new Map(
    read(before).rows.map((
      row,
    ) => [JSON.stringify(row.slice(0, -1)), row.at(-1)!]),
  );
  const rows = manifests.flatMap(({ cells }) =>
    cells.map((cell) => {
      const id = identity(cell);
      const key = timingKey(cell);
      const known = earlier.get(key);
      const time = seconds.get(key) ?? (known ? Number(known) : undefined);
      return { ...id, seconds: time };
    })
  );
  return table(
    "timing.csv",
    "How long each cell took; the only file that differs from run to run.",
    TIMING_COLUMNS,
    rows,
  );
}

/** Names a cell in the map of seconds. */
export function timingKey(cell: Summary): string {
  return JSON.stringify(Object.values(identity(cell)).map(String));
}

/** All files that cover several experiments. */
export function overview(
  manifests: readonly Manifest[],
  seconds: ReadonlyMap<string, number>,
  timingBefore: string,
): Table[] {
  return [
    summary(manifests),
    statistics(manifests),
    differences(manifests),
    claims(manifests),
    timing(manifests, seconds, timingBefore),
  ];
}
