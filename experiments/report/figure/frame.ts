/**
 * What stands around the shapes of a panel: grid, labels, what happened when,
 * the line to compare with.
 *
 * @module
 */
import type { Chart, Mark, Panel } from "../marks/mark.ts";
import { FAINT, GRID, INK } from "./colours.ts";
import {
  isMeasured,
  type Layout,
  MARGIN,
  MOMENTS,
  type Place,
  rowOf,
} from "./layout.ts";
import { element, lineHeight, pathOf, short, widthOf, words } from "./svg.ts";

/** Pixels by which a rounded place may be off. */
const ROUNDING = 0.1;

/** Dashes of the line to compare with. */
export const DASHED = "5 4";

/** Title, grid and labels of a panel; what is written lies over the lines. */
export function frame(
  chart: Chart,
  mark: Mark,
  layout: Layout,
  { title, labels }: Place,
): string {
  const { x, y, width, height, below } = layout;
  const first = -8 - (title.length - 1) * lineHeight() -
    (chart.moments?.length ? MOMENTS : 0);
  const line = (d: string, stroke: string) =>
    element("path", { d, stroke, "shape-rendering": "crispEdges" });
  const lines: string[] = [];
  if (mark.grid !== false) {
    const across = (at: number) => `M0,${short(at)}h${width}`;
    const down = (at: number) => `M${short(at)},0v${height}`;
    for (const [scale, path] of [[y, across], [x, down]] as const) {
      if (scale.edges) continue;
      lines.push(
        ...scale.ticks.map(({ value }) => line(path(scale.at(value)), GRID[0])),
      );
    }
    lines.push(
      isMeasured(chart, "x")
        ? line(down(0), FAINT[0])
        : line(across(height), FAINT[0]),
    );
  }
  const role = "axis-label";
  const texts = x.ticks.map(({ value, text }, i) => {
    const { lines, level } = below[i] ?? { lines: [text], level: 0 };
    const half = Math.max(...lines.map((line) => widthOf(line))) / 2;
    const middle = Math.min(
      Math.max(x.at(value), half - MARGIN + ROUNDING),
      width - half + MARGIN - ROUNDING,
    );
    const foot = height + 16 + level * lineHeight();
    return words(middle, foot, lines, { anchor: "middle", role });
  });
  return [
    words(0, first, title, { bold: true }),
    ...lines,
    ...(labels.x ? texts : []),
    ...(labels.y ? rowLabels(chart, mark, layout) : []),
  ].join("");
}

/** Labels of the vertical axis: beside it, or above the rows of categories. */
function rowLabels(
  chart: Chart,
  mark: Mark,
  { y, lines, above }: Layout,
): string[] {
  const role = "axis-label";
  return y.ticks.map(({ value, text }) => {
    const label = lines.get(text) ?? [text];
    const more = (label.length - 1) * lineHeight();
    const at = y.at(value);
    if (!above) {
      return words(-7, at + 4 - more / 2, label, { anchor: "end", role });
    }
    const foot = at - rowOf(chart, mark) / 2 - 3;
    return words(0, foot - more, label, { role, over: true });
  });
}

/** Says so where a panel shows nothing, or nothing but zeros. */
export function emptiness(
  chart: Chart,
  { numbers }: Mark,
  { points, height }: Panel,
): string {
  const side = chart.y.discrete ? "x" : "y";
  const zeros = points.every(({ [side]: at, value = at }) => value === 0);
  if (!zeros || numbers && points.length > 0) return "";
  const note = points.length === 0 ? "nothing" : "all are 0";
  return words(28, Math.min(height - 6, height / 2 + 4), [note], {
    faint: true,
  });
}

/** What happened until when, above a panel, where it has room. */
export function moments(
  { moments = [] }: Chart,
  { x, height }: Layout,
): string {
  const [size, pad] = [10, 2];
  let from = 0;
  return moments.map(({ until, text }, i) => {
    const to = x.at(until);
    const middle = (from + to) / 2;
    const fits = widthOf(text, size) <= to - from + pad;
    from = to;
    const line = element("path", {
      d: `M${short(to)},${-MOMENTS + pad}V${short(height)}`,
      stroke: INK[0],
      "stroke-opacity": "0.5",
      "stroke-dasharray": "2 3",
    });
    const label = words(middle, -pad - 2, [text], {
      size,
      faint: true,
      anchor: "middle",
    });
    return (i < moments.length - 1 ? line : "") + (fits ? label : "");
  }).join("");
}

/** The line to compare with. */
export function guide({ guide }: Chart, { x, y }: Layout): string {
  if (!guide) return "";
  return element("path", {
    d: pathOf(guide.points.map(([gx, gy]) => [x.at(gx), y.at(gy)])),
    fill: "none",
    stroke: FAINT[0],
    "stroke-width": 1.3,
    "stroke-dasharray": DASHED,
  });
}
