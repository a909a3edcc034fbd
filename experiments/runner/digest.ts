/**
 * Digests (SHA-256, hexadecimal) of what cells are computed from.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.ts";
import { pieces } from "./pieces.ts";
import { inputFile, isReadOnce, projectPath, type Setting } from "./files.ts";

/** An import or a re-export of a local file, by its path. */
const IMPORT = /\b(?:from|import)\s*\(?\s*["']((?:\.{0,2}\/|file:)[^"']+)["']/g;
/** How the names of modules end. */
const MODULE = /\.[cm]?[jt]sx?$/;

/** The digest of a text. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The digest of a file's bytes; of a pipe there is none. */
export function fileDigest(path: string): string {
  if (isReadOnce(path)) throw new Failure(`${path} can be read only once`);
  const hash = createHash("sha256");
  using file = Deno.openSync(path);
  for (const piece of pieces(file)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * The modules `urls` and all local files that they import, however far, by URL;
 * undefined: what is no file, or none that a module of `folder` may import.
 * That are modules, and files of other kinds in the folder, unless hidden.
 */
function sourcesOf(
  urls: readonly string[],
  folder: string,
): Map<string, string | undefined> {
  const texts = new Map<string, string | undefined>();
  const home = Deno.realPathSync(folder) + "/";
  const found = new Set(urls);
  for (const url of found) { // which also visits what is added meanwhile
    const text = sourceOf(url, home);
    texts.set(url, text);
    for (const [, path] of text?.matchAll(IMPORT) ?? []) {
      found.add(new URL(path!, url).href);
    }
  }
  return texts;
}

function sourceOf(url: string, home: string): string | undefined {
  try {
    const path = Deno.realPathSync(fileURLToPath(url));
    const isOne = MODULE.test(path) ||
      path.startsWith(home) && !path.slice(home.length - 1).includes("/.");
    return isOne && Deno.statSync(path).isFile
      ? Deno.readTextFileSync(path)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The digest of the modules `urls` and of all that they import. */
function sourcesDigest(urls: readonly string[], folder: string): string {
  const hash = createHash("sha256");
  for (const [url, text] of sourcesOf(urls, folder)) hash.update(text ?? url);
  return hash.digest("hex");
}

/** Paths of the module `url` and of the local files that it imports. */
export function sourceFiles(url: string): string[] {
  return [...sourcesOf([url], folderOf(url))].flatMap(([url, text]) =>
    text === undefined ? [] : [fileURLToPath(url)]
  );
}

function folderOf(url: string): string {
  return fileURLToPath(new URL(".", url));
}

/** Digests of the files that a cell read, by path as the cell names them. */
export type Inputs = Readonly<Record<string, string>>;

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
      sourcesDigest([worker, setting.catalogue], projectPath(""));
  }

  /** What a cell's code is: this project, and the user's module at `path`. */
  code(path?: string): string {
    if (path === undefined) return this.#sources;
    const url = this.#setting.modules[path]!;
    const known = this.#modules.get(path) ??
      sourcesDigest([url], folderOf(url));
    this.#modules.set(path, known);
    return this.#sources + known;
  }

  /**
   * Takes note of what a cell read, as `inputs` says; what to say if another
   * cell read other bytes of the same file.
   */
  note(inputs: Inputs): string | undefined {
    for (const [path, digest] of Object.entries(inputs)) {
      const known = this.#files.get(path) ?? digest;
      this.#files.set(path, known);
      if (known !== digest) return changed(path);
    }
  }

  /** Throws `Failure` unless all input files are still as `inputs` says. */
  verify(inputs: Inputs): void {
    for (const [path, digest] of Object.entries(inputs)) {
      const file = inputFile(this.#setting, path);
      if (attempt(() => fileDigest(file)) !== digest) {
        throw new Failure(changed(path));
      }
    }
  }

  /** Whether all input files are, as far as this run knows, as `inputs` says. */
  agree(inputs: Inputs): boolean {
    return Object.entries(inputs).every(([path, known]) =>
      attempt(() => this.#file(path)) === known
    );
  }

  #file(path: string): string {
    const known = this.#files.get(path) ??
      fileDigest(inputFile(this.#setting, path));
    this.#files.set(path, known);
    return known;
  }
}

/** What `read` gives; undefined if a file is gone, or a pipe by now. */
function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What to say about a file of which not the same bytes were read throughout. */
export function changed(path: string): string {
  const name = path.replace("project:", "");
  return `${name} changed while the run read it: run it again`;
}
