/**
 * What a chart shows: the rows that it is about, as points.
 *
 * @module
 */
import type { Experiment, Figure } from "../experiment/experiment.ts";
import { type Axis, axisOf, definition } from "./axis.ts";
import { labelsOf } from "./labels.ts";
import { type Notes, notesOf } from "./notes.ts";
import type { Table } from "./table.ts";

/** A point, or the end of a bar. */
export interface Point {
  /** Place on the horizontal axis, as shown. */
  x: number | string;
  /** Place on the vertical axis, as shown. */
  y: number | string;
  /** Label of its series. */
  series: string;
  /** Title of its panel. */
  panel: string;
}

/** A chart's data. */
export interface Points extends Notes {
  /** The horizontal axis. */
  x: Axis;
  /** The vertical axis. */
  y: Axis;
  /** In the order of the rows. */
  points: Point[];
  /** The line to compare with, as shown. */
  guide: (readonly [x: number, y: number])[];
  /** Labels of the series, in order. */
  series: string[];
  /** Titles of the panels, in order; one empty title without facets. */
  panels: string[];
}

/** Points of a line: more would not be seen. */
const FINE = 400;

/** The rows of `table` that `figure` is about. */
export function rowsOf(figure: Figure, table: Table): number[] {
  const where = Object.entries(figure.where ?? {});
  return Array.from({ length: table.length }, (_, i) => i).filter((i) =>
    where.every(([name, value]) => table.text(i, name) === `${value}`)
  );
}

/** What the panel for a value of `facet` is called: words say what they are. */
export function panelTitle(facet: string, value: string): string {
  return Number.isNaN(Number(value)) ? value : `${facet} = ${value}`;
}

/** The points of `figure`; undefined if it has none. */
export function pointsOf(
  experiment: Pick<Experiment, "columns" | "parameters">,
  figure: Figure,
  table: Table,
): Points | undefined {
  const { facet, log = [] } = figure;
  const rows = rowsOf(figure, table);
  const labels = labelsOf(rows.map((i) => table.text(i, "allocator")));
  const text = (i: number, name: string) =>
    name === "allocator" ? labels.of(table.text(i, name)) : table.text(i, name);
  const axis = (side: "x" | "y") => {
    const values = rows.map((i) => text(i, figure[side])).filter(Boolean)
      .map(Number);
    return axisOf(definition(experiment, figure.table, figure[side]), {
      log: log.includes(side),
      discrete: values.some(Number.isNaN) ||
        side === "x" && figure.mark === "bar",
      values,
    });
  };
  const [x, y] = [axis("x"), axis("y")];
  const place = (i: number, { name, discrete, factor }: Axis) => {
    const value = text(i, name);
    if (value === "") return undefined;
    return discrete ? value : Number(value) * factor;
  };
  const all = rows.flatMap((row) => {
    const [px, py] = [place(row, x), place(row, y)];
    if (px === undefined || py === undefined) return [];
    const series = text(row, figure.series);
    const panel = facet === undefined
      ? ""
      : panelTitle(facet, text(row, facet));
    return { row, x: px, y: py, series, panel };
  });
  const seen = all.filter((p) => log.every((side) => Number(p[side]) > 0));
  if (seen.length === 0) return undefined;
  const measured = y.discrete ? "x" : "y";
  const groups = groupsOf(seen, measured);
  const means = groups.map((group) => meanOf(group, measured));
  const points = figure.mark === "line" ? thinned(means) : means;
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const axes = [figure.x, figure.y, figure.series];
  if (facet !== undefined && panels.length > 1) axes.push(facet);
  const { notes, averaged } = notesOf(
    table,
    groups.map((group) => group.map(({ row }) => row)),
    axes,
  );
  const hidden = all.length - seen.length;
  return {
    x,
    y,
    points,
    guide: (figure.guide?.points ?? []).map(([gx, gy]) =>
      [gx * x.factor, gy * y.factor] as const
    ),
    series: [...new Set(points.map(({ series }) => series))],
    panels,
    notes: [
      ...(axes.includes("allocator") ? labels.notes : []),
      ...notes,
      ...(hidden > 0 ? [`${hidden} values of 0 are left out`] : []),
    ],
    averaged,
  };
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
    ({ series, panel }) => JSON.stringify([series, panel]),
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
