/**
 * A table of numbers: the series down the page, the horizontal axis across,
 * and a tint that is the deeper the larger the number is.
 *
 * @module
 */
import { looksOf } from "../figure/colours.ts";
import { chartOf } from "../figure/points.ts";
import { plain } from "../figure/scale.ts";
import { element, LETTERS, widthOf, words } from "../figure/svg.ts";
import type { Mark, Point } from "./mark.ts";

/** Height of a cell, pixels, and what separates it from the next. */
const STEP = 24;
const GAP = 2;
/** The deepest tint: numbers in it can still be read. */
const DEEPEST = 0.5;
/** Letters are never smaller, pixels. */
const SMALLEST = 7;

/** The mark. */
export const cells: Mark = {
  name: "cells",
  zero: { x: false, y: false },
  grid: false,
  numbers: true,
  row: () => STEP,
  chart(definitions, figure, table) {
    const chart = chartOf(definitions, figure, table, { across: true });
    if (!chart) return undefined;
    const { y, points, series } = chart;
    const name = series.length > 1 ? figure.series : "allocator";
    return {
      ...chart,
      y: { ...y, name, title: y.title, discrete: true },
      notes: [`numbers: ${y.title}`, ...chart.notes],
      points: points.map((point) => ({
        ...point,
        y: point.series,
        value: Number(point.y),
        series: "",
      })),
      series: [""],
      looks: new Map([["", looksOf([""])[0]!]]),
    };
  },
  draw({ x, y, points, width, looks }) {
    const most = points.reduce((a, { value }) => Math.max(a, value!), 0);
    const step = width / x.ticks.length;
    const { colour } = looks.get("")!;
    return element(
      "g",
      { class: "mark" },
      ...points.map((point) => {
        const [px, py] = [x.at(point.x), y.at(point.y)];
        const tint = most > 0 ? Math.max(0, point.value!) / most : 0;
        return element("rect", {
          x: px - step / 2 + GAP / 2,
          y: py - STEP / 2 + GAP / 2,
          width: step - GAP,
          height: STEP - GAP,
          fill: colour,
          "fill-opacity": (0.04 + (DEEPEST - 0.04) * tint).toFixed(3),
        }) + words(px, py + 4, [label(point)], {
          size: sizeFor(label(point), step - GAP),
          anchor: "middle",
          faint: point.value === 0,
        });
      }),
    );
  },
  key: ({ colour }) =>
    element("rect", { x: 2, y: -5, width: 13, height: 10, fill: colour }),
};

/** Size of letters that has room. */
function sizeFor(text: string, room: number): number {
  const size = Math.floor(LETTERS * room / widthOf(text));
  return Math.max(SMALLEST, Math.min(LETTERS, size));
}

/** The number, with half its interval if it has one. */
function label({ value, interval }: Point): string {
  const text = plain(Number(value!.toPrecision(3)));
  if (!interval) return text;
  return `${text} ±${plain(Number((interval[1] - value!).toPrecision(1)))}`;
}
