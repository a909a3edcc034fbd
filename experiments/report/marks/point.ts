/**
 * Points: one above the other in the row of their category, or anywhere
 * between two numeric axes.
 *
 * @module
 */
import { GRID, type Look } from "../figure/colours.ts";
import { chartOf } from "../figure/points.ts";
import { element, pathOf, short } from "../figure/svg.ts";
import { whisker } from "../figure/whisker.ts";
import type { Mark } from "./mark.ts";

/** Pixels from the middle of a symbol to its edge, and between rows of them. */
const RADIUS = 4;
const STEP = 5;

/** Outlines of the symbols, each around 0, 0. */
const SHAPES: readonly (readonly (readonly [number, number])[])[] = [
  [], // a circle
  [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  [[0, -1.2], [1.15, 0.9], [-1.15, 0.9]],
  [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
  [[0, 1.2], [1.15, -0.9], [-1.15, -0.9]],
  // deno-fmt-ignore
  [[-1.2, -0.4], [-0.4, -0.4], [-0.4, -1.2], [0.4, -1.2], [0.4, -0.4],
    [1.2, -0.4], [1.2, 0.4], [0.4, 0.4], [0.4, 1.2], [-0.4, 1.2],
    [-0.4, 0.4], [-1.2, 0.4]],
  [[1.2, 0], [-0.9, 1.15], [-0.9, -1.15]],
  [[-1.2, 0], [0.9, 1.15], [0.9, -1.15]],
];

/** The mark. */
export const point: Mark = {
  name: "point",
  zero: { x: false, y: false },
  chart: (definitions, figure, table) => chartOf(definitions, figure, table),
  row: (series) => Math.max(24, series * STEP + 10),
  draw({ x, y, points, series, looks, width }) {
    const rows = y.edges !== undefined;
    const lines = (y.edges ?? []).map((edge) =>
      element("path", { d: `M0,${short(edge)}h${width}`, stroke: GRID[0] })
    );
    return lines.join("") + element(
      "g",
      { class: "mark" },
      ...points.map((point) => {
        const look = looks.get(point.series)!;
        const i = series.indexOf(point.series);
        const aside = rows ? (i - (series.length - 1) / 2) * STEP : 0;
        const [px, py] = [x.at(point.x), y.at(point.y) + aside];
        return whisker(
          point,
          rows
            ? { at: py, along: x, horizontal: true }
            : { at: px, along: y, horizontal: false },
          look.colour,
        ) + symbol(look, px, py);
      }),
    );
  },
  key: (look) => symbol(look, 8, 0),
};

function symbol({ colour, shape }: Look, x: number, y: number): string {
  const outline = SHAPES[shape % SHAPES.length]!;
  return outline.length === 0
    ? element("circle", { cx: x, cy: y, r: RADIUS, fill: colour })
    : element("path", {
      d: pathOf(outline.map(([dx, dy]) => [
        x + dx * RADIUS,
        y + dy * RADIUS,
      ])) + "Z",
      fill: colour,
    });
}
