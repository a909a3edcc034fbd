/**
 * A chart as an SVG of a given width.
 *
 * @module
 */
import type { Chart, Mark, Panel } from "../marks/mark.ts";
import { FAINT, GRID, INK } from "./colours.ts";
import {
  BOLD,
  isMeasured,
  type Layout,
  layoutOf,
  MARGIN,
  MOMENTS,
  NOTE,
  type Place,
  TITLE,
} from "./layout.ts";
import {
  element,
  LETTERS,
  lineHeight,
  pathOf,
  picture,
  short,
  widthOf,
  words,
  wrapped,
} from "./svg.ts";

/** Columns whose values say what they are. */
export const OBVIOUS = ["allocator", "phase"];
/** Width of a symbol in the legend, and between entries. */
const KEY = 22;
const ENTRY = 16;
const DASHED = "5 4";

/** A part that takes so much height. */
interface Part {
  svg: string;
  height: number;
}

/** The SVG. */
export function drawn(chart: Chart, mark: Mark, width: number): string {
  const layout = layoutOf(chart, mark, width);
  const panels = layout.places.map((place) => panelOf(chart, layout, place));
  const bare = chart.series.every((name) => !Number.isNaN(Number(name)));
  const hidden = Map.groupBy(
    panels.flatMap((panel, i) =>
      (mark.hidden?.(panel) ?? []).map((note) => ({
        note: bare ? `${chart.legend} ${note}` : note,
        i,
      }))
    ),
    ({ note }) => note,
  );
  const notes = [...hidden].map(([note, of]) =>
    of.length === panels.length
      ? note
      : `${note} (${of.map(({ i }) => chart.panels[i]).join(", ")})`
  );
  const [above, below] = axisTitles(chart);
  const room = width - 2 * MARGIN;
  const parts: Part[] = [
    text([chart.title], room, { size: TITLE, bold: true }),
    small(chart.notes, room),
    gap(6),
    legend(chart, mark, room),
    gap(6),
    text(above, room, {}),
    gap(8),
    {
      svg: layout.places.map((place, i) =>
        element(
          "g",
          { transform: `translate(${short(place.left)},${short(place.top)})` },
          frame(chart, mark, layout, place),
          mark.draw(panels[i]!),
          moments(chart, layout),
          emptiness(chart, mark, panels[i]!),
          guide(chart, layout),
        )
      ).join(""),
      height: layout.total,
    },
    gap(4),
    text(below, room - layout.places[0]!.left + MARGIN, {
      left: layout.places[0]!.left - MARGIN,
    }),
    gap(4),
    small(notes, room),
  ];
  let y = MARGIN;
  const content = parts.map(({ svg, height }) => {
    const at = y;
    y += height;
    return svg === ""
      ? ""
      : element("g", { transform: `translate(0,${short(at)})` }, svg);
  });
  return picture(
    {
      width,
      height: y + MARGIN,
      label: [chart.title, [...chart.notes, ...notes].join("; ")].join(" "),
    },
    (mark.patterns?.(chart) ?? "") + content.join(""),
  );
}

function gap(height: number): Part {
  return { svg: "", height };
}

/** Notes in one paragraph. */
function small(notes: readonly string[], room: number): Part {
  const paragraphs = notes.length > 0 ? [notes.join("; ")] : [];
  return text(paragraphs, room, { size: NOTE, faint: true });
}

/** Paragraphs, one below the other. */
function text(
  paragraphs: readonly string[],
  room: number,
  { left = 0, size = LETTERS, bold = false, faint = false },
): Part {
  const lines = paragraphs.flatMap((paragraph) =>
    wrapped(paragraph, room, bold ? size * BOLD : size)
  );
  return {
    svg: words(MARGIN + left, size, lines, { size, bold, faint }),
    height: lines.length * lineHeight(size) + (lines.length > 0 ? 3 : 0),
  };
}

/** Titles of the axes: the vertical one's above the panels, the other's below. */
function axisTitles({ x, y }: Chart): [above: string[], below: string[]] {
  const titles = ({ name, title }: Chart["x"]) =>
    OBVIOUS.includes(name) ? [] : [title];
  return [titles(y), titles(x)];
}

