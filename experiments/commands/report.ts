/**
 * What a run tells on the terminal.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { isOf, PointMeans, type Where } from "../experiment/claims.ts";
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
  const common = COMMON.map(([measure]) => measure);
  const own = experiment.headline.filter((measure) =>
    !common.some((name) => name === measure)
  );
  const measures = [...common, ...own];
  const some = countsOf(all, shows, measures);
  const isPart = some.cells > 0 && some.cells < all.length;
  const { cells, points, allocators } = some.cells > 0
    ? some
    : countsOf(all, {}, measures);
  const where = isPart
    ? `Where ${
      Object.entries(shows).map((pair) => pair.join("=")).join(", ")
    }.\n`
    : "";
  const shown = measures.filter((measure) =>
    [...allocators.values()].some(({ means }) => means.has(measure))
  );
  const heads = new Map<string, string>(COMMON);
  const rows = [...allocators].map(([allocator, { cells, means }]) => [
    allocator,
    String(cells),
    ...shown.map((measure) => measureText(measure, means.get(measure)?.mean)),
  ]);
  const table = textTable(
    [
      ["allocator", "cells", ...shown.map((name) => heads.get(name) ?? name)],
      ...rows,
    ],
    ["left", ...shown.map((): Align => "right"), "right"],
  );
  const left = unsuitable.map((line) => `Left out: ${line}\n`);
  const found = cells > 0 ? where + table + seedsText(grid, cells, points) : "";
  return `${experiment.name}: ${experiment.question}\n${found}${left.join("")}`;
}

/** What is told of the cells of an allocator. */
interface Told {
  cells: number;
  /** By measure. */
  means: Map<string, PointMeans>;
}

/** What is told of those of `all` that `where` describes. */
function countsOf(
  all: Result["cells"],
  where: Where,
  names: readonly string[],
): { cells: number; points: number; allocators: Map<string, Told> } {
  const allocators = new Map<string, Told>();
  let [cells, points, last] = [0, 0, ""];
  for (const cell of all) {
    if (!isOf(cell, where)) continue;
    const { allocator, parameters, measures } = cell;
    const told = allocators.get(allocator) ?? { cells: 0, means: new Map() };
    allocators.set(allocator, told);
    cells++;
    told.cells++;
    const point = JSON.stringify([allocator, parameters]);
    if (point !== last) points++;
    last = point;
    for (const name of names) {
      const value = measures[name];
      if (value === undefined) continue;
      const means = told.means.get(name) ?? new PointMeans();
      told.means.set(name, means);
      means.add(point, value);
    }
  }
  return { cells, points, allocators };
}

const DETERMINISTIC = "Deterministic: the same for every seed.\n";

/** What the numbers of a table have to do with luck. */
function seedsText(
  { random, seeds }: Result["grid"],
  cells: number,
  points: number,
): string {
  if (!random) return DETERMINISTIC;
  const count = seeds.length;
  if (count === 1) return "";
  if (cells === points) return DETERMINISTIC;
  const once = (count * points - cells) / (count - 1);
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
