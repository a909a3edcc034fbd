/**
 * What the page tells, from the files of a folder of results: its data package
 * and its claims.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import {
  type Experiment,
  NO_ALLOCATOR,
  type VerdictKind,
} from "../../experiment/experiment.ts";
import { verdictLabel } from "../../experiment/verdict.ts";
import { batches, read as readCsv } from "../../measures/csv.ts";
import { ranges } from "../figure/notes.ts";
import { figurePath, WIDTHS } from "../figures.ts";

/** Reads a file of the folder; undefined if there is none. */
export type ReadFile = (name: string) => string | undefined;

/** The lines of a CSV file of the folder; undefined if there is none. */
export type ReadLines = (name: string) => Iterable<string> | undefined;

/** A figure on the page. */
export interface Shown {
  /** Paths of the SVG for a wide and for a narrow screen. */
  path: string;
  narrow: string;
  /** What it shows, for those who do not see it. */
  title: string;
}

/** A judged claim as `claims.csv` has it; texts as they are in the file. */
export interface JudgedClaim {
  id: string;
  experiment: string;
  statement: string;
  source: string;
  /** What people call its verdict, and the condition of it, or "". */
  label: string;
  condition: string;
  measured: string;
  expected: string;
  tolerance: string;
}

/** A cell of an experiment, by texts as they are in `summary.csv`. */
export interface ReplayedCell {
  allocator: string;
  parameters: string;
  seed: string;
}

/** What a folder holds about one experiment. */
export interface Section {
  /** Name of the experiment. */
  name: string;
  /** What it asks. */
  question: string;
  /** The command that made it, and what with: scale and seeds. */
  command: string;
  run: string;
  files: readonly string[];
  claims: readonly JudgedClaim[];
  figures: readonly Shown[];
  /** Cells that the page of the lab can show; empty where it is not there. */
  cells: readonly ReplayedCell[];
  /** What the lab could show: cells of an experiment, a user's trace; or nobody can tell. */
  inLab: "cells" | "own trace" | "unknown";
}

/** Sections that belong together. */
export interface Part {
  name: string;
  title: string;
  summary: string;
  sections: readonly Section[];
}

/** A column as the data package defines it. */
export interface Term {
  name: string;
  unit: string;
  description: string;
  /** Files that have it. */
  files: readonly string[];
}

/** All that the page shows. */
export interface Content {
  version: string;
  parts: readonly Part[];
  /** The claims that answer the questions to begin with. */
  headlines: readonly { section: Section; claim: JudgedClaim }[];
  terms: readonly Term[];
  /** Files that cover all experiments. */
  files: readonly string[];
}

/** What the lab knows of the experiments in the folder. */
export interface Guide {
  chapters: readonly Chapter[];
  /** Claims that answer the questions to begin with, by id. */
  headlines: readonly string[];
  /** Every experiment, in a chapter or not. */
  experiments: readonly Experiment[];
  /** Names of those whose cells the lab can show. */
  replayed: readonly string[];
}

/** The page of the lab, if it lies in the folder. */
export const LAB = "lab.html";
/** Cells of an experiment that are linked to it, at most. */
const MOST_CELLS = 1000;

/** What a data package says of a file. */
export interface Resource {
  path: string;
  description: string;
  schema?: { fields: { name: string; unit?: string; description: string }[] };
  provenance?: {
    experiment: string;
    version: string;
    /** The command line that does it again. */
    command?: string;
    scale: string;
    /** Whether anything was drawn at random. */
    random?: boolean;
    seeds: number[];
  };
}

/** What the data package says of the files. */
export function resourcesIn(read: ReadFile): Resource[] {
  return JSON.parse(read("datapackage.json") ?? '{"resources":[]}').resources;
}

