/**
 * The page that shows a folder of results: questions, claims, figures and
 * links to the files. It needs no network, and no script to be read.
 *
 * @module
 */
import { plural } from "../../traces/plural.ts";
import {
  chip,
  claimsTable,
  expectation,
  placeOf,
  shortNumber,
  statement,
  tally,
  verdictOptions,
  verdictsList,
} from "./claims.ts";
import type { Content, Part, Section, Shown, Term } from "./content.ts";
import { anchorOf, escaped, hrefOf, links, page } from "./html.ts";
import { labLinks } from "./lab_links.ts";
import { SCRIPT } from "./script.ts";
import { NARROW } from "./style.ts";

/** Files that a term is in are named up to this many. */
const FEW = 2;

/** The text of `index.html`. */
export function pageOf(content: Content): string {
  const { parts, files, version, terms } = content;
  const sections = parts.flatMap(({ sections }) => sections);
  const claims = sections.flatMap(({ claims }) => claims);
  return page({
    title: "Fraglab: results",
    body: `<header>
<h1>Where did my memory go?</h1>
<p>${sections.length} ${sections.length === 1 ? "experiment" : "experiments"}${
      claims.length > 0 ? `, ${tally(claims)}` : "."
    } Fraglab ${escaped(version)}.</p>
</header>
<div class="frame">
${contents(content)}
<main>
${claims.length > 0 ? claimsTop(content) : ""}
${parts.map(part).join("\n")}
${
      claims.length > 0
        ? `<section id="claims">
<h3>All claims</h3>
${claimsTable(claims, true)}
</section>`
        : ""
    }
<section id="glossary">
<h3>Glossary</h3>
<details><summary>The ${plural(terms.length, "column")} of the files</summary>
${glossary(terms)}
</details>
</section>
<section id="files">
<h3>Files of all experiments</h3>
<p>${links(files)}</p>
</section>
</main>
</div>
<script>
${SCRIPT}</script>`,
  });
}

/** What comes first where there are claims. */
function claimsTop(content: Content): string {
  return `<form hidden>
<input type="search" placeholder="Filter claims" aria-label="Filter claims">
<select aria-label="Verdict"><option value="">any verdict</option>${verdictOptions()}</select>
<output></output>
</form>
${content.headlines.length > 0 ? headlinesSection(content) : ""}
<section id="verdicts">
<h3>What the verdicts mean</h3>
${verdictsList()}
<p>Below each claim stands who says so. The <em>lecture notes</em> are what this
project began with: notes on how memory is handed out, from brk and mmap over
glibc's malloc and the STL to slabs and the buddy system. Every statement in
them was made a claim.</p>
</section>`;
}

/** The table of contents. */
function contents({ parts, headlines }: Content): string {
  const entry = (id: string, title: string, inner = "") =>
    `<li><a href="${anchorOf(id)}">${escaped(title)}</a>${inner}</li>`;
  const judged = parts.some(({ sections }) =>
    sections.some(({ claims }) => claims.length > 0)
  );
  const chapters = parts.map(({ name, title, sections }) =>
    entry(
      chapterId(name),
      title,
      `<ul>${
        sections.map(({ name, question }) => entry(name, question)).join("\n")
      }</ul>`,
    )
  );
  return `<nav aria-label="Contents"><details open><summary>Contents</summary>
<ol>
${headlines.length > 0 ? entry("questions", "Questions to begin with") : ""}
${judged ? entry("verdicts", "What the verdicts mean") : ""}
${chapters.join("\n")}
${judged ? entry("claims", "All claims") : ""}
${entry("glossary", "Glossary")}
${entry("files", "Files of all experiments")}
</ol></details></nav>`;
}

/** Experiments may be called as their chapter is. */
function chapterId(name: string): string {
  return `chapter-${name}`;
}

function headlinesSection({ headlines }: Content): string {
  const cards = headlines.map(({ section: { name, question }, claim }) =>
    `<li><a href="${anchorOf(name)}">${escaped(question)}</a>
<p>${statement(claim)}</p>
<p>${chip(escaped(claim.label))} <small>${
      claim.measured === ""
        ? ""
        : `measured ${escaped(shortNumber(claim.measured))}, expected ${
          escaped(expectation(claim))
        } · `
    }<a href="${anchorOf(placeOf(claim.id))}">${
      escaped(claim.id)
    }</a></small></p></li>`
  );
  return `<section id="questions">
<h3>Questions to begin with</h3>
<ul class="cards">
${cards.join("\n")}
</ul>
</section>`;
}

function part({ name, title, summary, sections }: Part): string {
  return `<div id="${escaped(chapterId(name))}">
<h2>${escaped(title)}</h2>
<p>${escaped(summary)}</p>
${sections.map(section).join("\n")}
</div>`;
}

function section(content: Section): string {
  const { name, question, command, run, files, claims } = content;
  const { figures } = content;
  return `<section id="${escaped(name)}">
<h3>${escaped(question)}</h3>
<div class="about"><p><code>${escaped(command)}</code> ${escaped(run)}</p>
<p>Files: ${links(files)}</p></div>
${figures.map(figure).join("\n")}
${claimsTable(claims)}
${labLinks(content)}
</section>`;
}

function figure({ path, narrow, title }: Shown): string {
  const [wide, small] = [path, narrow].map((file) => escaped(hrefOf(file)));
  return `<figure><a href="${wide}"><picture>` +
    `<source media="(max-width:${NARROW})" srcset="${small}">` +
    `<img src="${wide}" alt="${escaped(title)}">` +
    `</picture></a></figure>`;
}

function glossary(terms: readonly Term[]): string {
  const rows = terms.map(({ name, unit, description, files }) =>
    `<tr><td><code>${escaped(name)}</code></td>` +
    `<td data-head="unit">${escaped(unit)}</td>` +
    `<td>${escaped(description)}</td>` +
    `<td data-head="in">${
      files.length > FEW ? `${files.length} files` : links(files)
    }</td></tr>`
  );
  return `<table class="terms">
<thead><tr><th scope="col">column</th><th scope="col">unit</th><th scope="col">meaning</th><th scope="col">in</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
}
