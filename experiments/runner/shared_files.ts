/**
 * The files of a folder that cover all its experiments, with the data package,
 * which comes last: it tells the lengths and digests of the others.
 *
 * @module
 */
import { fileOf } from "../experiment/result_files.ts";
import { type Content, type Digested, digested } from "./draft.ts";
import type { Manifest } from "./manifest.ts";
import { overview } from "./overview.ts";
import { PACKAGE, packageText } from "./package.ts";

/** Their contents, by name, to be written in this order. */
export function sharedFiles(
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
