/**
 * A folder of results as its data package describes it: a file that is not as
 * it was written is refused, never read.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { join } from "node:path";
import { read } from "../measures/csv.ts";
import { fileDigest } from "./digest.ts";
import { Failure } from "./failure.ts";
import { namesIn, readText } from "./folder.ts";
import { isLink } from "./links.ts";
import { linesOf } from "./pieces.ts";
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
    this.check(resource);
    return Deno.readTextFileSync(join(this.#folder, resource.path));
  }

  /** Its lines, one after the other; `check` says whether they are sound. */
  lines({ path }: Resource): Iterable<string> {
    return linesOf(join(this.#folder, path));
  }

  /** Throws `Failure` if a file that the package describes is spoilt. */
  check(resource: Resource): void {
    const path = join(this.#folder, resource.path);
    const why = damage(path, resource);
    if (why === undefined) return;
    throw new Failure(`${path} is not as it was written: ${why}`);
  }
}

/** What is wrong with the file at `path`; undefined if nothing is. */
function damage(
  path: string,
  { bytes, sha256, columns }: Resource,
): string | undefined {
  if (isLink(path)) return "it is a link";
  const size = sizeOf(path);
  if (size === undefined) return "it is gone";
  if (size === 0) return "it is empty";
  if (sha256 === undefined) {
    return raggedness(Deno.readTextFileSync(path), columns.length);
  }
  if (size !== bytes) {
    return `it has ${plural(size, "byte")} instead of ${bytes}`;
  }
  return fileDigest(path) === sha256 ? undefined : "its bytes have changed";
}

/** Length of a file in bytes; undefined if there is none. */
function sizeOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The first line that has not as many fields as there are columns. */
function raggedness(text: string, columns: number): string | undefined {
  try {
    const { names, rows } = read(text);
    const at = [names, ...rows].findIndex((row) => row.length !== columns);
    if (at < 0) return undefined;
    return `line ${at + 1} has not ${plural(columns, "field")}`;
  } catch {
    return "it is no CSV";
  }
}
