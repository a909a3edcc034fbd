/**
 * What a mark is: how the points of a figure become shapes. One mark, one
 * file; `mod.ts` lists them.
 *
 * @module
 */
import type { Experiment, Figure } from "../../experiment/experiment.ts";
import type { Axis } from "../figure/axis.ts";
import type { Look } from "../figure/colours.ts";
import type { Scale } from "../figure/scale.ts";
import type { Table } from "../figure/table.ts";

/** A point, or the end of a bar, or a rectangle. */
export interface Point {
  /** Place on the horizontal axis, as shown. */
  x: number | string;
  /** Place on the vertical axis, as shown. */
  y: number | string;
  /** The 95 % interval over seeds of what is measured; absent: none. */
  interval?: readonly [low: number, high: number];
  /** The other corner of a rectangle. */
  corner?: readonly [x: number, y: number];
  /** What is measured, where neither axis shows it. */
  value?: number;
  /** Label of its series. */
  series: string;
  /** Title of its panel. */
  panel: string;
}

/** What a figure shows. */
export interface Chart {
  /** The title, and what stands below it. */
  title: string;
  notes: readonly string[];
  /** The axes. */
  x: Axis;
  y: Axis;
  /** In the order of the rows. */
  points: readonly Point[];
  /** Labels of the series, in order, each with a point; how they look. */
  series: readonly string[];
  looks: ReadonlyMap<string, Look>;
  /** What the series are; null: they say so. */
  legend: string | null;
  /** Titles of the panels, in order; one empty title without facets. */
  panels: readonly string[];
  /** What happened up to a place on the horizontal axis, in its order. */
  moments?: readonly { until: number; text: string }[];
  /** The line to compare with, as shown. */
  guide?: { label: string; points: readonly (readonly [number, number])[] };
}

/** What a figure has to know of its experiment. */
export interface Definitions
  extends Pick<Experiment, "columns" | "parameters"> {
  /** Whether the run drew anything at random; absent: nobody knows. */
  random?: boolean;
}

/** A panel to draw in. */
export interface Panel {
  /** The axes in pixels. */
  x: Scale;
  y: Scale;
  /** Its points. */
  points: readonly Point[];
  /** Labels of all series of the figure, in order; how they look. */
  series: readonly string[];
  looks: ReadonlyMap<string, Look>;
  /** Pixels. */
  width: number;
  height: number;
}

/** A way to draw. */
export interface Mark {
  /** The word that figures use. */
  name: string;
  /** What `figure` shows of `table`, whose cells have `samples`; undefined: nothing. */
  chart(
    definitions: Definitions,
    figure: Figure,
    table: Table,
    samples: () => Table | undefined,
  ): Chart | undefined;
  /** Pixels of a category down the page, for so many series; absent: none is. */
  row?(series: number): number;
  /** Whether a numeric axis begins at 0. */
  zero: { x: boolean; y: boolean };
  /** Along which numeric axes the panel ends where the data does. */
  tight?: { x: boolean; y: boolean };
  /** Whether lines at round values are drawn; absent: they are. */
  grid?: boolean;
  /** Whether the shapes say their numbers. */
  numbers?: boolean;
  /** The values along `side` that have to be seen. */
  reach?(points: readonly Point[], side: "x" | "y"): number[];
  /** The shapes of a panel. */
  draw(panel: Panel): string;
  /** The symbol of a series, about 16 x 10 pixels around (8, 0). */
  key(look: Look): string;
  /** Definitions that the shapes refer to. */
  patterns?(chart: Chart): string;
  /** Says in words what the panel hides. */
  hidden?(panel: Panel): string[];
}
