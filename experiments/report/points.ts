/**
 * What a figure shows: the rows it is about, as points, and in words what they
 * have in common and what they are means of.
 *
 * @module
 */
import type { Column } from "../harness/columns.ts";
import type { Experiment, Figure } from "../harness/experiment.ts";
import { type Axis, axisOf, definition } from "./axis.ts";
import { labelsOf } from "./labels.ts";
import type { Table } from "./table.ts";

/** A point, or the end of a bar. */
export interface Point {
  x: number | string;
  y: number | string;
  series: string;
  panel: string;
}

/** A figure's data. */
export interface Points {
  x: Axis;
  y: Axis;
  /** In the order of the rows. */
  points: Point[];
  /** Labels of the series, in order. */
  series: string[];
  /** Titles of the panels, in order; one empty title without facets. */
  panels: string[];
  /** The line to compare with, as shown. */
  guide: (readonly [x: number, y: number])[];
  /** What the rows have in common, what they are means of, what is left out. */
  notes: string[];
  /** Columns and parameters that points are means over. */
  averaged: string[];
}

/** Points of a line per panel: more would not be seen. */
const FINE = 400;

/** The rows of `table` that `figure` is about. */
export function rowsOf(figure: Figure, table: Table): number[] {
  const where = Object.entries(figure.where ?? {});
  return Array.from({ length: table.length }, (_, i) => i).filter((i) =>
    where.every(([name, value]) => table.text(i, name) === `${value}`)
  );
}

/** The points of `figure`; undefined if it has none. */
export function pointsOf(
  experiment: Pick<Experiment, "columns" | "parameters">,
  figure: Figure,
  table: Table,
): Points | undefined {
  const rows = rowsOf(figure, table);
  const text = (i: number, name: string) => table.text(i, name);
  const axis = (side: "x" | "y", column: Column) => {
    const words = rows.map((i) => text(i, column.name));
    const numbers = words.filter((word) => word !== "").map(Number);
    return axisOf(column, {
      log: figure.log?.includes(side) ?? false,
      discrete: numbers.some(Number.isNaN) ||
        side === "x" && figure.mark === "bar",
      values: numbers,
    });
  };
  const x = axis("x", columnOf(experiment, figure.x));
  const y = axis("y", columnOf(experiment, figure.y));
  const labels = labelsOf(
    rows.map((i) => text(i, "allocator")),
  );
  const label = (i: number, name: string) =>
    name === "allocator" ? labels.of(text(i, name)) : text(i, name);
  const place = (i: number, { name, discrete, factor }: Axis) =>
    discrete
      ? label(i, name)
      : text(i, name) === ""
      ? NaN
      : Number(text(i, name)) * factor;
  const panel = (i: number) =>
    figure.facet === undefined
      ? ""
      : figure.facet === "allocator"
      ? label(i, "allocator")
      : `${figure.facet} = ${text(i, figure.facet)}`;
  const all = rows.map((i) => ({
    row: i,
    x: place(i, x),
    y: place(i, y),
    series: label(i, figure.series),
    panel: panel(i),
  })).filter(({ x, y }) => !Number.isNaN(x) && !Number.isNaN(y));
  const visible = all.filter((point) =>
    (figure.log ?? []).every((side) => Number(point[side]) > 0)
  );
  if (visible.length === 0) return undefined;
  const groups = groupsOf(visible, y.discrete ? "x" : "y");
  const means = groups.map((group) => meanOf(group, y.discrete ? "x" : "y"));
  const points = figure.mark === "line" ? thinned(means) : means;
  const used = [figure.x, figure.y, figure.series, figure.facet ?? ""];
  const { notes, averaged } = notesOf(
    table,
    groups.map((group) => group.map(({ row }) => row)),
    used,
  );
  const guide = (figure.guide?.points ?? []).map(([px, py]) =>
    [px * x.factor, py * y.factor] as const
  );
  const hidden = all.length - visible.length;
  return {
    x,
    y,
    points,
    guide,
    series: [...new Set(points.map(({ series }) => series))],
    panels: [...new Set(points.map(({ panel }) => panel))],
    notes: [
      ...(used.includes("allocator") ? labels.notes : []),
      ...notes,
      ...(hidden > 0 ? [`${hidden} values of 0 are left out`] : []),
    ],
    averaged,
  };
}

/** The definition of a column, or one that says its name. */
function columnOf(
  experiment: Pick<Experiment, "columns" | "parameters">,
  name: string,
): Column {
  return definition(experiment, name) ??
    { name, type: "number", unit: "", description: name };
}

/** Points that agree in all but `side`. */
function groupsOf<P extends Point>(
  points: readonly P[],
  side: "x" | "y",
): P[][] {
  const groups = Map.groupBy(
    points,
    (point) => JSON.stringify({ ...point, row: 0, [side]: 0 }),
  );
  return [...groups.values()];
}

/** The mean of `side`. */
function meanOf(group: readonly Point[], side: "x" | "y"): Point {
  const { x, y, series, panel } = group[0]!;
  const sum = group.reduce((sum, point) => sum + Number(point[side]), 0);
  return { x, y, series, panel, [side]: sum / group.length };
}

/** At most FINE points of each line: the lowest and the highest of each stretch. */
function thinned(points: readonly Point[]): Point[] {
  const lines = Map.groupBy(
    points,
    ({ series, panel }) => `${series}\n${panel}`,
  );
  return [...lines.values()].flatMap((line) => {
    const length = Math.ceil(2 * line.length / FINE);
    if (length <= 2) return line;
    const kept = new Set([line[0]!, line.at(-1)!]);
    for (let i = 0; i < line.length; i += length) {
      const stretch = line.slice(i, i + length)
        .toSorted((a, b) => Number(a.y) - Number(b.y));
      kept.add(stretch[0]!).add(stretch.at(-1)!);
    }
    return line.filter((point) => kept.has(point));
  });
}

/** What all rows share, and what they differ in although no axis shows it. */
export function notesOf(
  table: Table,
  groups: readonly (readonly number[])[],
  used: readonly string[],
): { notes: string[]; averaged: string[] } {
  const notes: string[] = [];
  const averaged: string[] = [];
  for (const name of ["allocator", "layer", ...table.parameters, "seed"]) {
    if (used.includes(name) || !table.has(name)) continue;
    const valuesOf = (rows: readonly number[]) => [
      ...new Set(rows.map((i) => table.text(i, name))),
    ];
    const values = valuesOf(groups.flat());
    const isMean = groups.some((rows) => valuesOf(rows).length > 1);
    if (isMean) averaged.push(name);
    if (name === "layer" && values.length === 1 || values[0] === "") continue;
    notes.push(`${isMean ? "mean over " : ""}${name} ${values.join(", ")}`);
  }
  return { notes, averaged };
}
