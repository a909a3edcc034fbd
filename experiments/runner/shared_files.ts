/**
 * What changes in a folder when experiments are finished: their own files, and
 * those that cover all experiments. The data package comes last: it tells the
 * lengths and digests of the others.
 *
 * @module
 */
import { fileOf } from "../experiment/result_files.ts";
import { type Content, type Digested, digested } from "./draft.ts";
import type { Change } from "./commit.ts";
import type { Left } from "./finish.ts";
import { inOrder, type Manifest } from "./manifest.ts";
import { overview } from "./overview.ts";
import { PACKAGE, packageText } from "./package.ts";

/**
 * The change that puts finished experiments in the place of their earlier runs.
 * `manifests` say what the folder holds, and are brought up to date.
 */
export function changeOf(
  left: readonly Left[],
  manifests: Map<string, Manifest>,
  order: readonly string[],
): Change {
  const write = new Map<string, Content>();
  const remove: string[] = [];
  for (const { manifest, files } of left) {
    const { experiment } = manifest.grid;
    for (const [name, content] of files) write.set(name, content);
    const before = manifests.get(experiment)?.tables ?? {};
    remove.push(
      ...Object.keys(before).filter((table) => !(table in manifest.tables))
        .map((table) => fileOf(experiment, table)),
    );
    manifests.set(experiment, manifest);
  }
  for (const [name, content] of sharedFiles(inOrder(manifests, order))) {
    write.set(name, content);
  }
  return { write, remove };
}

function sharedFiles(
  manifests: readonly Manifest[],
): Map<string, Content> {
  const files = new Map<string, Content>();
  const encoder = new TextEncoder();
  const tables = overview(manifests).map((table) => {
    const written: typeof table & Partial<Digested> = { ...table };
    const content = digested((write) => {
      for (const piece of table.text) write(encoder.encode(piece));
    }, written);
    files.set(fileOf("", table.name), content);
    return written;
  });
  files.set(
    PACKAGE,
    (write) => write(encoder.encode(packageText(manifests, tables))),
  );
  return files;
}
