/**
 * Lines, with a band where several seeds leave an interval.
 *
 * Lines that coincide are drawn in turns, a stretch of each.
 *
 * @module
 */
import type { Look } from "../figure/colours.ts";
import { chartOf } from "../figure/points.ts";
import { element, pathOf } from "../figure/svg.ts";
import { thinned } from "../figure/thinned.ts";
import { coincident, type Line } from "../figure/coincident.ts";
import type { Mark, Panel, Point } from "./mark.ts";

/** Lines of so few points show them. */
const FEW = 24;
/** Pixels of a line before the next that coincides has its turn. */
const TURN = 8;
const WIDTH = 1.8;

/** The mark. */
export const line: Mark = {
  name: "line",
  zero: { x: false, y: true },
  tight: { x: true, y: false },
  chart(definitions, figure, table) {
    const chart = chartOf(definitions, figure, table, { lines: true });
    return chart && { ...chart, points: thinned(chart.points) };
  },
  draw(panel) {
    const lines = linesOf(panel);
    const groups = coincident(lines).filter(({ whole }) => whole);
    const few = panel.points.length <= FEW * lines.length;
    return lines.map(({ name, points }) => {
      const look = panel.looks.get(name)!;
      const group = groups.find(({ names }) => names.includes(name))?.names;
      const turns = group && {
        "stroke-dasharray": `${TURN} ${TURN * (group.length - 1)}`,
        "stroke-dashoffset": -TURN * group.indexOf(name),
      };
      const dots = few
        ? points.map(([x, y]) =>
          element("circle", { cx: x, cy: y, r: 2.6, fill: look.colour })
        )
        : [];
      return element(
        "g",
        { class: "mark" },
        band(panel, name, look),
        element("path", {
          d: pathOf(points),
          ...stroke(look),
          ...turns,
        }),
        ...dots,
      );
    }).join("");
  },
  key: (look) => element("path", { d: "M0,0h18", ...stroke(look) }),
  hidden: (panel) =>
    coincident(linesOf(panel)).map(({ names, whole }) =>
      `${names.slice(0, -1).join(", ")} and ${names.at(-1)} ` +
      (whole ? "coincide" : "nearly coincide")
    ),
};

function linesOf({ points, series, x, y }: Panel): Line[] {
  const own = Map.groupBy(points, ({ series }) => series);
  return series.filter((name) => own.has(name)).map((name) => ({
    name,
    points: own.get(name)!.map((point) => [x.at(point.x), y.at(point.y)]),
  }));
}

function stroke({ colour, dash }: Look) {
  return {
    fill: "none",
    stroke: colour,
    "stroke-width": WIDTH,
    "stroke-linejoin": "round",
    "stroke-dasharray": dash.length > 0 ? dash.join(" ") : undefined,
  };
}

/** The interval around a line. */
function band({ points, x, y }: Panel, name: string, look: Look): string {
  const own = points.filter(({ series }) => series === name);
  if (!own.some(({ interval }) => interval)) return "";
  const edge = (point: Point, i: 0 | 1): [number, number] => {
    const at = y.at(point.interval?.[i] ?? point.y);
    return [x.at(point.x), Number.isFinite(at) ? at : y.at(point.y)];
  };
  return element("path", {
    d: pathOf([
      ...own.map((point) => edge(point, 1)),
      ...own.toReversed().map((point) => edge(point, 0)),
    ]) + "Z",
    fill: look.colour,
    "fill-opacity": "0.18",
  });
}
