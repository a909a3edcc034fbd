/**
 * What a figure shows: the rows that it is about, as points.
 *
 * @module
 */
import { plural } from "../../traces/plural.ts";
import type { Figure } from "../../experiment/experiment.ts";
import type { Chart, Definitions } from "../marks/mark.ts";
import { aligned } from "./aligned.ts";
import { type Axis, axisOf, definition } from "./axis.ts";
import { looksOf } from "./colours.ts";
import { BETWEEN, bounded, groupsOf, type Item, pointOf } from "./means.ts";
import { labelsOf } from "./labels.ts";
import { notesOf } from "./notes.ts";
import type { Table } from "./table.ts";

/** How rows become points. */
export interface Reading {
  /** Whether the horizontal axis has categories whatever its values are. */
  categories?: boolean;
  /** Whether rows of a cell add up, and none is 0; else they are averaged. */
  sums?: boolean;
  /** Whether points are joined to lines. */
  lines?: boolean;
  /** Whether categories stay along the bottom. */
  across?: boolean;
}

/** The rows of `table` that `figure` is about. */
export function rowsOf({ where = {} }: Figure, table: Table): number[] {
  const tests = Object.entries(where).map(([name, value]) => {
    const values = new Set([value].flat().map(String));
    return (i: number) => values.has(table.text(i, name));
  });
  return Array.from({ length: table.length }, (_, i) => i)
    .filter((i) => tests.every((test) => test(i)));
}

/** `figure` with only those conditions that speak of whole cells. */
function ofCells(figure: Figure, table: Table): Figure {
  const cell = ["allocator", "seed", ...table.parameters];
  const where = Object.entries(figure.where ?? {}).filter(([name]) =>
    cell.includes(name)
  );
  return { ...figure, where: Object.fromEntries(where) };
}

/** What the panel for a value of `facet` is called: words say what they are. */
export function panelTitle(facet: string, value: string): string {
  return Number.isNaN(Number(value)) ? value : `${facet} = ${value}`;
}

/** The chart of `figure`; undefined if it has no points. */
export function chartOf(
  definitions: Definitions,
  figure: Figure,
  table: Table,
  reading: Reading = {},
): Chart | undefined {
  const { facet, log = [] } = figure;
  const rows = rowsOf(figure, table);
  const cells = reading.sums ? rowsOf(ofCells(figure, table), table) : rows;
  const labels = labelsOf(cells.map((i) => table.text(i, "allocator")));
  const text = (i: number, name: string) =>
    name === "allocator" ? labels.of(table.text(i, name)) : table.text(i, name);
  const panelOf = (i: number) =>
    facet === undefined ? "" : panelTitle(facet, text(i, facet));
  const axis = (side: "x" | "y") => {
    const values = rows.map((i) => text(i, figure[side])).filter(Boolean)
      .map(Number);
    return axisOf(definition(definitions, figure.table, figure[side]), {
      log: log.includes(side),
      discrete: values.some(Number.isNaN) ||
        side === "x" && (reading.categories || reading.across) === true,
      values,
    });
  };
  const [x, y] = [axis("x"), axis("y")];
  const place = (i: number, { name, discrete, factor, label }: Axis) => {
    const value = text(i, name);
    if (value === "") return undefined;
    if (!discrete) return Number(value) * factor;
    return label && value.trim() !== "" && !Number.isNaN(Number(value))
      ? label(Number(value))
      : value;
  };
  const isCategory = (name: string) =>
    [x, y].some((axis) => axis.discrete && axis.name === name);
  const shown = [figure.x, figure.y, figure.series, facet];
  const apart = ["allocator", ...table.parameters].filter((name) =>
    !shown.includes(name)
  );
  const cellOf = (i: number) =>
    apart.map((name) => table.text(i, name)).join(BETWEEN);
  const all = rows.flatMap((row): Item[] => {
    const [px, py] = [place(row, x), place(row, y)];
    if (px === undefined || py === undefined) return [];
    return [{
      row,
      x: px,
      y: py,
      series: isCategory(figure.series) ? "" : text(row, figure.series),
      panel: panelOf(row),
      cell: cellOf(row),
      seed: table.text(row, "seed"),
    }];
  });
  const seen = all.filter((p) => log.every((side) => Number(p[side]) > 0));
  if (seen.length === 0) return undefined;
  const measured = y.discrete ? "x" : "y";
  const scattered = !reading.lines &&
    [x, y].every(({ name, discrete }) =>
      !discrete && !table.parameters.includes(name)
    );
  const groups = groupsOf(
    reading.lines ? aligned(seen) : seen,
    measured,
    scattered,
  );
  const everyCell = Map.groupBy(
    (reading.sums ? cells : []).map((i) => ({
      panel: panelOf(i),
      cell: cellOf(i),
      seed: table.text(i, "seed"),
    })),
    ({ panel }) => panel,
  );
  const means = groups.map((group) =>
    pointOf(
      group,
      scattered ? [measured, measured === "y" ? "x" : "y"] : [measured],
      reading.sums ? everyCell.get(group[0]!.panel)! : [],
    )
  );
  const points = bounded(means, measured, measured === "x" ? x : y);
  const panels = reading.sums
    ? [...everyCell.keys()]
    : [...new Set(points.map(({ panel }) => panel))];
  const axes = [figure.x, figure.y, figure.series];
  if (facet !== undefined && panels.length > 1) axes.push(facet);
  const series = [...new Set(points.map(({ series }) => series))];
  const looks = looksOf(series);
  const notes = notesOf(
    table,
    groups.map((group) => group.map(({ row }) => row)),
    axes,
    {
      deterministic: definitions.random === false,
      alike: points.every(({ interval }) => interval === undefined),
    },
  );
  const hidden = all.length - seen.length;
  const chart: Chart = {
    title: figure.title,
    x,
    y,
    points,
    series,
    looks: new Map(series.map((name, i) => [name, looks[i]!])),
    legend: figure.series === "allocator"
      ? null
      : figure.series.replaceAll("_", " "),
    panels,
    ...(figure.guide && {
      guide: {
        label: figure.guide.label,
        points: figure.guide.points.map(([gx, gy]) =>
          [gx * x.factor, gy * y.factor] as const
        ),
      },
    }),
    notes: [
      ...(axes.includes("allocator") ? labels.notes : []),
      ...notes,
      ...(points.some(({ interval }) => interval)
        ? ["intervals of 95 % over the seeds"]
        : []),
      ...(hidden > 0
        ? [plural(hidden, "value of 0 is left out", "values of 0 are left out")]
        : []),
    ],
  };
  return reading.lines || reading.across ? chart : upright(chart);
}

/** Exchanges the axes where that lets categories go down the page. */
function upright(chart: Chart): Chart {
  const { x, y, points, guide } = chart;
  if (!x.discrete || y.discrete) return chart;
  return {
    ...chart,
    x: y,
    y: x,
    points: points.map((point) => ({ ...point, x: point.y, y: point.x })),
    ...(guide && {
      guide: { ...guide, points: guide.points.map(([x, y]) => [y, x]) },
    }),
  };
}
