/**
 * Where the parts of a figure lie: panels in rows and columns, room for what
 * is written beside and below them.
 *
 * @module
 */
import type { Chart, Mark } from "../marks/mark.ts";
import type { Axis } from "./axis.ts";
import {
  banded,
  type Extent,
  extentOf,
  numeric,
  roomFor,
  type Scale,
} from "./scale.ts";
import { LETTERS, lineHeight, widthOf, wrapped } from "./svg.ts";

/** Around all, and between panels, pixels. */
export const MARGIN = 12;
const GAP = { x: 36, y: 14 };
/** Of the last label beyond the last panel. */
const OVERHANG = 8;
/** Panels are at least so wide if there are several abreast. */
const NARROWEST = 150;
/** Heights of a panel with a numeric axis: alone, and among others. */
const HEIGHT = { alone: 260, among: 190 };
/** Pixels of height for each label of the vertical axis. */
const LABEL = 36;
/** Labels along the bottom of a panel, at most. */
const MOST = 8;
/** Categories stand beside the panel if they take at most this share. */
const BESIDE = 0.34;
/** Height of what is written above a panel of what happened. */
export const MOMENTS = 14;
/** Between an axis and what is written there. */
const PAD = 7;

/** A panel's place. */
export interface Place {
  /** Its panel, and what is written above it, in lines. */
  panel: string;
  title: string[];
  /** Its upper left corner, without title and labels. */
  left: number;
  top: number;
  /** Whether labels of the vertical axis are written here, and the other's. */
  labels: { y: boolean; x: boolean };
}

/** Where all lies; measured from the top of the first panel's title. */
export interface Layout {
  places: Place[];
  width: number;
  height: number;
  /** The axes of every panel, relative to its corner. */
  x: Scale;
  y: Scale;
  /** Labels of categories in lines, by category; above their row if `above`. */
  lines: ReadonlyMap<string, string[]>;
  above: boolean;
  /** Labels of categories along the bottom, some a line lower than others. */
  below: readonly { lines: string[]; level: number }[];
  /** Height of all panels with labels. */
  total: number;
}

/** Lays `chart` out in `width` pixels. */
export function layoutOf(chart: Chart, mark: Mark, width: number): Layout {
  const { points, panels, x, y } = chart;
  const room = width - 2 * MARGIN - OVERHANG;
  const names = (axis: "x" | "y") => [
    ...new Set(points.map((point) => String(point[axis]))),
  ];
  const rows = y.discrete ? names("y") : [];
  const widest = Math.max(0, ...rows.map((name) => widthOf(name)));
  const above = y.discrete && widest > room * BESIDE;
  const height = y.discrete
    ? undefined
    : panels.length > 1
    ? HEIGHT.among
    : HEIGHT.alone;
  const upward = y.discrete ? undefined : extent(chart, mark, "y", height!);
  const gutter = above
    ? 0
    : PAD + (y.discrete
      ? widest
      : Math.max(...upward!.ticks.map(({ text }) => widthOf(text))));
  const bottom = x.discrete ? names("x") : [];
  const labelled = Math.max(0, ...bottom.map((name) => widthOf(name))) + PAD;
  const columns = columnsOf(
    panels.length,
    room - gutter,
    bottom.length * labelled,
  );
  const across = Math.floor(
    (room - gutter - GAP.x * (columns - 1)) / columns,
  );
  const lines = new Map(rows.map((name) => [
    name,
    above ? wrapped(name, across) : [name],
  ]));
  const taller = above
    ? 3 + lineHeight() *
        Math.max(...[...lines.values()].map(({ length }) => length))
    : 0;
  const step = (mark.row?.(chart.series.length) ?? 20) + taller;
  const down = height ?? step * rows.length;
  const horizontal = x.discrete ? undefined : extent(chart, mark, "x", across);
  const perColumn = Math.ceil(panels.length / columns);
  const slot = across / bottom.length;
  const levels = labelled > slot ? 2 : 1;
  const below = bottom.map((name, i) => ({
    lines: wrapped(name, slot * levels),
    level: i % levels,
  }));
  const footer = PAD +
    lineHeight() *
      (x.discrete
        ? levels - 1 + Math.max(...below.map(({ lines }) => lines.length))
        : 1);
  const titles = panels.map((title) =>
    panels.length > 1 ? wrapped(title, across, LETTERS * BOLD) : []
  );
  const most = Math.max(...titles.map(({ length }) => length));
  const header = (most > 0 ? most * lineHeight() + 6 : 0) +
    (chart.moments?.length ? MOMENTS : 0);
  let top = header;
  const places: Place[] = [];
  for (let row = 0; row < perColumn; row++) {
    let footed = false;
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      if (i >= panels.length) break;
      const last = i + columns >= panels.length;
      footed ||= last;
      places.push({
        panel: panels[i]!,
        title: titles[i]!,
        left: MARGIN + gutter + column * (across + GAP.x),
        top,
        labels: { x: last, y: column === 0 || above },
      });
    }
    top += down + (footed ? footer : 0) + GAP.y + header;
  }
  return {
    places,
    width: across,
    height: down,
    x: horizontal ? numeric(x, horizontal, 0, across) : banded(bottom, 0, slot),
    y: upward
      ? numeric(y, upward, down, -down)
      : banded(rows, taller / 2, step),
    lines,
    above,
    below,
    total: top - GAP.y - header,
  };
}

/** What is shown of a numeric axis that has `pixels`. */
function extent(
  chart: Chart,
  mark: Mark,
  side: "x" | "y",
  pixels: number,
): Extent {
  const axis: Axis = chart[side];
  const own = mark.reach?.(chart.points, side) ?? chart.points.flatMap(
    ({ interval, ...point }) => [
      Number(point[side]),
      ...(isMeasured(chart, side) ? interval ?? [] : []),
    ],
  );
  const at = side === "x" ? 0 : 1;
  const guide = chart.guide?.points.map((point) => point[at]) ?? [];
  const all = [...own, ...guide];
  const values = axis.log ? all.filter((value) => value > 0) : all;
  const most = side === "y"
    ? Math.floor(pixels / LABEL)
    : Math.min(MOST, roomFor(axis.label ? "512 KiB" : "0000", pixels));
  return extentOf(axis, values, {
    most: Math.max(3, most),
    zero: mark.zero[side],
    tight: mark.tight?.[side] ?? false,
  });
}

/** Whether `side` is the axis that is averaged over seeds. */
export function isMeasured(
  { y }: Pick<Chart, "y">,
  side: "x" | "y",
): boolean {
  return (y.discrete ? "x" : "y") === side;
}

/** Panels side by side in `room` pixels, each of `least` if that can be. */
function columnsOf(panels: number, room: number, least: number): number {
  const width = Math.max(NARROWEST, least) + GAP.x;
  const fit = Math.max(1, Math.floor((room + GAP.x) / width));
  return Math.min(fit, panels === 4 ? 2 : 3, panels);
}

/** Size of the letters of titles and of notes, pixels; bold ones are wider. */
export const TITLE = 15;
export const BOLD = 1.08;
export const NOTE = LETTERS - 1;
