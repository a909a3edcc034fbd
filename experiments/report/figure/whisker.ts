/**
 * The interval of a point as a thin line with ends.
 *
 * @module
 */
import type { Point } from "../marks/mark.ts";
import type { Scale } from "./scale.ts";
import { element, pathOf } from "./svg.ts";

/** Half the length of an end, pixels. */
const END = 2.5;

/** The interval of `point`, measured `along` a scale, at pixel `at` of the other. */
export function whisker(
  { interval }: Point,
  { at, along, horizontal }: { at: number; along: Scale; horizontal: boolean },
  colour: string,
): string {
  if (!interval) return "";
  const [low, high] = interval.map((value) => along.at(value)) as [
    number,
    number,
  ];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "";
  const place = (along: number, across: number): [number, number] =>
    horizontal ? [along, at + across] : [at + across, along];
  const ends = [low, high].map((end) =>
    pathOf([place(end, -END), place(end, END)])
  );
  return element("path", {
    d: pathOf([place(low, 0), place(high, 0)]) + ends.join(""),
    stroke: colour,
    "stroke-width": 1,
    fill: "none",
  });
}
