/**
 * Digests (SHA-256, hexadecimal) of what cells are computed from.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { Failure } from "./failure.ts";
import { inputFile, isReadOnce, type Setting } from "./files.ts";

/** An import or a re-export of a module beside this one, by its path. */
const IMPORT = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/** The digest of a text. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The digest of a file's bytes; of a pipe there is none. */
function fileDigest(path: string): string {
  if (isReadOnce(path)) throw new Failure(`${path} can be read only once`);
  const hash = createHash("sha256");
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(2 ** 20);
  for (let n; (n = file.readSync(bytes)) !== null;) {
    hash.update(bytes.subarray(0, n));
  }
  return hash.digest("hex");
}

/**
 * The digest of the modules `urls` and of all that they import from beside
 * them, however far. What is no local file counts by its address.
 */
function sourcesDigest(urls: readonly string[]): string {
  const hash = createHash("sha256");
  const found = new Set(urls);
  for (const url of found) { // which also visits what is added meanwhile
    const text = sourceOf(url);
    hash.update(text ?? url);
    for (const [, path] of text?.matchAll(IMPORT) ?? []) {
      found.add(new URL(path!, url).href);
    }
  }
  return hash.digest("hex");
}

function sourceOf(url: string): string | undefined {
  try {
    return Deno.readTextFileSync(new URL(url));
  } catch {
    return undefined;
  }
}

/** The digests that a run needs, each computed once. */
export class Digests {
  readonly #setting: Setting;
  readonly #sources: string;
  readonly #modules = new Map<string, string>();
  readonly #files = new Map<string, string>();

  /** Reads the sources of this project. */
  constructor(setting: Setting) {
    this.#setting = setting;
    const worker = new URL("./worker.ts", import.meta.url).href;
    this.#sources = Deno.version.deno +
      sourcesDigest([worker, setting.catalogue]);
  }

  /** What a cell's code is: this project, and the user's module at `path`. */
  code(path?: string): string {
    if (path === undefined) return this.#sources;
    const known = this.#modules.get(path) ??
      sourcesDigest([this.#setting.modules[path]!]);
    this.#modules.set(path, known);
    return this.#sources + known;
  }

  /** The digest of every input file, by its path as a cell wrote it. */
  of(paths: readonly string[]): Record<string, string> {
    return Object.fromEntries(paths.map((path) => [path, this.#file(path)]));
  }

  /** Whether all input files are still as `inputs` says. */
  agree(inputs: Readonly<Record<string, string>>): boolean {
    try {
      return Object.entries(inputs).every(([path, known]) =>
        this.#file(path) === known
      );
    } catch {
      return false; // a file is gone or a pipe now; the cell will say so
    }
  }

  #file(path: string): string {
    const known = this.#files.get(path) ??
      fileDigest(inputFile(this.#setting, path));
    this.#files.set(path, known);
    return known;
  }
}
