/**
 * A folder of results as its data package describes it: a file that is not as
 * it was written is refused, never read.
 *
 * @module
 */
import { join } from "node:path";
import { read } from "../measures/csv.ts";
import { fingerprint } from "./digest.ts";
import { Failure } from "./failure.ts";
import { namesIn, readText } from "./folder.ts";
import { PACKAGE, readPackage, type Resource } from "./package.ts";

/** The results in a folder. */
export class Results {
  /** Every file that the package describes. */
  readonly resources: readonly Resource[];
  readonly #folder: string;

  private constructor(folder: string, resources: readonly Resource[]) {
    this.#folder = folder;
    this.resources = resources;
  }

  /** Those in `folder`; `Failure` if it holds none, or nothing says which. */
  static in(folder: string): Results {
    const found = Results.find(folder);
    if (found) return found;
    throw new Failure(`No results in ${folder}: run some experiments first`);
  }

  /** As `in`; undefined if there is neither a package nor a CSV file. */
  static find(folder: string): Results | undefined {
    const text = readText(join(folder, PACKAGE));
    const resources = readPackage(text ?? "");
    if (resources) return new Results(folder, resources);
    const csv = namesIn(folder).find((name) => name.endsWith(".csv"));
    if (text === undefined && csv === undefined) return undefined;
    const why = text === undefined
      ? `there is ${csv}, but no ${PACKAGE} that says what it is`
      : text === ""
      ? `${PACKAGE} is empty`
      : `${PACKAGE} is damaged, or of another version`;
    throw new Failure(`Cannot read the results in ${folder}: ${why}`);
  }

  /** What the package says of the file `path`; undefined if nothing. */
  about(path: string): Resource | undefined {
    return this.resources.find((resource) => resource.path === path);
  }

  /** The text of a file that the package describes; `Failure` if it is spoilt. */
  text(resource: Resource): string {
    const text = readText(join(this.#folder, resource.path));
    const why = damage(text, resource);
    if (text !== undefined && why === undefined) return text;
    throw new Failure(
      `${join(this.#folder, resource.path)} is not as it was written: ${why}`,
    );
  }
}

/** What is wrong with the text of a file; undefined if nothing is. */
function damage(
  text: string | undefined,
  { bytes, sha256, columns }: Resource,
): string | undefined {
  if (text === undefined) return "it is gone";
  if (text === "") return "it is empty";
  if (sha256 === undefined) return raggedness(text, columns.length);
  const found = fingerprint(text);
  if (found.sha256 === sha256) return undefined;
  return found.bytes === bytes
    ? "its bytes have changed"
    : `it has ${found.bytes} bytes instead of ${bytes}`;
}

/** The first line that has not as many fields as there are columns. */
function raggedness(text: string, columns: number): string | undefined {
  try {
    const { names, rows } = read(text);
    const at = [names, ...rows].findIndex((row) => row.length !== columns);
    if (at < 0) return undefined;
    return `line ${at + 1} has not ${columns} fields`;
  } catch {
    return "it is no CSV";
  }
}
