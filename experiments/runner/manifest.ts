/**
 * What the last run of one experiment left in a folder, as
 * `.cells/<experiment>.json`: enough to write every file that covers several
 * experiments anew, without running or reading the cells.
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import type { Finished } from "../experiment/experiment.ts";
import { fileOf } from "../experiment/result_files.ts";
import { type Folder, HIDDEN } from "./folder.ts";
import type { Grid } from "./plan.ts";

/** A finished cell and where its requests came from. */
export interface Summary extends Finished {
  /** The `workload` column. */
  workload: string;
}

/** A judged claim as `claims.csv` has it. */
export interface Judged {
  /** The columns of the file, by name. */
  [column: string]: string | number | undefined;
}

/** Changes whenever the form of a manifest does; others are not read. */
export const FORMAT = 2;

/** The last run of an experiment. */
export interface Manifest {
  /** {@linkcode FORMAT}. */
  format: number;
  /** What was run. */
  grid: Grid;
  /** What the experiment asks. */
  question: string;
  /** Version of the project that ran it. */
  version: string;
  /** Its cells in order; those whose allocator is unsuitable are left out. */
  cells: Summary[];
  /** Columns of its measures. */
  measures: Column[];
  /** Columns of its files, by table. */
  tables: Record<string, readonly Column[]>;
  /** Its claims. */
  claims: Judged[];
}

/** Keeps `manifest`; removes the files of tables that it no longer has. */
export function writeManifest(folder: Folder, manifest: Manifest): void {
  const { grid: { experiment }, tables } = manifest;
  for (
    const table of Object.keys(readManifest(folder, experiment)?.tables ?? {})
  ) {
    if (!(table in tables)) folder.remove(fileOf(experiment, table));
  }
  folder.keep(`${experiment}.json`, JSON.stringify(manifest));
}

/** All manifests in `folder`, by experiment. */
export function readManifests(folder: Folder): Map<string, Manifest> {
  const names = folder.list().filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length));
  const all = names.flatMap((name) => readManifest(folder, name) ?? []);
  return new Map(all.map((manifest) => [manifest.grid.experiment, manifest]));
}

/** Those of the experiments in `order` first, others by name. */
export function inOrder(
  manifests: ReadonlyMap<string, Manifest>,
  order: readonly string[],
): Manifest[] {
  const others = [...manifests.keys()].filter((name) => !order.includes(name));
  return [...order, ...others.sort()].flatMap((name) =>
    manifests.get(name) ?? []
  );
}

/** Removes the kept cells of `experiment` that are not at `places`. */
export function prune(
  folder: Folder,
  experiment: string,
  places: readonly string[],
): void {
  const wanted = new Set(places);
  for (const name of folder.list(experiment)) {
    const place = `${experiment}/${name}`;
    if (!wanted.has(place)) folder.remove(`${HIDDEN}/${place}`);
  }
}

/** The manifest of `experiment`; undefined if there is none that is whole. */
export function readManifest(
  folder: Folder,
  experiment: string,
): Manifest | undefined {
  const text = folder.kept(`${experiment}.json`);
  try {
    const manifest: Manifest | undefined = text && JSON.parse(text);
    return manifest?.format === FORMAT ? manifest : undefined;
  } catch {
    return undefined; // a power cut came between renaming and writing
  }
}
