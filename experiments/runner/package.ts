/**
 * `datapackage.json`: what every file and column of a folder means, and what
 * it was computed from (Frictionless Data Package, version 1).
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import { fileOf } from "../experiment/result_files.ts";
import type { Manifest } from "./manifest.ts";
import type { Table } from "./table.ts";

/** The text of the file. */
export function dataPackage(
  manifests: readonly Manifest[],
  tables: readonly Table[],
): string {
  const resources = [
    ...manifests.flatMap(experimentResources),
    ...tables.map(({ name, description, columns }) =>
      resource(name, description, columns)
    ),
  ];
  const content = {
    profile: "tabular-data-package",
    name: "fraglab-results",
    title: "Results of Fraglab, a workbench for research on fragmentation",
    resources,
  };
  return JSON.stringify(content, null, 2) + "\n";
}

function experimentResources(manifest: Manifest): object[] {
  const { question, version, grid, tables } = manifest;
  const { experiment, ...rest } = grid;
  return Object.entries(tables).map(([table, columns]) => ({
    ...resource(fileOf(experiment, table), question, columns),
    provenance: { experiment, version, ...rest },
  }));
}

function resource(
  path: string,
  description: string,
  columns: readonly Column[],
): object {
  return {
    name: path.replace(/\.csv$/, ""),
    path,
    description,
    profile: "tabular-data-resource",
    format: "csv",
    mediatype: "text/csv",
    encoding: "utf-8",
    dialect: { delimiter: ",", lineTerminator: "\n" },
    schema: { fields: columns.map(field), missingValues: [""] },
  };
}

function field({ name, type, unit, description }: Column): object {
  return { name, type, ...(unit && { unit }), description };
}
