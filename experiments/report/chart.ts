/**
 * A figure as a Vega-Lite specification.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { Figure } from "../harness/experiment.ts";
import type { Axis } from "./axis.ts";
import { headOf, wrapped } from "./head.ts";
import type { Point, Points } from "./points.ts";
import { CONFIG, FAINT, INK, looksOf } from "./theme.ts";

/** Width of a figure without its legend, and height of a panel, pixels. */
const WIDTH = 620;
const HEIGHT = 260;
/** Between panels. */
const SPACING = 36;
/** Height of a bar and of a row of points, pixels. */
const BAR = 8;
const ROW = 24;
/** Room for a letter in the title of an axis, pixels. */
const LETTER = 6.2;
/** Lines of so few points show them. */
const FEW = 24;

/** The title of categories stands above them. */
const ABOVE = {
  titleAngle: 0,
  titleAlign: "right",
  titleBaseline: "bottom",
  titleX: -4,
  titleY: -6,
};

/** A side of a panel. */
interface Side {
  axis: Axis;
  log: boolean;
  values: readonly (number | string)[];
}

/** The whole specification. */
export function chartOf(figure: Figure, data: Points): TopLevelSpec {
  const count = data.panels.length;
  const columns = columnsOf(count);
  const unit = unitOf(
    figure,
    upright(figure, data),
    Math.floor((WIDTH - SPACING * (columns - 1)) / columns),
  );
  const faceted = count > 1 && {
    facet: {
      field: "panel",
      type: "nominal",
      sort: data.panels,
      header: { title: null },
    },
    columns,
    spacing: SPACING,
    spec: unit,
    ...(count % columns > 0 && { resolve: { axis: { x: "independent" } } }),
  };
  return {
    config: CONFIG,
    title: headOf(figure, data),
    data: { values: upright(figure, data).points },
    ...(faceted || unit),
  } as TopLevelSpec;
}

/** Panels side by side. */
export function columnsOf(panels: number): number {
  return panels === 4 ? 2 : Math.min(3, panels);
}

/** Exchanges the axes where that lets categories go down the page. */
function upright({ mark }: Figure, data: Points): Points {
  const { x, y, points, guide } = data;
  if (mark === "line" || !x.discrete || y.discrete) return data;
  return {
    ...data,
    x: y,
    y: x,
    points: points.map((point) => ({ ...point, x: point.y, y: point.x })),
    guide: guide.map(([x, y]) => [y, x]),
  };
}

/** One panel. */
function unitOf(figure: Figure, data: Points, width: number): object {
  const { points, series, panels } = data;
  const isLog = ({ name }: Axis) =>
    figure.log?.some((side) => figure[side] === name) ?? false;
  const side = (which: "x" | "y"): Side => ({
    axis: data[which],
    log: isLog(data[which]),
    values: points.map((point) => point[which]),
  });
  const apart = figure.mark === "bar" && series.length > 1 &&
    figure.series !== data.y.name;
  const height = data.y.discrete
    ? new Set(points.map(({ y }) => y)).size *
      (apart ? series.length * BAR + ROW / 2 : ROW)
    : HEIGHT;
  const few = points.length <= FEW * series.length * panels.length;
  const looks = looksOf(series);
  const bySeries = (range: unknown) => ({
    field: "series",
    type: "nominal",
    scale: { domain: series, range },
    legend: series.length > 1 && figure.series !== data.y.name
      ? {
        title: legendTitle(figure),
        ...(figure.mark === "line" && {
          symbolType: "stroke",
          symbolFillColor: "transparent",
        }),
      }
      : null,
  });
  return {
    width,
    height,
    layer: [
      ...guideOf(figure, data),
      {
        mark: markOf(figure, few),
        encoding: {
          x: channel("x", side("x"), figure, Math.floor(width / LETTER)),
          y: channel("y", side("y"), figure, Math.floor(height / LETTER)),
          ...(apart && {
            yOffset: {
              field: "series",
              type: "nominal",
              scale: { domain: series },
            },
          }),
          color: bySeries(looks.colours),
          ...(figure.mark === "line" && { strokeDash: bySeries(looks.dashes) }),
          ...(figure.mark === "point" && { shape: bySeries(looks.shapes) }),
        },
      },
    ],
  };
}

