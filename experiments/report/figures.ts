/**
 * The figures of an experiment, drawn from the files of a folder of results:
 * each for a wide and for a narrow screen.
 *
 * @module
 */
import {
  type Experiment,
  type Figure,
  SAMPLES,
} from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import { drawn } from "./figure/draw.ts";
import type { Sheet } from "./figure/table.ts";
import type { Chart, Mark } from "./marks/mark.ts";
import { MARKS } from "./marks/mod.ts";

/** A file of the folder as rows; undefined if there is none. */
export type ReadSheet = (name: string) => Sheet | undefined;

/** Widths of a figure, pixels, and how its file is called. */
export const WIDTHS = [
  { width: 840, suffix: "" },
  { width: 360, suffix: ".narrow" },
] as const;

/** A figure as a file. */
export interface Picture {
  /** Path in the folder of results. */
  path: string;
  /** The SVG; undefined where the results have no row for it. */
  svg: string | undefined;
}

/** Where figure `i` of an experiment is kept. */
export function figurePath(
  experiment: string,
  i: number,
  { suffix }: { suffix: string } = WIDTHS[0],
): string {
  return `figures/${experiment}.${i + 1}${suffix}.svg`;
}

/** The mark of `figure`. */
export function markOf({ mark: name }: Figure): Mark {
  const found = MARKS.find((mark) => mark.name === name);
  if (found) return found;
  throw new RangeError(`No mark "${name}"`);
}

/** What a figure shows; undefined if there is nothing. */
export function chartOf(
  { name, columns, parameters }: Experiment,
  figure: Figure,
  read: ReadSheet,
  random?: boolean,
): Chart | undefined {
  const definitions = { columns, parameters, random };
  const tableOf = (table: string) => read(fileOf(name, table))?.table(name);
  const table = tableOf(figure.table);
  const samples = () => tableOf(SAMPLES);
  return table && markOf(figure).chart(definitions, figure, table, samples);
}

/**
 * All figures of `experiment`, one after the other; `random`: whether its run
 * drew anything at random, if that is known.
 */
export function* pictures(
  experiment: Experiment,
  read: ReadSheet,
  random?: boolean,
): Iterable<Picture> {
  for (const [i, figure] of experiment.figures.entries()) {
    const chart = chartOf(experiment, figure, read, random);
    for (const size of WIDTHS) {
      const svg = chart && drawn(chart, markOf(figure), size.width);
      yield { path: figurePath(experiment.name, i, size), svg };
    }
  }
}
