/**
 * Bars from 0, one below the other, in groups where there are several series.
 *
 * @module
 */
import { INK } from "../figure/colours.ts";
import { chartOf } from "../figure/points.ts";
import { element, words } from "../figure/svg.ts";
import { whisker } from "../figure/whisker.ts";
import { plain } from "../figure/scale.ts";
import type { Mark } from "./mark.ts";

/** Pixels from bar to bar, of a bar, and between groups; of a bar alone. */
const STEP = 10;
const BAR = 9;
const GROUP = 10;
const ALONE = { step: 21, bar: 15 };
/** Of what a bar of no length shows. */
const STUB = 1.5;

/** The mark. */
export const bar: Mark = {
  name: "bar",
  zero: { x: true, y: true },
  chart: (definitions, figure, table) =>
    chartOf(definitions, figure, table, { categories: true }),
  row: (series) => series > 1 ? series * STEP + GROUP : ALONE.step,
  draw({ x, y, points, series, looks, width }) {
    const many = series.length > 1;
    const thick = many ? BAR : ALONE.bar;
    const there = new Set(points.map(({ y }) => y));
    const missing = points.length === 0
      ? []
      : y.ticks.filter(({ value }) => !there.has(value));
    return element(
      "g",
      { class: "mark" },
      ...missing.map(({ value }) =>
        words(5, y.at(value) + 4, ["–"], { faint: true })
      ),
      ...points.map((point) => {
        const { colour } = looks.get(point.series)!;
        const i = series.indexOf(point.series);
        const middle = y.at(point.y) +
          (many ? (i - (series.length - 1) / 2) * STEP : 0);
        const from = x.at(0);
        const to = x.at(point.x);
        const top = middle - thick / 2;
        const shape = element("rect", {
          x: Math.min(from, to),
          y: top,
          width: Math.max(STUB, Math.abs(to - from)),
          height: thick,
          fill: colour,
        });
        const value = plain(Number(Number(point.x).toPrecision(4)));
        const label = point.x === 0 || !many && !point.interval
          ? words(to + 5, middle + 4, [value], { size: 10, faint: true })
          : "";
        const inside = label !== "" && to > width - 36
          ? words(to - 5, middle + 4, [value], {
            size: 10,
            anchor: "end",
            paper: true,
          })
          : label;
        return shape + inside +
          whisker(point, { at: middle, along: x, horizontal: true }, INK[0]);
      }),
    );
  },
  key: ({ colour }) =>
    element("rect", { x: 2, y: -5, width: 13, height: 10, fill: colour }),
};
