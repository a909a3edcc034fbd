/**
 * Bars in which the series follow each other: parts that add up.
 *
 * @module
 */
import { chartOf } from "../figure/points.ts";
import { element } from "../figure/svg.ts";
import type { Mark, Point } from "./mark.ts";

/** Pixels from bar to bar, and of a bar. */
const STEP = 22;
const BAR = 15;

/** The mark. */
export const stack: Mark = {
  name: "stack",
  zero: { x: true, y: true },
  chart: (definitions, figure, table) =>
    chartOf(definitions, figure, table, { categories: true, sums: true }),
  row: () => STEP,
  reach: (points, side) => side === "x" ? totals(points) : [],
  draw({ x, y, points, series, looks }) {
    const ends = new Map<string | number, number>();
    const order = points.toSorted((a, b) =>
      series.indexOf(a.series) - series.indexOf(b.series)
    );
    return element(
      "g",
      { class: "mark" },
      ...order.map((point) => {
        const from = ends.get(point.y) ?? 0;
        const to = from + Number(point.x);
        ends.set(point.y, to);
        return element("rect", {
          x: x.at(from),
          y: y.at(point.y) - BAR / 2,
          width: x.at(to) - x.at(from),
          height: BAR,
          fill: looks.get(point.series)!.colour,
        });
      }),
    );
  },
  key: ({ colour }) =>
    element("rect", { x: 2, y: -5, width: 13, height: 10, fill: colour }),
};

/** Lengths of whole bars. */
function totals(points: readonly Point[]): number[] {
  const bars = Map.groupBy(
    points,
    ({ panel, y }) => JSON.stringify([panel, y]),
  );
  return [...bars.values()].map((bar) =>
    bar.reduce((sum, { x }) => sum + Number(x), 0)
  );
}
