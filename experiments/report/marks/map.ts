/**
 * A table `heap_map`: address against time. The deeper the colour, the more of
 * a cell is of its kind; where next to none is, it is dotted.
 *
 * @module
 */
import type { Figure } from "../../experiment/experiment.ts";
import { axisOf, definition } from "../figure/axis.ts";
import { KIND_NAMES, kindColour } from "../figure/colours.ts";
import { labelsOf } from "../figure/labels.ts";
import { notesOf } from "../figure/notes.ts";
import { panelTitle, rowsOf } from "../figure/points.ts";
import { element } from "../figure/svg.ts";
import type { Table } from "../figure/table.ts";
import type { Chart, Definitions, Mark, Panel, Point } from "./mark.ts";

/** A smaller share is next to none. */
const QUARTER = 0.25;
const FEW = ", at most 1/16 of the cell";
/** What every map says of itself. */
const RULE = "deeper colours: more of the cell";
/** Pixels from dot to dot, and of a dot. */
const DOTS = 4;
const DOT = 2;

/** The mark. */
export const map: Mark = {
  name: "map",
  zero: { x: false, y: true },
  tight: { x: true, y: true },
  grid: false,
  chart: mapOf,
  reach: (points, side) =>
    points.flatMap((point) => [
      Number(point[side]),
      point.corner![side === "x" ? 0 : 1],
    ]),
  draw: (panel) => element("g", { class: "mark" }, ...areas(panel)),
  key: ({ colour }) =>
    element("rect", { x: 2, y: -5, width: 13, height: 10, fill: colour }),
  patterns: ({ series }) => {
    const few = series.filter((name) => name.endsWith(FEW));
    return few.length === 0 ? "" : element("defs", {}, ...few.map(dots));
  },
};

/** What the figure shows. */
function mapOf(
  definitions: Definitions,
  figure: Figure,
  table: Table,
  samples: () => Table | undefined,
): Chart | undefined {
  const { facet = "allocator" } = figure;
  const rows = firstCells(rowsOf(figure, table), facet, table);
  if (rows.length === 0) return undefined;
  const labels = labelsOf(rows.map((i) => table.text(i, "allocator")));
  const panelOf = (i: number) => {
    const value = table.text(i, facet);
    return panelTitle(facet, facet === "allocator" ? labels.of(value) : value);
  };
  const number = (i: number, name: string) => Number(table.text(i, name));
  const top = (i: number) =>
    number(i, "offset_bytes") + number(i, "extent_bytes");
  const axis = (name: string, values: number[]) =>
    axisOf(definition(definitions, figure.table, name), {
      log: false,
      discrete: false,
      values,
    });
  const x = axis(figure.x, rows.map((i) => number(i, "until_op")));
  const y = axis(figure.y, rows.map(top));
  const points = rows.map((i): Point => {
    const share = number(i, "share_ratio");
    const kind = table.text(i, "kind");
    return {
      x: number(i, "op"),
      y: number(i, "offset_bytes") * y.factor,
      corner: [number(i, "until_op"), top(i) * y.factor],
      value: share,
      series: share < QUARTER ? kind + FEW : kind,
      panel: panelOf(i),
    };
  });
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const series = KIND_NAMES.flatMap((kind) => [kind, kind + FEW])
    .filter((name) => points.some(({ series }) => series === name));
  const notes = notesOf(
    table,
    rows.map((i) => [i]),
    panels.length > 1 ? [facet] : [],
    { deterministic: definitions.random === false, alike: true },
  );
  return {
    title: figure.title,
    notes: [...labels.notes, ...notes, RULE],
    x,
    y,
    points,
    series,
    looks: new Map(series.map((name) => [name, {
      colour: name.endsWith(FEW) ? `url(#${idOf(name)})` : fill(name, 1),
      shape: 0,
      dash: [],
    }])),
    legend: null,
    panels,
    moments: phasesOf(cellKey(table, rows[0]!), samples()),
  };
}

/** The rows of the first cell of each panel: maps cannot be averaged. */
function firstCells(
  rows: readonly number[],
  facet: string,
  table: Table,
): number[] {
  const first = new Map<string, string>();
  return rows.filter((i) => {
    const panel = table.text(i, facet);
    const cell = cellKey(table, i);
    if (!first.has(panel)) first.set(panel, cell);
    return first.get(panel) === cell;
  });
}

/** The cell of row `i`. */
function cellKey(table: Table, i: number): string {
  return JSON.stringify(
    ["allocator", "parameters", "seed"].map((name) => table.text(i, name)),
  );
}

/** The phases of `cell`: all allocators see the same requests. */
function phasesOf(
  cell: string,
  samples: Table | undefined,
): { until: number; text: string }[] {
  return Array.from({ length: samples?.length ?? 0 }, (_, i) => i)
    .filter((i) =>
      samples!.text(i, "phase") !== "" && cellKey(samples!, i) === cell
    )
    .map((i) => ({
      until: Number(samples!.text(i, "op")),
      text: samples!.text(i, "phase"),
    }));
}

function fill(kind: string, share: number): string {
  return kindColour(kind, share)[0];
}

function idOf(series: string): string {
  return `few-${series.slice(0, -FEW.length)}`;
}

/** Free memory with dots of a kind. */
function dots(series: string): string {
  const box = (size: number, fill: string) =>
    element("rect", { width: size, height: size, fill });
  return element(
    "pattern",
    {
      id: idOf(series),
      width: DOTS,
      height: DOTS,
      patternUnits: "userSpaceOnUse",
    },
    box(DOTS, fill("free", 1)),
    box(DOT, fill(series.slice(0, -FEW.length), 1)),
  );
}

/** Rectangles of one colour as one path each, on whole pixels. */
function areas({ x, y, points, looks }: Panel): string[] {
  const byColour = Map.groupBy(
    points,
    ({ series, value = 1 }) =>
      value < QUARTER ? looks.get(series)!.colour : fill(series, value),
  );
  return [...byColour].toSorted(([a], [b]) => a < b ? -1 : 1).map((
    [colour, own],
  ) =>
    element("path", {
      d: own.map(({ x: from, y: low, corner: [to, high] = [0, 0] }) => {
        const [left, right] = [pixel(x.at(from)), pixel(x.at(to))];
        const [above, below] = [pixel(y.at(high)), pixel(y.at(low))];
        return `M${left},${above}h${right - left}v${below - above}` +
          `h${left - right}Z`;
      }).join(""),
      fill: colour,
      "shape-rendering": "crispEdges",
    })
  );
}

/** The same pixel for numbers that differ by rounding only. */
function pixel(x: number): number {
  return Math.floor(x + 0.5 + 1e-6);
}
