/**
 * The figures and the page of a folder of results, from its files.
 *
 * @module
 */
import type { Row } from "../measures/columns.ts";
import { read as readCsv } from "../measures/csv.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { ranges } from "./figure/notes.ts";
import { readSheet, type Sheet } from "./figure/table.ts";
import { figurePath, pictures, WIDTHS } from "./figures.ts";
import { pageOf, type Section } from "./page/page.ts";

/** Reads a file of the folder; undefined if there is none. */
export type ReadFile = (name: string) => string | undefined;

/** A file of the report. */
export interface ReportFile {
  /** Path in the folder. */
  path: string;
  /** Its text; undefined: it has to go. */
  text: string | undefined;
}

/** What a data package says of a file. */
interface Resource {
  path: string;
  description: string;
  provenance?: {
    experiment: string;
    version: string;
    scale: string;
    seeds: number[];
  };
}

/**
 * Draws the figures of `drawn`, then the page of the whole folder, which also
 * shows the figures of `others` that were drawn before.
 */
export function* report(
  drawn: readonly Experiment[],
  others: readonly Experiment[],
  read: ReadFile,
): Iterable<ReportFile> {
  const sheets = new Map<string, Sheet | undefined>();
  const readOnce = (name: string) => {
    const known = sheets.get(name);
    if (known) return known;
    const text = read(name);
    const sheet = text === undefined ? undefined : readSheet(text);
    sheets.set(name, sheet);
    return sheet;
  };
  const missing = new Set<string>();
  for (const experiment of drawn) {
    for (const { path, svg } of pictures(experiment, readOnce)) {
      if (svg === undefined) missing.add(path);
      yield { path, text: svg };
    }
    for (const name of sheets.keys()) {
      if (name !== "summary.csv") sheets.delete(name);
    }
  }
  const isThere = (path: string) =>
    !missing.has(path) && read(path) !== undefined;
  yield {
    path: "index.html",
    text: page([...drawn, ...others], read, isThere),
  };
}

/** The text of the page. */
function page(
  experiments: readonly Experiment[],
  read: ReadFile,
  isThere: (path: string) => boolean,
): string {
  const { resources }: { resources: Resource[] } = JSON.parse(
    read("datapackage.json") ?? '{"resources":[]}',
  );
  const claims = rowsOf(read("claims.csv") ?? "");
  const own = Map.groupBy(
    resources.filter(({ provenance }) => provenance),
    ({ provenance }) => provenance!.experiment,
  );
  const sections = [...own].map(([name, files]): Section => {
    const { description, provenance } = files[0]!;
    const { scale, seeds } = provenance!;
    const figures = experiments.find((e) => e.name === name)?.figures ?? [];
    const plural = seeds.length > 1 ? "seeds" : "seed";
    return {
      name,
      question: description,
      run: `at scale ${scale}, ${plural} ${ranges(seeds)}`,
      files: files.map(({ path }) => path),
      claims: claims.filter(({ experiment }) => experiment === name),
      figures: figures.map(({ title }, i) => ({
        title,
        path: figurePath(name, i),
        narrow: figurePath(name, i, WIDTHS[1]),
      })).filter(({ path }) => isThere(path)),
    };
  });
  const shared = resources.filter(({ provenance }) => !provenance)
    .map(({ path }) => path);
  const version = resources.find(({ provenance }) => provenance)
    ?.provenance?.version ?? "";
  return pageOf(sections, [...shared, "datapackage.json"], version);
}

function rowsOf(text: string): Row[] {
  const { names, rows } = readCsv(text);
  return rows.map((row) =>
    Object.fromEntries(names.map((name, i) => [name, row[i]!]))
  );
}
