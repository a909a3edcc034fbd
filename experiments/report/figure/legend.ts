/**
 * What the colours of a figure mean.
 *
 * @module
 */
import type { Chart, Mark } from "../marks/mark.ts";
import { FAINT } from "./colours.ts";
import { MARGIN } from "./layout.ts";
import { gap, type Part } from "./part.ts";
import { DASHED } from "./frame.ts";
import { element, lineHeight, short, widthOf, words, wrapped } from "./svg.ts";

/** Width of a symbol, and between entries, pixels. */
const KEY = 22;
const ENTRY = 16;

/** Entries with their symbols, as many side by side as there is room for. */
export function legend(chart: Chart, mark: Mark, room: number): Part {
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
