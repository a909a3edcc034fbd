/**
 * What stands below the title of a figure: what its points have in common, and
 * what they are means over.
 *
 * @module
 */
import { NO_ALLOCATOR } from "../../experiment/experiment.ts";
import type { Table } from "./table.ts";

/** Notes, and the names behind them. */
export interface Notes {
  /** In words. */
  notes: string[];
  /** Columns and parameters that points are means over. */
  averaged: string[];
}

/**
 * Describes `groups` of rows, each a point, in all that no axis shows; `alike`:
 * seeds made no difference.
 */
export function notesOf(
  table: Table,
  groups: readonly (readonly number[])[],
  axes: readonly string[],
  alike: boolean,
): Notes {
  const notes: string[] = [];
  const averaged: string[] = [];
  for (const name of ["allocator", "layer", ...table.parameters, "seed"]) {
    if (axes.includes(name) || !table.has(name)) continue;
    const valuesOf = (rows: readonly number[]) => [
      ...new Set(rows.map((i) => table.text(i, name))),
    ];
    const values = valuesOf(groups.flat());
    const isMean = values.length > 1 &&
      groups.some((rows) => valuesOf(rows).length > 1);
    if (isMean) averaged.push(name);
    if (name === "layer" && values.length === 1) continue;
    if (["", NO_ALLOCATOR].includes(values.join())) continue;
    const plural = name === "seed" && values.length > 1 ? "s" : "";
    const list = name === "seed"
      ? ranges(values.map(Number))
      : values.join(", ");
    const how = !isMean
      ? ""
      : name === "seed" && alike
      ? "the same for "
      : "mean over ";
    notes.push(`${how}${name}${plural} ${list}`);
  }
  return { notes, averaged };
}

/** `1, 2, 3, 7` as `1..3, 7`. */
export function ranges(numbers: readonly number[]): string {
  const runs: [from: number, to: number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => from === to ? `${from}` : `${from}..${to}`)
    .join(", ");
}
