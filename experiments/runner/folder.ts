/**
 * A folder of results that one run at a time writes: every file whole or not
 * at all, and files that belong together all or none, whatever ends the
 * process (see `commit.ts`).
 *
 * The calls are synchronous, so that no signal handler runs while a temporary
 * file exists; what a killed process left behind is finished or swept when the
 * next one has the lock. The lock is the kernel's and ends with the process.
 * A folder that was made for results and got none goes again.
 *
 * @module
 */
import { dirname, join, relative, sep } from "node:path";
import { type Change, commit, recover, replaceFile } from "./commit.ts";
import { Draft, removeIfThere } from "./draft.ts";
import { ClosedFolder, Failure, UsageError } from "./failure.ts";
import { projectPath } from "./files.ts";
import { isLink, refuseLink, refuseLinks } from "./links.ts";

/** Where the parts of a run are kept, inside the folder. */
const HIDDEN = ".cells";
/** Where its figures are. */
const FIGURES = "figures";
const LOCK = ".lock";
const JOURNAL = ".commit.tmp";
const TEMPORARY = /^\..*\.tmp$/;

/** A folder while this process holds its lock. */
export class Folder implements Disposable {
  /** Path of the folder. */
  readonly path: string;
  readonly #lock: Deno.FsFile;
  /** Folders that were made for it, the innermost first. */
  readonly #made: readonly string[];
  #isUsed = false;

  private constructor(
    path: string,
    lock: Deno.FsFile,
    made: readonly string[],
  ) {
    this.path = path;
    this.#lock = lock;
    this.#made = made;
  }

  /**
   * Makes the folder if need be and locks it; `Failure` if another run has it
   * or nothing can be written there, `UsageError` where the project keeps
   * files of its own.
   */
  static async open(path: string): Promise<Folder> {
    const below = relative(projectPath("data"), path).split(sep);
    if (["", "traces"].includes(below[0]!)) {
      throw new UsageError(
        `${path} holds the project's own files: results need a folder of ` +
          "their own such as data/mine",
      );
    }
    const hidden = join(path, HIDDEN);
    if (below[0] !== "..") refuseLinks(path, projectPath("data"));
    for (const name of [HIDDEN, FIGURES]) refuseLink(join(path, name));
    for (const name of linksIn(hidden)) refuseLink(join(hidden, name));
    const made = missing(hidden);
    const lock = await locked(path, hidden);
    const folder = new Folder(path, lock, made);
    try {
      recover(path, join(hidden, JOURNAL));
      for (const place of [path, hidden, join(path, FIGURES)]) sweep(place);
    } catch (error) {
      folder[Symbol.dispose]();
      throw error;
    }
    return folder;
  }

  /** Gives the lock back; a new folder without any result goes. */
  [Symbol.dispose](): void {
    if (!this.#isUsed && this.#made.length > 0) {
      try {
        for (const { name } of [...Deno.readDirSync(this.hidden(""))]) {
          Deno.removeSync(this.hidden(name)); // the lock, and empty folders
        }
        for (const path of this.#made) Deno.removeSync(path);
      } catch { /* somebody else uses it */ }
    }
    this.#lock.close();
  }

  /** Writes and removes files together, so that it survives a power cut. */
  commit(change: Change): void {
    this.#isUsed = true;
    commit(this.path, join(this.path, HIDDEN, JOURNAL), change);
  }

  /** Writes the file `name` whole, and so that it survives a power cut. */
  write(name: string, text: string): void {
    this.#isUsed = true;
    const path = join(this.path, name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, text);
  }

  /** Begins a file below `.cells/`. */
  draft(name: string): Draft {
    const path = this.hidden(name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    return new Draft(path);
  }

  /** Makes a file below `.cells/` that is not there yet. */
  createKept(name: string): Deno.FsFile {
    const path = this.hidden(name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    return Deno.openSync(path, { createNew: true, read: true, write: true });
  }

  /** An empty file that nobody else sees and that goes when it is closed. */
  scratch(): Deno.FsFile {
    return scratch(join(this.path, HIDDEN));
  }

  /** The folder is to stay: something is kept. */
  use(): void {
    this.#isUsed = true;
  }

  /** Opens a file below `.cells/`; undefined if there is none. */
  openKept(name: string): Deno.FsFile | undefined {
    if (isLink(this.hidden(name))) return undefined;
    try {
      return Deno.openSync(this.hidden(name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** The text of the file `name`; undefined if there is none. */
  read(name: string): string | undefined {
    return readText(join(this.path, name));
  }

  /** Path of the file `name` in `.cells/`. */
  hidden(name: string): string {
    return join(this.path, HIDDEN, name);
  }

  /** Names of the files in a folder below `.cells/`, sorted. */
  list(name: string): string[] {
    return namesIn(this.hidden(name));
  }

  /** Removes the file `name`, if there is one. */
  remove(name: string): void {
    removeIfThere(join(this.path, name));
  }

  /** Removes the file `name` below `.cells/`, if there is one. */
  forget(name: string): void {
    removeIfThere(this.hidden(name));
  }
}

/** A file in `folder` that has no name and goes when it is closed. */
export function scratch(folder: string): Deno.FsFile {
  const path = join(folder, `.scratch-${crypto.randomUUID()}.tmp`);
  const file = Deno.openSync(path, {
    createNew: true,
    read: true,
    write: true,
  });
  Deno.removeSync(path);
  return file;
}

/** Names of the links in a folder; none if it is not there. */
function linksIn(path: string): string[] {
  return isThere(path)
    ? [...Deno.readDirSync(path)].filter(({ isSymlink }) => isSymlink)
      .map(({ name }) => name)
    : [];
}

/** The text of a file; undefined if there is none, `Failure` for a link. */
export function readText(path: string): string | undefined {
  refuseLink(path);
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Names of the files in a folder, sorted; none if it is not there. */
export function namesIn(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].filter((entry) => entry.isFile)
      .map((entry) => entry.name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** `path` and the folders above it that are not there, the innermost first. */
function missing(path: string): string[] {
  const found: string[] = [];
  for (let at = path; !isThere(at) && dirname(at) !== at; at = dirname(at)) {
    found.push(at);
  }
  return found;
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The locked file in `hidden`, which is made if need be. */
async function locked(path: string, hidden: string): Promise<Deno.FsFile> {
  while (true) {
    const file = openLock(path, hidden);
    if (!await file.tryLock(true)) {
      file.close();
      throw new Failure(`Another run is writing to ${path}`);
    }
    // A run without results may have removed the file before it was locked.
    if (isSame(file, join(hidden, LOCK))) return file;
    file.close();
  }
}

function openLock(path: string, hidden: string): Deno.FsFile {
  try {
    Deno.mkdirSync(hidden, { recursive: true });
    return Deno.openSync(join(hidden, LOCK), { create: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw new ClosedFolder(path);
    throw error;
  }
}

/** Whether the open `file` is the one at `path`. */
export function isSame(file: Deno.FsFile, path: string): boolean {
  try {
    return file.statSync().ino === Deno.statSync(path).ino;
  } catch {
    return false;
  }
}

/** Removes the temporary files in a folder, and below it in `.cells/`. */
function sweep(path: string): void {
  if (!isThere(path)) return;
  for (const entry of Deno.readDirSync(path)) {
    const inner = join(path, entry.name);
    if (entry.isFile && TEMPORARY.test(entry.name)) Deno.removeSync(inner);
    else if (entry.isDirectory && path.endsWith(HIDDEN)) sweep(inner);
  }
}
