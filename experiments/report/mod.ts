/**
 * The figures and the page of a folder of results, from its files.
 *
 * @module
 */
import type { Row } from "../measures/columns.ts";
import { read as readCsv } from "../measures/csv.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { figurePath, pictures, type ReadFile } from "./draw.ts";
import { pageOf, type Section } from "./page.ts";
import { loadVega } from "./svg.ts";

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
export async function* report(
  drawn: readonly Experiment[],
  others: readonly Experiment[],
  read: ReadFile,
): AsyncIterable<ReportFile> {
  const texts = new Map<string, string | undefined>();
  const readOnce = (name: string) => {
    if (!texts.has(name)) texts.set(name, read(name));
    return texts.get(name);
  };
  const missing = new Set<string>();
  if (drawn.some(({ figures }) => figures.length > 0)) {
    const draw = await loadVega();
    for (const experiment of drawn) {
      for await (const { path, svg } of pictures(experiment, readOnce, draw)) {
        if (svg === undefined) missing.add(path);
        yield { path, text: svg };
      }
      texts.delete(`${experiment.name}.csv`);
    }
  }
  const isThere = (path: string) =>
    !missing.has(path) && read(path) !== undefined;
  yield {
    path: "index.html",
    text: page([...drawn, ...others], readOnce, isThere),
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
      })).filter(({ path }) => isThere(path)),
    };
  });
  const shared = resources.filter(({ provenance }) => !provenance)
    .map(({ path }) => path);
  const version = resources.find(({ provenance }) => provenance)
    ?.provenance?.version ?? "";
  return pageOf(sections, [...shared, "datapackage.json"], version);
}

/** `1, 2, 3, 7` as `1..3, 7`. */
function ranges(numbers: readonly number[]): string {
  const runs: [from: number, to: number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => from === to ? `${from}` : `${from}..${to}`)
    .join(", ");
}

function rowsOf(text: string): Row[] {
  const { names, rows } = readCsv(text);
  return rows.map((row) =>
    Object.fromEntries(names.map((name, i) => [name, row[i]!]))
  );
}
