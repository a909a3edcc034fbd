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
/** Height of a category of a mark that has no rows of its own. */
const ROW = 20;
/** Between the label of a category above it and what is above that. */
const ABOVE = 3;
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
  const room = width - 2 * MARGIN - OVERHANG;
  const rows = chart.y.discrete ? namesOf(chart, "y") : [];
  const upward = chart.y.discrete ? undefined : upwardOf(chart, mark);
  const texts = upward ? upward.extent.ticks.map(({ text }) => text) : rows;
  const widest = Math.max(...texts.map((text) => widthOf(text)));
  const above = !upward && widest > room * BESIDE;
  const gutter = above ? 0 : PAD + widest;
  const bottom = chart.x.discrete ? namesOf(chart, "x") : [];
  const columns = columnsOf(
    chart.panels.length,
    room - gutter,
    bottom.reduce((sum, name) => sum + widthOf(name) + PAD, 0),
  );
  const across = Math.floor(
    (room - gutter - GAP.x * (columns - 1)) / columns,
  );
  const lines = new Map(rows.map((name) => [
    name,
    above ? wrapped(name, across) : [name],
  ]));
  const bands = rows.map((name) => ({
    before: above ? ABOVE + lineHeight() * lines.get(name)!.length : 0,
    size: rowOf(chart, mark),
  }));
  const height = upward?.height ??
    bands.reduce((sum, { before, size }) => sum + before + size, 0);
  const slot = across / bottom.length;
  const below = belowOf(bottom, slot);
  const footer = PAD +
    lineHeight() *
      (below.length > 0
        ? Math.max(...below.map(({ lines, level }) => lines.length + level))
        : 1);
  const { places, total } = placesOf(chart, columns, {
    left: MARGIN + gutter,
    across,
    height,
    footer,
    above,
  });
  return {
    places,
    width: across,
    height,
    x: chart.x.discrete
      ? banded(bottom, bottom.map(() => ({ before: 0, size: slot })))
      : numeric(chart.x, extent(chart, mark, "x", across), 0, across),
    y: upward
      ? numeric(chart.y, upward.extent, height, -height)
      : banded(rows, bands),
    lines,
    above,
    below,
    total,
  };
}

/** Categories along an axis, in the order of the points. */
function namesOf({ points }: Chart, side: "x" | "y"): string[] {
  return [...new Set(points.map((point) => String(point[side])))];
}

/** Pixels of a category down the page. */
export function rowOf({ series }: Chart, mark: Mark): number {
  return mark.row?.(series.length) ?? ROW;
}

/** A numeric vertical axis, and its height. */
function upwardOf(
  chart: Chart,
  mark: Mark,
): { height: number; extent: Extent } {
  const height = chart.panels.length > 1 ? HEIGHT.among : HEIGHT.alone;
  return { height, extent: extent(chart, mark, "y", height) };
}

/** Labels of categories below a panel, `slot` pixels each, on two levels if need be. */
function belowOf(
  names: readonly string[],
  slot: number,
): Layout["below"] {
  const levels = names.some((name) => widthOf(name) + PAD > slot) ? 2 : 1;
  return names.map((name, i) => ({
    lines: wrapped(name, slot * levels - 2),
    level: i % levels,
  }));
}

/** Panels in rows of `columns`; those without one below have a footer. */
function placesOf(
  { panels, moments }: Chart,
  columns: number,
  { left, across, height, footer, above }: {
    left: number;
    across: number;
    height: number;
    footer: number;
    above: boolean;
  },
): { places: Place[]; total: number } {
  const titles = panels.map((title) =>
    panels.length > 1 ? wrapped(title, across, LETTERS * BOLD) : []
  );
  const most = Math.max(...titles.map(({ length }) => length));
  const header = (most > 0 ? most * lineHeight() + 6 : 0) +
    (moments?.length ? MOMENTS : 0);
  let top = header;
  const places = panels.map((panel, i): Place => {
    const column = i % columns;
    const footed = (first: number) => first + columns >= panels.length;
    if (i > 0 && column === 0) {
      const before = panels.slice(i - columns, i);
      const any = before.some((_, k) => footed(i - columns + k));
      top += height + (any ? footer : 0) + GAP.y + header;
    }
    return {
      panel,
      title: titles[i]!,
      left: left + column * (across + GAP.x),
      top,
      labels: { x: footed(i), y: column === 0 || above },
    };
  });
  return { places, total: top + height + footer };
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
