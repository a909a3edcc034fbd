/**
 * The figures of an experiment, drawn from the files of a folder of results.
 *
 * @module
 */
import type { TopLevelSpec } from "vega-lite";
import type { Experiment, Figure } from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import { chartOf } from "./chart.ts";
import { mapOf } from "./map_chart.ts";
import { pointsOf } from "./points.ts";
import type { Draw } from "./svg.ts";
import { readTable } from "./table.ts";

/** Reads a file of the folder; undefined if there is none. */
export type ReadFile = (name: string) => string | undefined;

/** A figure as a file. */
export interface Picture {
  /** Path in the folder of results. */
  path: string;
  /** The SVG; undefined where the results have no row for it. */
  svg: string | undefined;
}

/** Where figure `i` of an experiment is kept. */
export function figurePath(experiment: string, i: number): string {
  return `figures/${experiment}.${i + 1}.svg`;
}

/** The specification of a figure; undefined if there is nothing to show. */
export function specOf(
  experiment: Experiment,
  figure: Figure,
  read: ReadFile,
): TopLevelSpec | undefined {
  const { name } = experiment;
  const text = read(fileOf(name, figure.table));
  if (text === undefined) return undefined;
  const rows = readTable(text, name);
  if (figure.mark === "map") return mapOf(experiment, figure, rows);
  const points = pointsOf(experiment, figure, rows);
  return points && chartOf(figure, points);
}

/** All figures of `experiment`, one after the other. */
export async function* pictures(
  experiment: Experiment,
  read: ReadFile,
  draw: Draw,
): AsyncIterable<Picture> {
  for (const [i, figure] of experiment.figures.entries()) {
    const spec = specOf(experiment, figure, read);
    const svg = spec && await draw(spec, figure.title);
    yield { path: figurePath(experiment.name, i), svg };
  }
}
