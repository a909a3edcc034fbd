/**
 * What stands below the title of a figure: what its points have in common, and
 * what they are means over.
 *
 * @module
 */
import { NO_ALLOCATOR } from "../../experiment/experiment.ts";
import type { Table } from "./table.ts";

/** What is known of the seeds. */
export interface Luck {
  /** Whether nothing is drawn at random, so that no seed matters. */
  deterministic: boolean;
  /** Whether several seeds made no difference. */
  alike: boolean;
}

/** Describes `groups` of rows, each a point, in all that no axis shows. */
export function notesOf(
  table: Table,
  groups: readonly (readonly number[])[],
  axes: readonly string[],
  { deterministic, alike }: Luck,
): string[] {
  const notes: string[] = [];
  for (const name of ["allocator", "layer", ...table.parameters, "seed"]) {
    if (axes.includes(name) || !table.has(name)) continue;
    const valuesOf = (rows: readonly number[]) => [
      ...new Set(rows.map((i) => table.text(i, name))),
    ];
    const values = valuesOf(groups.flat());
    const isMean = values.length > 1 &&
      groups.some((rows) => valuesOf(rows).length > 1);
    if (name === "layer" && values.length === 1) continue;
    if (["", NO_ALLOCATOR].includes(values.join())) continue;
    if (name !== "seed") {
      notes.push(`${isMean ? "mean over " : ""}${name} ${values.join(", ")}`);
    } else if (deterministic) notes.push("deterministic");
    else {
      const how = !isMean ? "" : alike ? "the same for " : "mean over ";
      const seeds = values.length > 1 ? "seeds" : "seed";
      notes.push(`${how}${seeds} ${ranges(values.map(Number))}`);
    }
  }
  return notes;
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
