/**
 * The figures and the page of a folder of results, from its files.
 *
 * @module
 */
import type { Experiment } from "../experiment/experiment.ts";
import { readSheet, type Sheet } from "./figure/table.ts";
import type { Looks } from "./figure/thinning.ts";
import { pictures } from "./figures.ts";
import {
  contentOf,
  type Guide,
  type ReadFile,
  type ReadLines,
  resourcesIn,
} from "./page/content.ts";
import { pageOf } from "./page/page.ts";

/** A file of the report. */
export interface ReportFile {
  /** Path in the folder. */
  path: string;
  /** Its text; undefined: it has to go. */
  text: string | undefined;
}

/**
 * Draws the figures of `drawn`, then the page of the whole folder as `guide`
 * has it, which also shows the figures that were drawn before.
 */
export function* report(
  drawn: readonly Experiment[],
  guide: Guide,
  read: ReadFile,
  lines: ReadLines,
): Iterable<ReportFile> {
  const sheets = new Map<string, Sheet | undefined>();
  const resources = resourcesIn(read);
  const missing = new Set<string>();
  for (const experiment of drawn) {
    const { provenance } = resources.find(({ provenance }) =>
      provenance?.experiment === experiment.name
    ) ?? {};
    const { random } = provenance ?? {};
    const readOnce = (name: string) => {
      const known = sheets.get(name);
      if (known) {
        return known;
      }
      const found = lines(name);
      const sheet = found && readSheet(found, looksOf(experiment));
      sheets.set(name, sheet);
      return sheet;
    };
    for (const { path, svg } of pictures(experiment, readOnce, random)) {
      if (svg === undefined) {
        missing.add(path);
      }
      yield { path, text: svg };
    }
    for (const name of sheets.keys()) {
      if (name !== "summary.csv") {
        sheets.delete(name);
      }
    }
  }
  const isThere = (path: string) =>
    !missing.has(path) && read(path) !== undefined;
  const content = contentOf(guide, read, isThere, lines);
  yield { path: "index.html", text: pageOf(content) };
}

/** What the figures of an experiment look at. */
function looksOf({ figures }: Experiment): Looks {
  return {
    values: figures.flatMap(({ x, y }) => [x, y]),
    apart: figures.flatMap(({ series, facet, where = {} }) => [
      series,
      ...(facet === undefined ? [] : [facet]),
      ...Object.keys(where),
    ]),
  };
}
