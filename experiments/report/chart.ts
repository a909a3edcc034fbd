/**
 * A figure as a Vega-Lite specification.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { Figure } from "../experiment/experiment.ts";
import { headOf } from "./head.ts";
import { inPanels, panelWidth } from "./panels.ts";
import type { Point, Points } from "./points.ts";
import { channel } from "./scale.ts";
import { CONFIG, FAINT, INK, looksOf } from "./theme.ts";

/** Height of a panel, pixels. */
const HEIGHT = 260;
/** Height of a bar and of a row of points, pixels. */
const BAR = 8;
const ROW = 24;
/** Entries of a legend below side by side. */
const ABREAST = 4;
/** Lines of so few points show them. */
const FEW = 24;

/** The whole specification. */
export function chartOf(figure: Figure, data: Points): TopLevelSpec {
  const shown = upright(figure, data);
  return {
    config: CONFIG,
    title: headOf(figure, data),
    data: { values: shown.points },
    ...inPanels(data.panels, unitOf(figure, shown)),
  } as TopLevelSpec;
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
function unitOf(figure: Figure, data: Points): object {
  const { mark } = figure;
  const { x, y, points, series, panels } = data;
  const one = series.length === 1 || figure.series === y.name;
  const grouped = mark === "bar" && !one;
  const width = panelWidth(panels.length);
  const height = y.discrete
    ? new Set(points.map(({ y }) => y)).size *
      (grouped ? series.length * BAR + ROW / 2 : ROW)
    : HEIGHT;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const few = points.length <= FEW * series.length * panels.length;
  const looks = looksOf(series);
  const legend = {
    title: legendTitle(figure),
    ...(panels.length > 1 && { orient: "bottom", columns: ABREAST }),
    ...(mark === "line" && {
      symbolType: "stroke",
      symbolFillColor: "transparent",
    }),
  };
  const bySeries = (range: unknown) => ({
    field: "series",
    type: "nominal",
    scale: { domain: series, range },
    legend: one ? null : legend,
  });
  const offset = {
    field: "series",
    type: "nominal",
    scale: { domain: series },
  };
  return {
    width,
    height,
    layer: [
      ...guideOf(figure, data),
      {
        mark: markOf(figure, few),
        encoding: {
          x: channel("x", x, mark, xs, width),
          y: channel("y", y, mark, ys, height),
          color: bySeries(looks.colours),
          ...(grouped && { yOffset: offset }),
          ...(mark === "line" && { strokeDash: bySeries(looks.dashes) }),
          ...(mark === "point" && { shape: bySeries(looks.shapes) }),
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
