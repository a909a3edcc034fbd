/**
 * A folder of results that one run at a time writes: every file whole or not
 * at all, whatever ends the process.
 *
 * A file is written under a temporary name beside its own, synchronized and
 * renamed, then the folder is synchronized. The calls are synchronous, so that
 * no signal handler runs while a temporary file exists; what a killed process
 * left behind is swept when the next run has the lock. The lock is the
 * kernel's and ends with the process.
 *
 * @module
 */
import { basename, dirname, join, relative, sep } from "node:path";
import { Failure, UsageError } from "./failure.ts";
import { projectPath } from "./files.ts";
import { writeAll } from "./write_all.ts";

/** Where the parts of a run are kept, inside the folder. */
export const HIDDEN = ".cells";
/** Where its figures are. */
const FIGURES = "figures";
const TEMPORARY = /^\..*\.tmp$/;

/** A folder while this process holds its lock. */
export class Folder implements Disposable {
  /** Path of the folder. */
  readonly path: string;
  readonly #lock: Deno.FsFile;

  private constructor(path: string, lock: Deno.FsFile) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Makes the folder if need be and locks it; `Failure` if another run has it,
   * `UsageError` where the project keeps files of its own.
   */
  static async open(path: string): Promise<Folder> {
    const below = relative(projectPath("data"), path).split(sep);
    if (["", "traces"].includes(below[0]!)) {
      throw new UsageError(
        `${path} holds the project's own files: results need a folder of ` +
          "their own such as data/mine",
      );
    }
    const lock = openLock(path);
    if (!await lock.tryLock(true)) {
      lock.close();
      throw new Failure(`Another run is writing to ${path}`);
    }
    const folder = new Folder(path, lock);
    folder.#sweep(path);
    folder.#sweep(join(path, HIDDEN));
    folder.#sweep(join(path, FIGURES));
    return folder;
  }

  /** Gives the lock back. */
  [Symbol.dispose](): void {
    this.#lock.close();
  }

  /** Writes the file `name` whole, and so that it survives a power cut. */
  write(name: string, parts: Iterable<string>): void {
    const path = dirname(join(this.path, name));
    Deno.mkdirSync(path, { recursive: true });
    this.#replace(name, parts, true);
    using folder = Deno.openSync(path);
    folder.syncSync();
  }

  /** Writes a file below `.cells/` whole; a power cut may lose it. */
  keep(name: string, text: string): void {
    Deno.mkdirSync(join(this.path, HIDDEN, dirname(name)), { recursive: true });
    this.#replace(join(HIDDEN, name), [text], false);
  }

  /** The text of a file below `.cells/`; undefined if there is none. */
  kept(name: string): string | undefined {
    return this.read(join(HIDDEN, name));
  }

  /** The text of the file `name`; undefined if there is none. */
  read(name: string): string | undefined {
    try {
      return Deno.readTextFileSync(join(this.path, name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Path of the file `name` in `.cells/`. */
  hidden(name: string): string {
    return join(this.path, HIDDEN, name);
  }

  /** Names of the files in a folder below `.cells/`, sorted. */
  list(name = ""): string[] {
    try {
      return [...Deno.readDirSync(join(this.path, HIDDEN, name))]
        .filter((entry) => entry.isFile).map((entry) => entry.name).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  /** Removes the file `name`, if there is one. */
  remove(name: string): void {
    try {
      Deno.removeSync(join(this.path, name));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  #replace(name: string, parts: Iterable<string>, sync: boolean): void {
    const path = join(this.path, name);
    const temporary = join(dirname(path), `.${basename(path)}.tmp`);
    try {
      {
        using file = Deno.openSync(temporary, { createNew: true, write: true });
        for (const part of parts) writeAll(file, part);
        if (sync) file.syncSync();
      }
      Deno.renameSync(temporary, path);
    } catch (error) {
      try {
        Deno.removeSync(temporary);
      } catch { /* it was not there, and the first error tells more */ }
      throw error;
    }
  }

  #sweep(path: string): void {
    if (!isFolder(path)) return;
    for (const entry of Deno.readDirSync(path)) {
      const inner = join(path, entry.name);
      if (entry.isFile && TEMPORARY.test(entry.name)) Deno.removeSync(inner);
      else if (entry.isDirectory && path.endsWith(HIDDEN)) this.#sweep(inner);
    }
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** The open file to lock, in a folder that is made if need be. */
function openLock(path: string): Deno.FsFile {
  const hidden = join(path, HIDDEN);
  try {
    Deno.mkdirSync(hidden, { recursive: true });
    return Deno.openSync(join(hidden, ".lock"), { create: true, write: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new Failure(
      `Cannot write to ${path}: only the project's data folder is open`,
    );
  }
}
