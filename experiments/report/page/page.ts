/**
 * The page that shows a folder of results: questions, claims, figures and
 * links to the files. It needs no network and runs no script.
 *
 * @module
 */
import type { VerdictKind } from "../../experiment/experiment.ts";
import { verdictLabel } from "../../experiment/verdict.ts";
import type { Row } from "../../measures/columns.ts";
import { FAINT, GRID, INK, PAPER } from "../figure/colours.ts";
import { escaped } from "../figure/svg.ts";

/** A figure on the page. */
export interface Shown {
  /** Paths of the SVG for a wide and for a narrow screen. */
  path: string;
  narrow: string;
  /** What it shows, for those who do not see it. */
  title: string;
}

/** What a folder holds about one experiment. */
export interface Section {
  /** Name of the experiment. */
  name: string;
  /** What it asks. */
  question: string;
  /** What it was run with: scale and seeds. */
  run: string;
  /** Names of its files. */
  files: readonly string[];
  /** Its rows of `claims.csv`. */
  claims: readonly Row[];
  /** Its figures. */
  figures: readonly Shown[];
}

/** Screens up to this width get the narrow figures. */
const NARROW = "40rem";

/** The text of `index.html`. */
export function pageOf(
  sections: readonly Section[],
  files: readonly string[],
  version: string,
): string {
  const claims = sections.flatMap(({ claims }) => claims);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Fraglab: results</title>
<style>
${STYLE}</style>
</head>
<body>
<header>
<h1>Where did my memory go?</h1>
<p>${tally(sections.length, claims)} Fraglab ${escaped(version)}.
Files: ${links(files)}.</p>
<nav><ul>
${sections.map(entry).join("\n")}
</ul></nav>
</header>
<main>
${sections.map(section).join("\n")}
</main>
</body>
</html>
`;
}

/** How many there are, and how the claims fared. */
function tally(experiments: number, claims: readonly Row[]): string {
  const parts = VERDICTS.flatMap(([label, one, many]) => {
    const count = claims.filter((claim) => labelOf(claim) === label).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return `${experiments} experiments, ${claims.length} claims` +
    (parts.length > 0 ? `: ${parts.join(", ")}.` : ".");
}

/** Verdicts as one claim or many of them have it. */
const VERDICTS = [
  ["holds", "holds", "hold"],
  ["holds only if", "holds on a condition", "hold on a condition"],
  ["refuted as expected", "is refuted as expected", "are refuted as expected"],
  ["regression", "is a regression", "are regressions"],
  ["not measured", "was not measured", "were not measured"],
];

/** The verdict of a claim as people read it. */
function labelOf({ verdict, as_expected }: Row): string {
  return verdictLabel(
    verdict as VerdictKind,
    as_expected === "" ? undefined : as_expected === "yes",
  );
}

function entry({ name, question }: Section): string {
  return `<li><a href="#${name}">${escaped(question)}</a></li>`;
}

function section({ name, question, run, files, claims, figures }: Section) {
  return `<section id="${name}">
<h2>${escaped(question)}</h2>
<p class="about"><code>deno task run experiments ${name}</code>
${escaped(run)}. Files: ${links(files)}.</p>
${claims.length > 0 ? claimsTable(claims) : ""}${
    figures.map(({ path, narrow, title }) =>
      `<p class="figure"><a href="${path}"><picture>` +
      `<source media="(max-width:${NARROW})" srcset="${narrow}">` +
      `<img src="${path}" alt="${escaped(title)}"></picture></a></p>`
    ).join("\n")
  }
</section>`;
}

function claimsTable(claims: readonly Row[]): string {
  const rows = claims.map((claim) => {
    const { id, statement, source, condition, expected, tolerance, measured } =
      claim;
    const label = labelOf(claim);
    const range = Number(tolerance) > 0 ? ` ± ${tolerance}` : "";
    const mark = label.replaceAll(" ", "-");
    return `<tr><td class="${mark}">${label}</td>
<td>${escaped(`${statement}`)}${
      condition && ` <em>Only if ${escaped(`${condition}`)}.</em>`
    }<br><small><code>${id}</code>, ${escaped(`${source}`)}</small></td>
<td class="number">${escaped(shortNumber(`${measured}`))}</td>
<td>${escaped(shortNumber(`${expected}`) + range)}</td></tr>`;
  });
  return `<table>
<tr><th>verdict</th><th>claim</th><th class="number">measured</th><th>expected</th></tr>
${rows.join("\n")}
</table>
`;
}

/** Five digits of a number; other text as it is. */
function shortNumber(text: string): string {
  const number = Number(text);
  return text === "" || Number.isNaN(number) || Number.isInteger(number)
    ? text
    : String(Number(number.toPrecision(5)));
}

function links(files: readonly string[]): string {
  return files.map((file) => `<a href="${file}">${file}</a>`).join(", ");
}

const colours = (i: 0 | 1) =>
  `--paper:${PAPER[i]};--ink:${INK[i]};--faint:${FAINT[i]};--line:${GRID[i]};` +
  `--desk:${["#f3f4f6", "#0d0e11"][i]};--link:${["#0a5ca8", "#6cb6ff"][i]};` +
  `--good:${["#116b3a", "#4cc38a"][i]};--bad:${["#b3261e", "#ff8a7a"][i]};` +
  `--maybe:${["#8a5a00", "#f0ad1a"][i]};`;

const STYLE = `:root{${colours(0)}}
@media (prefers-color-scheme:dark){:root{${colours(1)}}}
body{margin:0;background:var(--desk);color:var(--ink);
font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,section{max-width:60rem;margin:1.5rem auto;padding:.5rem 1.5rem 1rem;
background:var(--paper);border:1px solid var(--line);border-radius:6px;
box-sizing:border-box}
h1{font-size:1.6rem;margin:.5rem 0}
h2{font-size:1.25rem;margin:.5rem 0}
a{color:var(--link)}
nav ul{columns:24rem;padding-left:1.2rem;margin:.5rem 0}
.about,small{color:var(--faint);font-size:.85rem}
code{font-size:.9em}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:1rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;
border-bottom:1px solid var(--line)}
th{color:var(--faint);font-weight:400}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
td:first-child{white-space:nowrap;font-weight:600}
.holds,.refuted-as-expected{color:var(--good)}
.regression{color:var(--bad)}
.holds-only-if,.not-measured{color:var(--maybe)}
img{display:block;max-width:100%;height:auto;margin:auto}
@media (max-width:${NARROW}){header,section{padding:.5rem .75rem;margin:.75rem auto}
th,td{padding:.35rem .3rem}}
`;
