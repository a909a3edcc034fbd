/**
 * The answer as a page of its own: no script, no network, light and dark.
 *
 * @module
 */
import { drawn } from "../report/figure/draw.ts";
import { kindColour, looksOf } from "../report/figure/colours.ts";
import { line } from "../report/marks/line.ts";
import type { Chart } from "../report/marks/mark.ts";
import { escaped, page } from "../report/page/html.ts";
import { COLUMN } from "../report/page/style.ts";
import { bytesText } from "../measures/text_table.ts";
import type { Holder } from "./holders.ts";
import type { Entry } from "./ledger.ts";
import { framesOf } from "./sites.ts";
import type { Why } from "./why.ts";
import {
  growthWords,
  headline,
  holderWords,
  ledgerRows,
  number,
  othersWords,
  ownerWords,
  pieceRows,
  piecesTitle,
  refusedWords,
  summary,
  total,
  tryTable,
} from "./words.ts";

/** Pixels. */
const WIDTH = 840;
const BAR = 26;
/** Points of a curve, at most. */
const POINTS = 400;
const MIB = 2 ** 20;
/** Marks that have room above the figure. */
const MOMENTS = 8;

const OWN = `.verdict{font-size:1.15rem}
.bar{display:flex;height:${BAR}px;border-radius:4px;overflow:hidden;margin:1rem 0}
.bar span{min-width:1px}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:2px;margin-right:.5em}
.wide code{user-select:all}
li p{margin:.15rem 0}
.stack{color:var(--faint);font-size:.85rem}
`;

/** The text of the page. */
export function pageOf(why: Why): string {
  const { trace, growth, holders: { named, others, owners } } = why;
  const { rows: [head, ...rows], same } = tryTable(why);
  const title = `${trace}: where is the memory?`;
  const [verdict, ...course] = growthWords(growth);
  return page({
    title,
    style: COLUMN + OWN,
    body: `<main>
<header>
<h1>${escaped(title)}</h1>
<p class="about">${escaped(headline(why))}. Payload touched: ${why.touch}.</p>
${summary(why).map((text) => `<p>${escaped(text)}</p>`).join("\n")}
</header>
<section>
<h3>Where it is</h3>
${bar(ledgerRows(why))}
${
      table(
        ["what", "", "bytes", "meaning"],
        [...ledgerRows(why), total(why)].map((entry) => [
          `${dot(entry)}${escaped(entry.name)}`,
          bytesText(entry.bytes),
          number(entry.bytes),
          escaped(entry.meaning),
        ]),
        [1, 2],
      )
    }
${pieces(why)}
</section>
<section>
<h3>Who keeps what nobody uses</h3>
${
      named.length === 0
        ? "<p>Nobody: all of it is in use.</p>"
        : `<ol>\n${named.map(holderItem).join("\n")}\n</ol>`
    }
${others.groups > 0 ? `<p>${escaped(othersWords([], others))}.</p>` : ""}
${
      why.sited
        ? ""
        : '<p class="about">The trace names no sites: blocks are grouped by size.</p>'
    }
</section>
<section>
<h3>Who holds what is in use</h3>
<ul>
${owners.map((owner) => `<li>${escaped(ownerWords(owner))}</li>`).join("\n")}
</ul>
</section>
<section>
<h3>How it came about</h3>
<p class="verdict">${escaped(verdict!)}</p>
${course.map((text) => `<p>${escaped(text)}</p>`).join("\n")}
<figure>
${curves(why)}</figure>
</section>
<section>
<h3>What would change it</h3>
<p class="about">Resident bytes of the whole trace, replayed: then, at most, on average, at the end. The best first.</p>
<div class="wide">
${
      table(
        head!.slice(0, -1),
        rows.map(([name, ...row]) => [
          escaped(name!) +
          (row.at(-1) === "" ? "" : `<br><code>${escaped(row.at(-1)!)}</code>`),
          ...row.slice(0, -1).map(escaped),
        ]),
        [1, 2, 3, 4, 5, 6],
      )
    }
</div>
${
      same.length > 0
        ? `<p>No difference of 1 % anywhere: ${escaped(same.join(", "))}.</p>`
        : ""
    }
${why.refused.map((one) => `<p>${escaped(refusedWords(one))}.</p>`).join("")}
</section>
</main>`,
  });
}

