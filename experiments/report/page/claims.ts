/**
 * Claims on the page: how they fared, and what the verdicts mean.
 *
 * @module
 */
import { toleranceText } from "../../experiment/verdict.ts";
import { plural } from "../../traces/plural.ts";
import type { JudgedClaim } from "./content.ts";
import { anchorOf, escaped } from "./html.ts";

/** Verdicts: what they are called, how one claim or many have it, the meaning. */
const VERDICTS = [
  {
    label: "holds",
    one: "holds",
    many: "hold",
    meaning:
      "The number that was measured is the one that the statement needs.",
  },
  {
    label: "holds only if",
    one: "holds on a condition",
    many: "hold on a condition",
    meaning:
      "The statement is true on a condition, which is named beside it, " +
      "and false without.",
  },
  {
    label: "refuted as expected",
    one: "is refuted as expected",
    many: "are refuted as expected",
    meaning:
      "The statement is often made, and false: the measurement shows it, " +
      "and that is what the claim expects.",
  },
  {
    label: "regression",
    one: "is a regression",
    many: "are regressions",
    meaning: "The verdict is not the one that was found before: a model has " +
      "changed, or a value that decides it was set by hand.",
  },
  {
    label: "not measured",
    one: "was not measured",
    many: "were not measured",
    meaning: "The run left out the cells that decide it: they need another " +
      "scale, other values or files.",
  },
] as const;

/** What the labels mean, as a list of definitions. */
export function verdictsList(): string {
  return `<dl class="verdicts">${
    VERDICTS.map(({ label, meaning }) =>
      `<div><dt>${chip(label)}</dt><dd>${meaning}</dd></div>`
    ).join("\n")
  }</dl>`;
}

/** How the claims fared, in one sentence. */
export function tally(claims: readonly JudgedClaim[]): string {
  const parts = VERDICTS.flatMap(({ label, one, many }) => {
    const count = claims.filter((claim) => claim.label === label).length;
    return count === 0 ? [] : [plural(count, one, many)];
  });
  return `${plural(claims.length, "claim")}${parts.length > 0 ? ": " : ""}${
    parts.join(", ")
  }.`;
}

/** The labels to choose from. */
export function verdictOptions(): string {
  return VERDICTS.map(({ label }) => `<option>${label}</option>`).join("");
}

/** A verdict as a coloured word. */
export function chip(label: string): string {
  return `<span class="chip ${label.replaceAll(" ", "-")}">${label}</span>`;
}

/** The claims of an experiment, or of all with links to theirs. */
export function claimsTable(
  claims: readonly JudgedClaim[],
  all = false,
): string {
  if (claims.length === 0) return "";
  const heads = ["verdict", "claim", "measured", "expected"];
  if (all) heads.push("experiment");
  return `<table class="claims">
<thead><tr>${
    heads.map((head) => `<th scope="col">${head}</th>`).join("")
  }</tr></thead>
<tbody>
${claims.map((claim) => row(claim, all)).join("\n")}
</tbody>
</table>`;
}

function row(claim: JudgedClaim, all: boolean): string {
  const { id, experiment, source, label, measured } = claim;
  const place = all ? "" : ` id="${escaped(placeOf(id))}"`;
  const name = `<code>${escaped(id)}</code>`;
  const link = all ? `<a href="${anchorOf(placeOf(id))}">${name}</a>` : name;
  const owner = `<td data-head="experiment"><a href="${anchorOf(experiment)}">${
    escaped(experiment)
  }</a></td>`;
  return `<tr${place} data-verdict="${escaped(label)}">` +
    `<td>${chip(escaped(label))}</td>` +
    `<td>${statement(claim)}<br><small>${link} · ${
      escaped(source)
    }</small></td>` +
    `<td class="number" data-head="measured">${
      escaped(shortNumber(measured))
    }</td>` +
    `<td data-head="expected">${escaped(expectation(claim))}</td>` +
    `${all ? owner : ""}</tr>`;
}

/** Where a claim stands on the page. */
export function placeOf(id: string): string {
  return `claim-${id}`;
}

/** The statement with its condition. */
export function statement({ statement, condition }: JudgedClaim): string {
  const only = condition && ` <em>Only if ${escaped(condition)}.</em>`;
  return escaped(statement) + only;
}

/** What was expected of the number. */
export function expectation({ expected, tolerance }: JudgedClaim): string {
  return shortNumber(expected) +
    toleranceText(Number(expected), Number(tolerance), "±");
}

/** Five digits of a number; other text as it is. */
export function shortNumber(text: string): string {
  const number = Number(text);
  return text === "" || Number.isNaN(number) || Number.isInteger(number)
    ? text
    : String(Number(number.toPrecision(5)));
}
