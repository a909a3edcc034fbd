/**
 * Colours, shapes and letters of all figures, in light and dark.
 *
 * A figure is drawn in the light colours; a style sheet inside it replaces
 * them one by one where the reader prefers dark, so programs that know no
 * style sheets show the light one. The first hues are after M. Okabe and K.
 * Ito, Color Universal Design (2008), which the colour-blind can tell apart,
 * and dark enough for a thin line; on top of that, series differ in shape and
 * dash.
 *
 * @module
 */

/** A colour on light and on dark paper. */
export type Colour = readonly [light: string, dark: string];

/** The paper, what is written on it, and lines that stay in the background. */
export const PAPER: Colour = ["#ffffff", "#16181d"];
/** Titles and labels. */
export const INK: Colour = ["#1f2328", "#e6e8eb"];
/** Notes, ticks and guides. */
export const FAINT: Colour = ["#5b6168", "#a5acb5"];
/** The grid. */
export const GRID: Colour = ["#e4e6e9", "#32363d"];

/** Colours of series, the strongest first. */
const SERIES: Colour[] = [
  ["#0072b2", "#3d9ad6"],
  ["#d55e00", "#e8702a"],
  ["#009e73", "#1fb98c"],
  ["#c2629b", "#e295c0"],
  ["#c98a00", "#f0ad1a"],
  ["#2aa7d6", "#8accf2"],
  ["#3a3f45", "#c9ced4"],
  ["#8f8500", "#f0e442"],
  ["#6a3d9a", "#b592e6"],
  ["#8c4a2f", "#c99a7c"],
  ["#b3123a", "#ff7d92"],
  ["#5c8f1a", "#a6d860"],
];

/** The colour of the `i`th series; no two have the same. */
function seriesColour(i: number): Colour {
  while (SERIES.length <= i) {
    const n = SERIES.length;
    const hue = n * 137.508 % 360; // the golden angle spreads them
    const step = n % 3;
    const colour: Colour = [
      hex(hue, 0.55, 0.3 + 0.08 * step),
      hex(hue, 0.6, 0.62 + 0.08 * step),
    ];
    if (!SERIES.some(([light]) => light === colour[0])) SERIES.push(colour);
    else SERIES.push([hex(hue + n, 0.5, 0.4), hex(hue + n, 0.5, 0.7)]);
  }
  return SERIES[i]!;
}

/** A colour by its hue in degrees, saturation and lightness. */
function hex(hue: number, saturation: number, lightness: number): string {
  const most = saturation * Math.min(lightness, 1 - lightness);
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - most * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

/** Colours of the kinds of memory. */
const KINDS: Readonly<Record<string, Colour>> = {
  live: ["#0b5d94", "#4aa8e6"],
  cached: ["#d98500", "#f0ad1a"],
  meta: ["#a23b72", "#d98fb8"],
  foreign: ["#6b7178", "#8b929b"],
  free: ["#dce0e5", "#343a43"],
};

/** Kinds of memory that a figure can show. */
export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** Shares that are told apart: a cell is at least so full, in quarters. */
const SHARES = [0.25, 0.5, 0.75, 1];

/** The colour of `kind` where it is `share`, in quarters, of what lies there. */
export function kindColour(kind: string, share: number): Colour {
  const [free, full] = [KINDS.free!, KINDS[kind]!];
  if (kind === "free") return free;
  const mix = (i: 0 | 1) => blend(free[i], full[i], 0.25 + 0.75 * share);
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

/** The style sheet that turns the colours in `content` dark. */
export function darkSheet(content: string): string {
  const dark = new Map([
    ...SERIES,
    ...KIND_NAMES.flatMap((kind) => SHARES.map((s) => kindColour(kind, s))),
    PAPER,
    INK,
    FAINT,
    GRID,
  ]);
  const used = new Set(content.match(/#[0-9a-f]{6}(?=")/g)).add(PAPER[0]);
  const rules = [...used].sort().map((light) => {
    const to = dark.get(light);
    if (to === undefined) throw new Error(`${light} has no dark colour`);
    return `[fill="${light}"]{fill:${to}}[stroke="${light}"]{stroke:${to}}`;
  });
  return `@media(prefers-color-scheme:dark){${rules.join("")}}`;
}

/** How a series looks. */
export interface Look {
  /** Fill or stroke. */
  colour: string;
  /** Number of its shape, for points. */
  shape: number;
  /** Dashes of its line, pixels; empty: solid. */
  dash: readonly number[];
}

const DASHES = [[], [7, 3], [2, 2.5], [9, 3, 2, 3], [4, 4], [12, 4]];

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
  "pool",
  "kmalloc",
  "linux_buddy",
  "lazy_buddy",
];

/** A look for every one of `names`, in their order. */
export function looksOf(names: readonly string[]): Look[] {
  const taken = new Set<number>();
  const homes = names.map((name) => {
    const home = HOME.indexOf(name.split(/[: ]/, 1)[0]!);
    if (home < 0 || taken.has(home)) return undefined;
    taken.add(home);
    return home;
  });
  let next = 0;
  return homes.map((home, place) => {
    while (home === undefined && taken.has(next)) next++;
    const i = home ?? next;
    taken.add(i);
    return {
      colour: seriesColour(i)[0],
      shape: i,
      dash: DASHES[place % DASHES.length]!,
    };
  });
}

/** Letters of all figures. */
export const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