/** Reads the folder; `isThere` knows which figures it has. */
export function contentOf(
  { chapters, headlines, experiments: known, replayed }: Guide,
  read: ReadFile,
  isThere: (path: string) => boolean,
  lines: ReadLines = () => undefined,
): Content {
  const resources = resourcesIn(read);
  const claims = claimsIn(read("claims.csv") ?? "");
  const cells = isThere(LAB)
    ? cellsIn(lines("summary.csv") ?? [])
    : new Map<string, ReplayedCell[]>();
  const own = Map.groupBy(
    resources.filter(({ provenance }) => provenance),
    ({ provenance }) => provenance!.experiment,
  );
  const sections = [...own].map(([name, files]): Section => {
    const { description, provenance } = files[0]!;
    const figures = known.find((e) => e.name === name)?.figures ?? [];
    return {
      name,
      question: description,
      command: provenance!.command ?? `deno task run experiments ${name}`,
      run: runOf(provenance!),
      files: files.map(({ path }) => path),
      claims: claims.filter(({ experiment }) => experiment === name),
      figures: figures.map(({ title }, i) => ({
        title,
        path: figurePath(name, i),
        narrow: figurePath(name, i, WIDTHS[1]),
      })).filter(({ path }) => isThere(path)),
      cells: replayed.includes(name) ? cells.get(name) ?? [] : [],
      inLab: !isThere(LAB)
        ? "unknown"
        : known.some((e) => e.name === name)
        ? "cells"
        : "own trace",
    };
  });
  const parts = chapters.map(({ experiments, ...chapter }): Part => ({
    ...chapter,
    sections: sections.filter(({ name }) =>
      experiments.some((e) => e.name === name)
    ),
  }));
  const placed = parts.flatMap(({ sections }) => sections);
  parts.push({
    name: "other",
    title: "Others",
    summary: "Your own traces, and what stands in no chapter.",
    sections: sections.filter((section) => !placed.includes(section)),
  });
  const shared = resources.filter(({ provenance }) => !provenance);
  return {
    version: resources.find(({ provenance }) => provenance)
      ?.provenance?.version ?? "",
    parts: parts.filter(({ sections }) => sections.length > 0),
    headlines: headlines.flatMap((id) => {
      const claim = claims.find((claim) => claim.id === id);
      const section = sections.find(({ name }) => name === claim?.experiment);
      return claim && section ? [{ section, claim }] : [];
    }),
    terms: termsOf(resources),
    files: [...shared.map(({ path }) => path), "datapackage.json"],
  };
}

/** What a run had, in words. */
function runOf(
  { scale, random, seeds }: NonNullable<Resource["provenance"]>,
): string {
  const luck = random === false
    ? "deterministic"
    : `seed${seeds.length > 1 ? "s" : ""} ${ranges(seeds)}`;
  return `at scale ${scale}, ${luck}`;
}

/** The first cells of each experiment, but for those without an allocator. */
function cellsIn(lines: Iterable<string>): Map<string, ReplayedCell[]> {
  const found = new Map<string, ReplayedCell[]>();
  let names: readonly string[] | undefined;
  for (const rows of batches(lines)) {
    for (const row of rows) {
      if (!names) {
        names = row;
        continue;
      }
      const cell = (name: string) => row[names!.indexOf(name)] ?? "";
      const [allocator, experiment] = [cell("allocator"), cell("experiment")];
      const cells = found.get(experiment) ?? [];
      if (allocator === NO_ALLOCATOR || cells.length === MOST_CELLS) continue;
      found.set(experiment, cells);
      cells.push({
        allocator,
        parameters: cell("parameters"),
        seed: cell("seed"),
      });
    }
  }
  return found;
}

function claimsIn(text: string): JudgedClaim[] {
  const { names, rows } = readCsv(text);
  return rows.map((row) => {
    const cell = (name: string) => row[names.indexOf(name)] ?? "";
    const asExpected = cell("as_expected");
    return {
      id: cell("id"),
      experiment: cell("experiment"),
      statement: cell("statement"),
      source: cell("source"),
      label: verdictLabel(
        cell("verdict") as VerdictKind,
        asExpected === "" ? undefined : asExpected === "yes",
      ),
      condition: cell("condition"),
      measured: cell("measured"),
      expected: cell("expected"),
      tolerance: cell("tolerance"),
    };
  });
}

/** Every column once for each meaning; those of the most files first. */
function termsOf(resources: readonly Resource[]): Term[] {
  const terms = new Map<string, Term & { files: string[] }>();
  for (const { schema, path } of resources) {
    for (const { name, unit = "", description } of schema?.fields ?? []) {
      const key = JSON.stringify([name, unit, description]);
      const term = terms.get(key) ?? { name, unit, description, files: [] };
      terms.set(key, term);
      term.files.push(path);
    }
  }
  return [...terms.values()]
    .toSorted((a, b) => b.files.length - a.files.length);
}
