/**
 * Axes as channels of a Vega-Lite specification: scale, labels and title.
 *
 * @module
 */
import type { Figure } from "../experiment/experiment.ts";
import type { Axis } from "./axis.ts";
import { wrapped } from "./head.ts";

/** Room for a letter in the title of an axis, and for a label, pixels. */
const LETTER = 6.2;
const LABEL = 40;

/** The title of categories stands above them. */
const ABOVE = {
  titleAngle: 0,
  titleAlign: "right",
  titleBaseline: "bottom",
  titleX: -4,
  titleY: -6,
};

/** From here on numbers are written in thousands, k, and millions, M. */
const LARGE = 10_000;
/** Columns whose values say what they are. */
const OBVIOUS = ["allocator", "phase"];

/** The channel of `axis`, which has `pixels` for `values`. */
export function channel(
  field: "x" | "y",
  axis: Axis,
  mark: Figure["mark"],
  values: readonly (number | string)[],
  pixels: number,
): object {
  const title = wrapped(axis.title, Math.floor(pixels / LETTER));
  if (axis.discrete) {
    return {
      field,
      type: "nominal",
      sort: [...new Set(values)],
      scale: field === "y" ? { paddingInner: 0.2, paddingOuter: 0.1 } : {},
      axis: {
        title: OBVIOUS.includes(axis.name)
          ? null
          : field === "y"
          ? axis.title
          : title,
        labelAngle: 0,
        ticks: false,
        grid: mark === "point",
        ...(field === "y" && ABOVE),
      },
    };
  }
  const numbers = values.map(Number);
  const labels = { ...(axis.label && { labelExpr: axis.label }) };
  if (axis.log) {
    const most = Math.max(3, Math.floor(pixels / LABEL));
    const ticks = logTicks(numbers, axis.label === undefined, most);
    const ends = [...ticks, ...numbers];
    return {
      field,
      type: "quantitative",
      title,
      scale: {
        type: "log",
        domain: [least(ends), greatest(ends)],
        nice: false,
      },
      axis: { ...labels, values: ticks, format: "~g" },
    };
  }
  return {
    field,
    type: "quantitative",
    title,
    scale: {
      zero: mark === "bar" || field === "y",
      nice: mark !== "point",
      ...(mark === "point" && { padding: 8 }),
    },
    axis: {
      ...labels,
      tickCount: field === "x" ? Math.min(6, Math.floor(pixels / LABEL)) : 5,
      ...(numbers.every(Number.isInteger) && { tickMinStep: 1 }),
      ...(greatest(numbers) >= LARGE && { format: "~s" }),
    },
  };
}

/** Labels, at most `most`, of values: powers of two, or 1, 2, 5, 10, ... */
export function logTicks(
  values: readonly number[],
  decimal: boolean,
  most: number,
): number[] {
  const [low, high] = [least(values), greatest(values)];
  const base = decimal ? 10 : 2;
  const log = decimal ? Math.log10 : Math.log2;
  const from = Math.floor(log(low));
  const to = Math.ceil(log(high));
  const powers = (step: number) =>
    Array.from(
      { length: Math.ceil((to - from) / step) + 1 },
      (_, i) => base ** (from + i * step),
    );
  for (const steps of decimal ? [[1, 2, 5], [1, 3], [1]] : [[1]]) {
    const all = powers(1).flatMap((power) => steps.map((n) => n * power));
    const first = Math.max(0, all.findLastIndex((tick) => tick <= low));
    const last = all.findIndex((tick) => tick >= high);
    if (last - first < most) return all.slice(first, last + 1);
  }
  return powers(Math.ceil((to - from) / (most - 1)));
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}
