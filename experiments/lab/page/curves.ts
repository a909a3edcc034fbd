/**
 * The curves of the metrics: which there are, and how they look.
 *
 * @module
 */
import type { Answer, Axis } from "../protocol.ts";
import { bytesText, type Range, shareText } from "./ranges.ts";

/** What a lane says of itself when it is ready. */
type Lane = (Answer & { kind: "ready" })["lanes"][number];

/** A plot; with one curve, lanes differ in colour, with more in their dashes. */
export interface Plot {
  title: string;
  /** Names in the samples and for people, and CSS variables. */
  curves: readonly { name: string; label: string; colour: string }[];
  text(value: number): string;
}

/** The plots of one or two lanes. */
export const PLOTS: readonly Plot[] = [{
  title: "Bytes",
  curves: [
    { name: "footprint_bytes", label: "footprint", colour: "--c1" },
    { name: "resident_bytes", label: "resident", colour: "--c2" },
    { name: "requested_bytes", label: "requested", colour: "--c3" },
  ],
  text: bytesText,
}, {
  title: "Shares",
  curves: [
    { name: "internal_ratio", label: "internal", colour: "--c1" },
    { name: "external_ratio", label: "external", colour: "--c2" },
    { name: "overhead_ratio", label: "overhead", colour: "--c3" },
  ],
  text: shareText,
}];

/** The plots of more lanes: one metric each. */
export const PLOTS_OF_MANY: readonly Plot[] = [{
  title: "Footprint",
  curves: [{ name: "footprint_bytes", label: "footprint", colour: "--c1" }],
  text: bytesText,
}, {
  title: "External fragmentation",
  curves: [{ name: "external_ratio", label: "external", colour: "--c1" }],
  text: shareText,
}];

/** Colours that lanes have, as CSS variables; dashed the second time. */
const COLOURS = ["--c1", "--c2", "--c3", "--c4"];
const DASH: readonly number[] = [5, 3];

/** A curve as it is drawn. */
export interface Curve {
  spec: string;
  xs: ArrayLike<number>;
  ys: ArrayLike<number>;
  colour: string;
  dash: readonly number[];
}

/** The curves of `plot`, along `axis`. */
export function curvesOf(
  { curves }: Plot,
  lanes: readonly Lane[],
  axis: Axis,
): Curve[] {
  const isOne = curves.length === 1;
  return lanes.flatMap(({ spec, series }, lane) => {
    const clock = series.find(({ name }) => name === "clock_bytes");
    return curves.flatMap(({ name, colour }) => {
      const found = series.find((one) => one.name === name);
      if (!found) return [];
      return [{
        spec,
        xs: axis === "op" || !clock ? found.x : clock.y,
        ys: found.y,
        colour: isOne ? COLOURS[lane % COLOURS.length]! : colour,
        dash: lane >= (isOne ? COLOURS.length : 1) ? DASH : [],
      }];
    });
  });
}

/** The highest value of a curve in `range` and right beside it. */
export function highest(
  { xs, ys }: Pick<Curve, "xs" | "ys">,
  { from, to }: Range,
): number {
  let most = 0;
  for (let k = 0; k < xs.length; k++) {
    if (xs[k + 1]! < from || xs[k - 1]! > to) continue;
    most = Math.max(most, ys[k]!);
  }
  return most;
}
