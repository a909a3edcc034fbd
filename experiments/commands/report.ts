/**
 * What a run tells on the terminal.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { isOf, mean } from "../experiment/claims.ts";
import {
  expectation,
  type Judgement,
  verdictLabel,
} from "../experiment/verdict.ts";
import type { Result } from "../runner/finish.ts";
import {
  type Align,
  measureText,
  numberText,
  textTable,
} from "../measures/text_table.ts";

/** Measures that every table shows where an experiment has them. */
const COMMON = [
  ["peak_footprint_bytes", "peak footprint"],
  ["internal_ratio", "internal"],
  ["external_ratio", "external"],
  ["overhead_ratio", "overhead"],
  ["failures", "failures"],
] as const;

/** A finished experiment: one line per allocator, means over its cells. */
export function resultText(
  { experiment, grid, cells: all, unsuitable }: Result,
): string {
  const { shows = {} } = experiment;
  const some = all.filter((cell) => isOf(cell, shows));
  const cells = some.length > 0 ? some : all;
  const where = cells.length < all.length
    ? `Where ${
      Object.entries(shows).map((pair) => pair.join("=")).join(", ")
    }.\n`
    : "";
  const common = COMMON.map(([measure]) => measure);
  const own = experiment.headline.filter((measure) =>
    !common.some((name) => name === measure)
  );
  const shown = [...common, ...own].filter((measure) =>
    cells.some(({ measures }) => measures[measure] !== undefined)
  );
  const heads = new Map<string, string>(COMMON);
  const rows = [...new Set(cells.map(({ allocator }) => allocator))].map(
    (allocator) => [
      allocator,
      String(cells.filter((cell) => cell.allocator === allocator).length),
      ...shown.map((measure) =>
        measureText(measure, mean(measure, { allocator })(cells))
      ),
    ],
  );
  const table = textTable(
    [
      ["allocator", "cells", ...shown.map((name) => heads.get(name) ?? name)],
      ...rows,
    ],
    ["left", ...shown.map((): Align => "right"), "right"],
  );
  const left = unsuitable.map((line) => `Left out: ${line}\n`);
  const found = cells.length > 0 ? where + table + seedsText(grid, cells) : "";
  return `${experiment.name}: ${experiment.question}\n${found}${left.join("")}`;
}

const DETERMINISTIC = "Deterministic: the same for every seed.\n";

/** What the numbers of a table have to do with luck. */
function seedsText(
  { random, seeds }: Result["grid"],
  cells: Result["cells"],
): string {
  if (!random) return DETERMINISTIC;
  const count = seeds.length;
  if (count === 1) return "";
  const points = new Set(
    cells.map(({ allocator, parameters }) =>
      JSON.stringify([allocator, parameters])
    ),
  ).size;
  if (cells.length === points) return DETERMINISTIC;
  const once = (count * points - cells.length) / (count - 1);
  const rest = once === 0 ? "" : `; run once where nothing is drawn: ${once}`;
  return `Means over ${count} seeds${rest}.\n`;
}

/** Claims and their verdicts, one a line. */
export function claimsText(
  judgements: readonly Judgement[],
  colour: boolean,
): string {
  const head = ["claim", "verdict", "measured", "expected", "statement"];
  const rows = judgements.map(({ claim, verdict, asExpected, measured }) => [
    claim.id,
    verdictLabel(verdict.kind, asExpected),
    measured === undefined ? "" : numberText(measured),
    expectation(claim),
    verdict.condition === undefined
      ? claim.statement
      : `${claim.statement} Only if ${verdict.condition}.`,
  ]);
  const lines = textTable(
    [head, ...rows],
    ["left", "left", "right", "left", "left"],
  ).split("\n");
  if (!colour) return lines.join("\n");
  judgements.forEach(({ verdict, asExpected }, i) => {
    const label = verdictLabel(verdict.kind, asExpected);
    const code = asExpected === undefined ? 33 : asExpected ? 32 : 31;
    lines[i + 1] = lines[i + 1]!
      .replace(` ${label} `, ` \x1b[${code}m${label}\x1b[39m `);
  });
  return lines.join("\n");
}

/** `37 of 120 cells, 4.1/s, 20 s left`; `seconds` since the first began. */
export function progressText(
  finished: number,
  cells: number,
  seconds: number,
): string {
  const count = `${finished} of ${plural(cells, "cell")}`;
  if (finished === 0 || seconds <= 0) return count;
  const rate = finished / seconds;
  const left = Math.ceil((cells - finished) / rate);
  return `${count}, ${rate.toPrecision(2)}/s, ${left} s left`;
}
