/**
 * What a folder holds of each experiment, read back from its files.
 *
 * @module
 */
import { KEY_COLUMNS } from "../measures/columns.ts";
import { csv, read } from "../measures/csv.ts";
import { SAMPLES } from "../experiment/experiment.ts";
import { fileOf, SHARED_TABLES } from "../experiment/result_files.ts";
import { Failure, firstLine } from "./failure.ts";
import { namesIn } from "./folder.ts";
import type { Manifest, SharedRows, Written } from "./manifest.ts";
import { FIXED, retyped } from "./overview.ts";
import type { Provenance, Resource } from "./package.ts";
import { Results } from "./results.ts";

/**
 * The manifests in `folder`, by experiment. Where they cannot be read, or a
 * file of theirs is not as it was written, the answer is none if the run that
 * asks writes all of them anew, those of the experiments `replaced`; otherwise
 * `Failure` says why nothing is touched.
 */
export function holdingsOf(
  folder: string,
  replaced: ReadonlySet<string>,
  known: readonly string[],
): Map<string, Manifest> {
  const there = experimentsIn(folder);
  try {
    const results = Results.find(folder);
    const manifests = results ? manifestsIn(results) : new Map();
    const stray = known.find((name) =>
      there.has(name) && !manifests.has(name) && !replaced.has(name)
    );
    if (stray !== undefined) {
      throw new Failure(
        `datapackage.json does not say what ${fileOf(stray, SAMPLES)} is`,
      );
    }
    for (const resource of results?.resources ?? []) {
      const { provenance } = resource;
      if (provenance && !replaced.has(provenance.experiment)) {
        results!.check(resource);
      }
    }
    return manifests;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const lost = [...there].find((name) => !replaced.has(name));
    if (lost === undefined) return new Map();
    throw new Failure(
      `${firstLine(error)}. The run would lose what ${folder} holds of ` +
        `${lost}: name another folder with --out`,
    );
  }
}

/** Experiments that have a CSV file of their own in `folder`. */
function experimentsIn(folder: string): Set<string> {
  const stems = namesIn(folder).filter((name) => name.endsWith(".csv"))
    .map((name) => name.split(".")[0]!);
  return new Set(stems.filter((stem) => !SHARED_TABLES.includes(stem)));
}

function manifestsIn(results: Results): Map<string, Manifest> {
  const own = Map.groupBy(
    results.resources.filter(({ provenance }) => provenance),
    ({ provenance }) => provenance!.experiment,
  );
  const shared = sharedIn(results);
  return new Map(
    [...own].map(([name, resources]) => [
      name,
      manifestOf(name, resources, shared),
    ]),
  );
}

function manifestOf(
  name: string,
  resources: readonly Resource[],
  shared: SharedIn,
): Manifest {
  const first = resources.find(({ path }) => path === fileOf(name, SAMPLES));
  const { provenance, description } = first ?? resources[0]!;
  const { version, command, measures = [], ...grid } = provenance as Provenance;
  const tables = resources.map(({ path, columns, bytes, sha256 }) => [
    path === fileOf(name, SAMPLES) ? SAMPLES : path.split(".")[1]!,
    { columns, bytes, sha256 } as Written,
  ]);
  const places = [...KEY_COLUMNS, ...measures].map((column) => {
    const at = shared.summary.columns.findIndex((c) => c.name === column.name);
    const same = shared.summary.columns[at]?.type === column.type;
    return { at, column, same };
  });
  const rows = shared.summary.rows.get(name) ?? [];
  return {
    grid,
    question: description,
    version,
    command,
    measures,
    tables: Object.fromEntries(tables),
    rows: {
      ...shared.lines(name),
      summary: rows.map((row) =>
        places.map(({ at, column, same }) => {
          const value = row[at] ?? "";
          return same || value === "" ? value : retyped(column, value);
        })
      ),
    },
  };
}

/** The shared files, taken apart by experiment. */
interface SharedIn {
  summary: { columns: Resource["columns"]; rows: Map<string, string[][]> };
  lines(experiment: string): Omit<SharedRows, "summary">;
}

function sharedIn(results: Results): SharedIn {
  const summary = results.about(fileOf("", "summary"));
  if (!summary) throw new Failure("datapackage.json describes no summary.csv");
  const fixed = FIXED.map((kind) => {
    const path = fileOf("", kind.name);
    const resource = results.about(path);
    const names = (columns: Resource["columns"]) => columns.map((c) => c.name);
    if (`${names(resource?.columns ?? [])}` !== `${names(kind.columns)}`) {
      throw new Failure(`${path} is of another version`);
    }
    const text = kind.name === "timing"
      ? timesIn(results, resource!)
      : results.text(resource!);
    return [kind.name, rowsBy(text)] as const;
  });
  return {
    summary: { columns: summary.columns, rows: rowsBy(results.text(summary)) },
    lines: (experiment) =>
      Object.fromEntries(
        fixed.map(([name, rows]) => [name, [csv(rows.get(experiment) ?? [])]]),
      ) as unknown as Omit<SharedRows, "summary">,
  };
}

/** The text of timing.csv; times that are spoilt are nobody's loss. */
function timesIn(results: Results, resource: Resource): string {
  try {
    return results.text(resource);
  } catch (error) {
    if (error instanceof Failure) return "";
    throw error;
  }
}

/** The rows of a shared file by experiment. */
function rowsBy(text: string): Map<string, string[][]> {
  const { names, rows } = read(text);
  const at = names.indexOf("experiment");
  return Map.groupBy(rows, (row) => row[at]!);
}