/** What a group of blocks keeps; the whole stack of the largest. */
function holderItem(holder: Holder): string {
  const [first, ...rest] = holderWords(holder);
  const site = holder.pin?.site ?? "";
  const lines = rest.filter((text) => !text.startsWith("from "))
    .map((text) => `<p>${escaped(text)}.</p>`);
  const stack = site === ""
    ? ""
    : `<p class="stack">${framesOf(site).map(escaped).join("<br>")}</p>`;
  return `<li><p><b>${escaped(first!)}</b></p>${lines.join("")}${stack}</li>`;
}

/** The slabs, groups or extents, to be opened; nothing if there are none. */
function pieces(why: Why): string {
  if (why.pieces.length === 0) return "";
  const head = ["class", "number", "slots in use", "resident"];
  const rows = pieceRows(why).map((row) => row.map(escaped));
  return `<details><summary>Its ${escaped(piecesTitle(why))}</summary>
${table(head, rows, [1, 2, 3])}
</details>`;
}

/** A table; the columns `right` hold numbers. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const kind = (i: number) => right.includes(i) ? ' class="number"' : "";
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => `<td${kind(i)}>${cell}</td>`).join("");
  return `<table>
<thead><tr>${
    head.map((name, i) => `<th scope="col"${kind(i)}>${escaped(name)}</th>`)
      .join("")
  }</tr></thead>
<tbody>
${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}
</tbody>
</table>`;
}

/** The kind of memory that an entry is, for its colour. */
function kindOf({ name }: Entry): string {
  if (name.startsWith("live") || name === "rounding") return "live";
  if (name.startsWith("cached")) return "cached";
  if (name === "headers" || name === "page tails") return "meta";
  return name === "others'" ? "foreign" : "free";
}

function colourOf(entry: Entry): string {
  const share = ["rounding", "page tails"].includes(entry.name) ? 0.4 : 1;
  const [light, dark] = kindColour(kindOf(entry), share);
  return `light-dark(${light},${dark})`;
}

function dot(entry: Entry): string {
  return entry.name === "resident"
    ? ""
    : `<span class="dot" style="background:${colourOf(entry)}"></span>`;
}

/** The ledger as one bar. */
function bar(entries: readonly Entry[]): string {
  const parts = entries.map((entry) =>
    `<span style="flex:${entry.bytes};background:${colourOf(entry)}" title="${
      escaped(`${entry.name}: ${bytesText(entry.bytes)}`)
    }"></span>`
  );
  return `<div class="bar" role="img" aria-label="Shares of resident memory">${
    parts.join("")
  }</div>`;
}

/** Live and resident bytes over the operations, and the best that was tried. */
function curves(why: Why): string {
  const { stops, curve, tried: [best], instant } = why;
  const named: [string, Float64Array][] = [
    ["resident", curve.resident],
    ["live, as asked for", curve.live],
    ...(best ? [[`resident, ${best.name}`, best.curve.resident]] as const : []),
  ] as [string, Float64Array][];
  const names = named.map(([name]) => name);
  const step = Math.ceil(stops.length / POINTS);
  const now = stops.indexOf(instant.op);
  const at = stops.map((_, i) => i).filter((i) =>
    i % step === 0 || i === now || i === stops.length - 1
  );
  const axis = (name: string, title: string) => ({
    name,
    title,
    discrete: false,
    log: false,
    factor: 1,
  });
  const chart: Chart = {
    title: "Live and resident memory",
    notes: [],
    x: axis("op", "Operations"),
    y: axis("bytes", "MiB"),
    points: named.flatMap(([series, values]) =>
      at.map((i) => ({ x: stops[i]!, y: values[i]! / MIB, series, panel: "" }))
    ),
    series: names,
    looks: new Map(looksOf(names).map((look, i) => [names[i]!, look])),
    legend: null,
    panels: [""],
    moments: why.marks.length > 0 && why.marks.length <= MOMENTS
      ? why.marks.map(({ name, op }) => ({ until: op, text: name }))
      : [],
  };
  return drawn(chart, line, WIDTH);
}
