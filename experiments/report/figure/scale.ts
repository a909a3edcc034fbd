/**
 * From values to pixels, and the values that are written along an axis.
 *
 * @module
 */
import type { Axis } from "./axis.ts";
import { widthOf } from "./svg.ts";

/** A place on an axis with what is written there. */
export interface Tick {
  value: number | string;
  text: string;
}

/** An axis in pixels. */
export interface Scale {
  /** The pixel of a value; of a category its middle. */
  at(value: number | string): number;
  ticks: readonly Tick[];
  /** Where categories begin, with the room before them; absent: there are none. */
  edges?: readonly number[];
}

/** The part of an axis that is shown. */
export interface Extent {
  /** Where it begins and ends, as shown. */
  domain: readonly [low: number, high: number];
  ticks: readonly Tick[];
}

/** Pixels between two numbers along the bottom, at least. */
const GAP = 10;
/** From here on numbers are written in thousands, k, or millions, M. */
const LARGE = 10_000;

/** `extent` over `pixels` from `from` on; up the page if they are negative. */
export function numeric(
  { log }: Pick<Axis, "log">,
  { domain, ticks }: Extent,
  from: number,
  pixels: number,
): Scale {
  const place = log ? Math.log : (value: number) => value;
  const [low, high] = domain.map(place) as [number, number];
  const span = high > low ? high - low : 1;
  return {
    ticks,
    at: (value) => from + pixels * (place(Number(value)) - low) / span,
  };
}

/** Categories one after the other, each with room before it. */
export function banded(
  categories: readonly string[],
  bands: readonly { before: number; size: number }[],
): Scale {
  const middles = new Map<string, number>();
  const edges: number[] = [];
  let at = 0;
  for (const [i, { before, size }] of bands.entries()) {
    edges.push(at);
    middles.set(categories[i]!, at + before + size / 2);
    at += before + size;
  }
  return {
    ticks: categories.map((value) => ({ value, text: value })),
    at: (value) => middles.get(String(value))!,
    edges,
  };
}

/**
 * What to show of an axis for `values`: from 0 if `zero`, with at most `most`
 * labels, round at both ends unless `tight`.
 */
export function extentOf(
  axis: Axis,
  values: readonly number[],
  { most, zero, tight = false }: {
    most: number;
    zero: boolean;
    tight?: boolean;
  },
): Extent {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (axis.log) {
    const ticks = logTicks(low, high, axis.label === undefined, most);
    const text = axis.label ?? plain;
    const domain = [
      Math.min(low, ticks[0]!),
      Math.max(high, ticks.at(-1)!),
    ] as const;
    return {
      domain: tight ? [low, high] : domain,
      ticks: ticks.filter((tick) => !tight || tick >= low && tick <= high)
        .map((value) => ({ value, text: text(value) })),
    };
  }
  const from = zero ? Math.min(low, 0) : low;
  const to = Math.max(zero ? Math.max(high, 0) : high, from);
  const whole = values.every(Number.isInteger);
  const ticks = linearTicks(from, to > from ? to : from + 1, most, whole);
  const shown = tight
    ? ticks.filter((tick) => tick >= low && tick <= high)
    : ticks;
  return {
    domain: tight ? [low, high] : [ticks[0]!, ticks.at(-1)!],
    ticks: labelled(shown),
  };
}

/** How many labels like that of `widest` have room in `pixels`. */
export function roomFor(widest: string, pixels: number): number {
  return Math.floor(pixels / (widthOf(widest) + GAP));
}

/** At most `most`, 3 or more, multiples of 1, 2 or 5 times a power of ten around low..high. */
export function linearTicks(
  low: number,
  high: number,
  most: number,
  whole: boolean,
): number[] {
  const power = Math.floor(Math.log10((high - low) / most));
  for (let p = power;; p++) {
    for (const n of [1, 2, 5]) {
      if (whole && p < 0) continue;
      // A division by a power of ten is exact where its multiple is not.
      const step = (i: number) => p < 0 ? i * n / 10 ** -p : i * n * 10 ** p;
      const slack = 1e-9; // as 0.3 / 0.1 is no whole number
      const first = Math.floor(low / step(1) + slack);
      const last = Math.ceil(high / step(1) - slack);
      if (last - first >= most) continue;
      return Array.from(
        { length: last - first + 1 },
        (_, i) => step(first + i),
      );
    }
  }
}

/** At most `most` of 1, 2, 5, 10, ..., or of powers of two, around low..high. */
export function logTicks(
  low: number,
  high: number,
  decimal: boolean,
  most: number,
): number[] {
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

/** Ticks with as many digits as they need, all in one unit. */
function labelled(ticks: readonly number[]): Tick[] {
  const most = Math.max(...ticks.map(Math.abs));
  const [unit, name] = most >= 1000 * LARGE
    ? [1e6, "M"]
    : most >= LARGE
    ? [1000, "k"]
    : [1, ""];
  return ticks.map((value) => ({
    value,
    text: value === 0 ? "0" : plain(value / unit) + name,
  }));
}

/** A number without the noise of its last digits. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(6))).replace("-", "\u2212");
}
