/**
 * Allocators side by side as a page of its own: no script, no network, light
 * and dark.
 *
 * @module
 */
import { drawn } from "../report/figure/draw.ts";
import { looksOf } from "../report/figure/colours.ts";
import { line } from "../report/marks/line.ts";
import type { Chart } from "../report/marks/mark.ts";
import { escaped, page } from "../report/page/html.ts";
import { COLUMN } from "../report/page/style.ts";
import { labelOf, type Measured } from "./measure.ts";
import { tableRows } from "./table.ts";

const WIDTH = 840;
/** Points of a curve, at most. */
const POINTS = 400;
const MIB = 2 ** 20;
const LIVE = "live, as asked for";

/** The page on the requests `trace`; `remarks` tell how it was measured. */
export function pageOf(
  trace: string,
  all: readonly Measured[],
  remarks: readonly string[],
): string {
  const [head, ...rows] = tableRows(all);
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell, i) =>
      `<${tag}${i < 2 ? "" : ' class="number"'}>${escaped(cell)}</${tag}>`
    ).join("");
  const title = `${trace} under real allocators`;
  return page({
    title,
    style: COLUMN,
    body: `<main>
<h1>${escaped(title)}</h1>
<div class="wide">
<table>
<thead><tr>${cells(head!, "th")}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("\n")}
</tbody>
</table>
</div>
${remarks.map((text) => `<p class="about">${escaped(text)}</p>`).join("\n")}
<figure>
${drawn(chartOf(all), line, WIDTH)}</figure>
</main>`,
  });
}

/** Resident bytes of all over the operations, and what is live. */
function chartOf(all: readonly Measured[]): Chart {
  const series = [LIVE, ...all.map(labelOf)];
  const axis = (name: string, title: string) => ({
    name,
    title,
    discrete: false,
    log: false,
    factor: 1,
  });
  const points = (name: string, of: "live" | "resident", one: Measured) => {
    const step = Math.ceil(one.curve.length / POINTS);
    return one.curve
      .filter((_, i) => i % step === 0 || i === one.curve.length - 1)
      .map((instant) => ({
        x: instant.op,
        y: instant[of] / MIB,
        series: name,
        panel: "",
      }));
  };
  return {
    title: "Resident memory since before the first operation",
    notes: [],
    x: axis("op", "Operations"),
    y: axis("bytes", "MiB"),
    points: [
      ...points(LIVE, "live", all[0]!),
      ...all.flatMap((one) => points(labelOf(one), "resident", one)),
    ],
    series,
    looks: new Map(looksOf(series).map((look, i) => [series[i]!, look])),
    legend: null,
    panels: [""],
  };
}