function markOf({ mark }: Figure, few: boolean): object {
  switch (mark) {
    case "bar":
      return { type: "bar" };
    case "point":
      return { type: "point", filled: true, size: 60, opacity: 1 };
    default:
      return {
        type: "line",
        strokeWidth: 1.8,
        point: few && { filled: true, size: 36 },
      };
  }
}

/** The series say what they are, unless they are allocators. */
function legendTitle({ series }: Figure): string | null {
  return series === "allocator" ? null : series.replaceAll("_", " ");
}

/** A side as a channel of the encoding. */
function channel(
  field: "x" | "y",
  side: Side,
  figure: Figure,
  room: number,
): object {
  const { axis: { name, title, discrete, label }, log, values } = side;
  if (discrete) {
    return {
      field,
      type: "nominal",
      sort: [...new Set(values)],
      scale: field === "y" ? { paddingInner: 0.2, paddingOuter: 0.1 } : {},
      axis: {
        title: name === "allocator"
          ? null
          : field === "y"
          ? title
          : wrapped(title, room),
        labelAngle: 0,
        ticks: false,
        grid: figure.mark === "point",
        ...(field === "y" && ABOVE),
      },
    };
  }
  const whole = values.every((value) => Number.isInteger(value));
  const ticks = log
    ? logTicks(values.map(Number), label === undefined, Math.floor(room / 6))
    : [];
  return {
    field,
    type: "quantitative",
    title: wrapped(title, room),
    scale: log ? logScale(ticks, values) : {
      zero: figure.mark === "bar" || field === "y",
      nice: figure.mark !== "point",
      ...(figure.mark === "point" && { padding: 8 }),
    },
    axis: {
      ...(label !== undefined && { labelExpr: label }),
      ...(log ? { values: ticks, format: "~g" } : {
        tickCount: field === "x" ? Math.min(6, Math.floor(room / 8)) : 5,
        ...(whole && { tickMinStep: 1 }),
      }),
    },
  };
}

/** Labels, at most `most`, of values: powers of two, or 1, 2, 5, 10, ... */
function logTicks(
  values: readonly number[],
  decimal: boolean,
  most: number,
): number[] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const rows = decimal ? [[1, 2, 5], [1, 3], [1]] : [[1]];
  const base = decimal ? 10 : 2;
  const log = decimal ? Math.log10 : Math.log2;
  const from = Math.floor(log(low));
  const to = Math.ceil(log(high));
  for (const row of rows) {
    const all = Array.from(
      { length: to - from + 1 },
      (_, i) => row.map((n) => n * base ** (from + i)),
    ).flat();
    const first = all.findLastIndex((tick) => tick <= low);
    const last = all.findIndex((tick) => tick >= high);
    const ticks = all.slice(Math.max(0, first), last + 1);
    if (ticks.length <= most) return ticks;
  }
  const step = Math.ceil((to - from + 1) / most);
  return Array.from(
    { length: Math.ceil((to - from) / step) + 1 },
    (_, i) => base ** (from + i * step),
  );
}

/** A scale that reaches from the first label to the last. */
function logScale(
  ticks: readonly number[],
  values: readonly (number | string)[],
): object {
  const ends = [...ticks, ...values].map(Number);
  return {
    type: "log",
    domain: [Math.min(...ends), Math.max(...ends)],
    nice: false,
  };
}

/** The line to compare with, if the figure has one. */
function guideOf({ guide }: Figure, data: Points): object[] {
  if (!guide) return [];
  const values = data.guide.map(([x, y]): Partial<Point> => ({ x, y }));
  const encoding = {
    x: { field: "x", type: "quantitative" },
    y: { field: "y", type: "quantitative" },
  };
  return [
    {
      data: { values },
      mark: { type: "line", color: FAINT[0], strokeDash: [5, 4] },
      encoding,
    },
    {
      data: { values: values.slice(-1) },
      mark: {
        type: "text",
        text: guide.label,
        color: INK[0],
        align: "right",
        baseline: "bottom",
        dy: -6,
        dx: -6,
        fontSize: 11.5,
      },
      encoding,
    },
  ];
}