/** What the colours mean, as many side by side as there is room for. */
function legend(chart: Chart, mark: Mark, room: number): Part {
  const { series, looks, guide } = chart;
  const entries = series.length > 1
    ? series.map((name) => ({ name, key: mark.key(looks.get(name)!) }))
    : [];
  if (guide) {
    const line = { d: "M0,0h18", stroke: FAINT[0], "stroke-dasharray": DASHED };
    entries.push({ name: guide.label, key: element("path", line) });
  }
  const label = chart.legend !== null && series.length > 1
    ? `${chart.legend}:`
    : "";
  let x = label === "" ? 0 : widthOf(label) + ENTRY / 2;
  let y = lineHeight();
  const parts = entries.map(({ name, key }) => {
    const lines = wrapped(name, room - KEY);
    const width = KEY + Math.max(...lines.map((line) => widthOf(line)));
    if (x > 0 && x + width > room) {
      x = 0;
      y += lineHeight() + 3;
    }
    const at = element(
      "g",
      { class: "key", transform: `translate(${short(MARGIN + x)},${y - 4})` },
      key,
    ) + words(MARGIN + x + KEY, y, lines, { role: "legend-label" });
    x += width + ENTRY;
    y += (lines.length - 1) * lineHeight();
    return at;
  });
  if (parts.length === 0) return gap(0);
  return {
    svg: (label === "" ? "" : words(MARGIN, lineHeight(), [label], {
      faint: true,
    })) + parts.join(""),
    height: y + 4,
  };
}

/** The panel at `place`, for its mark. */
function panelOf(chart: Chart, layout: Layout, place: Place): Panel {
  return {
    x: layout.x,
    y: layout.y,
    points: chart.points.filter(({ panel }) => panel === place.panel),
    series: chart.series,
    looks: chart.looks,
    width: layout.width,
    height: layout.height,
  };
}

/** Title, grid and labels of a panel. */
function frame(
  chart: Chart,
  mark: Mark,
  layout: Layout,
  { title, labels }: Place,
): string {
  const { x, y, width, height, lines, above, below } = layout;
  const first = -8 - (title.length - 1) * lineHeight() -
    (chart.moments?.length ? MOMENTS : 0);
  const parts = [words(0, first, title, { bold: true })];
  const line = (d: string, stroke: string) =>
    element("path", { d, stroke, "shape-rendering": "crispEdges" });
  for (const { value, text } of y.ticks) {
    const at = y.at(value);
    if (chart.y.discrete) {
      const label = lines.get(text)!;
      const first = at - (label.length - 1) * lineHeight() / 2;
      parts.push(
        above
          ? words(
            0,
            at - (mark.row?.(chart.series.length) ?? 20) / 2 -
              (label.length - 1) * lineHeight() - 3,
            label,
            { role: "axis-label", over: true },
          )
          : labels.y
          ? words(-7, first + 4, label, { anchor: "end", role: "axis-label" })
          : "",
      );
    } else {
      if (mark.grid !== false) {
        parts.push(line(`M0,${short(at)}h${width}`, GRID[0]));
      }
      if (labels.y) {
        parts.push(
          words(-7, at + 4, [text], { anchor: "end", role: "axis-label" }),
        );
      }
    }
  }
  for (const [i, { value, text }] of x.ticks.entries()) {
    const at = x.at(value);
    if (!chart.x.discrete && mark.grid !== false) {
      parts.push(line(`M${short(at)},0v${height}`, GRID[0]));
    }
    if (!labels.x) continue;
    const { lines: label, level } = below[i] ?? { lines: [text], level: 0 };
    const half = Math.max(...label.map((line) => widthOf(line))) / 2;
    const middle = Math.min(Math.max(at, half - MARGIN), width - half + MARGIN);
    const foot = height + 16 + level * lineHeight();
    parts.push(words(middle, foot, label, {
      anchor: "middle",
      role: "axis-label",
    }));
  }
  const base = mark.grid === false
    ? ""
    : isMeasured(chart, "x")
    ? line(`M0,0v${height}`, FAINT[0])
    : line(`M0,${height}h${width}`, FAINT[0]);
  return parts.join("") + base;
}

/** Says so where a panel shows nothing, or nothing but zeros. */
function emptiness(
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
function moments({ moments = [] }: Chart, { x, height }: Layout): string {
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
function guide({ guide }: Chart, { x, y }: Layout): string {
  if (!guide) return "";
  return element("path", {
    d: pathOf(guide.points.map(([gx, gy]) => [x.at(gx), y.at(gy)])),
    fill: "none",
    stroke: FAINT[0],
    "stroke-width": 1.3,
    "stroke-dasharray": DASHED,
  });
}
