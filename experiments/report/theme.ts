/**
 * Colours, shapes and letters of all figures, in light and dark.
 *
 * A figure is drawn in the light colours; a style sheet inside it replaces
 * them one by one where the reader prefers dark, so programs that know no
 * style sheets show the light one. The hues are those of M. Okabe and K. Ito,
 * Color Universal Design (2008), which the colour-blind can tell apart; on top
 * of that, series differ in shape and dash.
 *
 * @module
 */

/** A colour on light and on dark paper. */
type Colour = readonly [light: string, dark: string];

/** The paper, what is written on it, and lines that stay in the background. */
export const PAPER: Colour = ["#ffffff", "#16181d"];
/** Titles and labels. */
export const INK: Colour = ["#1f2328", "#e6e8eb"];
/** Notes, ticks and guides. */
export const FAINT: Colour = ["#5b6168", "#a5acb5"];
/** The grid. */
export const GRID: Colour = ["#e4e6e9", "#32363d"];

/** Colours of series, the strongest first. */
const SERIES: readonly Colour[] = [
  ["#0072b2", "#3d9ad6"],
  ["#d55e00", "#e8702a"],
  ["#009e73", "#1fb98c"],
  ["#cc79a7", "#d98fb8"],
  ["#e69f00", "#f0ad1a"],
  ["#56b4e9", "#8accf2"],
  ["#3a3f45", "#c9ced4"],
  ["#a89a00", "#f0e442"],
];
const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "triangle-down",
  "cross",
  "triangle-right",
  "triangle-left",
];
const DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]];

/** Colours of the kinds of memory, each in four shades of density. */
const KINDS: Readonly<Record<string, Colour>> = {
  live: ["#0b5d94", "#4aa8e6"],
  cached: ["#d98500", "#f0ad1a"],
  meta: ["#a23b72", "#d98fb8"],
  foreign: ["#6b7178", "#8b929b"],
  free: ["#dce0e5", "#343a43"],
};
const SHADES = 4;

/** The colour of `kind` where it is `share` of a cell: its density in quarters. */
export function kindColour(kind: string, share: number): string {
  return shade(kind, share)[0];
}

/** Kinds of memory that a figure can show. */
export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

function shade(kind: string, share: number): Colour {
  if (kind === "free") return KINDS.free!;
  const mix = (i: 0 | 1) =>
    blend(KINDS.free![i], KINDS[kind]![i], 0.25 + 0.75 * share);
  return [mix(0), mix(1)];
}

/** `share` of the way from one colour to another. */
function blend(from: string, to: string, share: number): string {
  const part = (text: string, i: number) => parseInt(text.slice(i, i + 2), 16);
  return "#" +
    [1, 3, 5].map((i) =>
      Math.round(part(from, i) + share * (part(to, i) - part(from, i)))
        .toString(16).padStart(2, "0")
    ).join("");
}

/** How the series of a figure look, in the order of their names. */
export interface Looks {
  colours: string[];
  shapes: string[];
  dashes: number[][];
}

/** Allocators whose colour is the same in every figure that has room for it. */
const HOME = [
  "first_fit",
  "buddy",
  "best_fit",
  "next_fit",
  "kingsley",
  "tlsf",
  "worst_fit",
  "glibc",
];

/** A look for every one of `names`; they differ as long as there are 32 or fewer. */
export function looksOf(names: readonly string[]): Looks {
  const taken = new Set<number>();
  const places = names.map((name) => {
    const home = HOME.indexOf(name.split(/[: ]/, 1)[0]!);
    const place = home >= 0 && !taken.has(home) ? home : -1;
    if (place >= 0) taken.add(place);
    return place;
  });
  let next = 0;
  const all = places.map((place) => {
    if (place >= 0) return place;
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  });
  return {
    colours: all.map((i) => SERIES[i % SERIES.length]![0]),
    shapes: all.map((i) => SHAPES[i % SHAPES.length]!),
    dashes: all.map((_, place) => DASHES[place % DASHES.length]!),
  };
}

/** The style sheet that turns a figure dark. */
export const DARK: string = `@media (prefers-color-scheme: dark){${
  [
    PAPER,
    INK,
    FAINT,
    GRID,
    ...SERIES,
    ...KIND_NAMES.flatMap((kind) =>
      Array.from({ length: SHADES }, (_, i) => shade(kind, (i + 1) / SHADES))
    ),
  ].filter(([light], i, all) =>
    all.findIndex(([other]) => other === light) === i
  ).map(([light, dark]) =>
    `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`
  ).join("")
}}`;

/** Letters of all figures. */
export const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** The configuration of Vega-Lite. */
export const CONFIG = {
  aria: false,
  background: PAPER[0],
  font: FONT,
  padding: 12,
  title: {
    anchor: "start" as const,
    frame: "bounds" as const,
    color: INK[0],
    fontSize: 15,
    fontWeight: 600,
    lineHeight: 19,
    subtitleColor: FAINT[0],
    subtitleFontSize: 11.5,
    subtitleLineHeight: 15,
    subtitlePadding: 5,
    offset: 12,
  },
  axis: {
    domainColor: FAINT[0],
    tickColor: FAINT[0],
    gridColor: GRID[0],
    labelColor: INK[0],
    titleColor: INK[0],
    labelFontSize: 11.5,
    titleFontSize: 11.5,
    titleFontWeight: 400 as const,
    titlePadding: 8,
    labelLimit: 260,
    titleLimit: 700,
  },
  header: {
    labelColor: INK[0],
    titleColor: INK[0],
    labelFontSize: 12,
    labelFontWeight: 600 as const,
    labelAnchor: "start" as const,
    labelLimit: 220,
  },
  legend: {
    labelColor: INK[0],
    titleColor: INK[0],
    labelFontSize: 11.5,
    titleFontSize: 11.5,
    titleFontWeight: 400 as const,
    labelLimit: 260,
    symbolStrokeWidth: 2,
  },
  view: { stroke: null },
  facet: { spacing: 24 },
};
