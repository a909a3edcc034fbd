/**
 * Several files of a folder that change together: all or none, whatever ends
 * the process or the power.
 *
 * The new files are written under temporary names and synchronized. Then a
 * journal says which of them take their final names and which files go; from
 * here on the change is made, by whoever comes first: this process, or the
 * next one that has the folder's lock.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { Failure } from "./failure.ts";
import { writeAll } from "./write_all.ts";

/** Files to change. */
export interface Change {
  /** New texts, by the file's path in the folder. */
  write: ReadonlyMap<string, string>;
  /** Files that go, where they are there. */
  remove: readonly string[];
}

/** What is written in the journal. */
interface Plan {
  write: string[];
  remove: string[];
}

/** A file of the folder, or one folder below: nothing that leads out of it. */
const PATH = /^([a-z][\w-]*\/)?\w[\w.+-]*$/i;

/** Makes `change` in `folder`, whose journal is the file `journal`. */
export function commit(folder: string, journal: string, change: Change): void {
  const plan = { write: [...change.write.keys()], remove: [...change.remove] };
  const written: string[] = [];
  try {
    for (const [name, text] of change.write) {
      const path = join(folder, name);
      writeTemporary(path, text, true);
      written.push(temporary(path));
    }
    syncFolders(folder, plan.write); // the journal must not outlast the files
    replaceFile(journal, JSON.stringify(plan), true);
  } catch (error) {
    removeIfThere(journal); // before the files that it speaks of
    for (const path of written) removeIfThere(path);
    throw error;
  }
  carryOut(folder, plan);
  Deno.removeSync(journal);
}

/** Finishes the change that a process left behind, if one did. */
export function recover(folder: string, journal: string): void {
  let text: string;
  try {
    text = Deno.readTextFileSync(journal);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  carryOut(folder, planIn(text, journal));
  Deno.removeSync(journal);
}

/** The plan in a journal, which may be of anybody's making. */
function planIn(text: string, journal: string): Plan {
  try {
    const { write, remove }: Plan = JSON.parse(text);
    if (
      [...write, ...remove].every((name) =>
        typeof name === "string" && PATH.test(name)
      )
    ) {
      return { write, remove };
    }
  } catch { /* said below */ }
  throw new Failure(`${journal} is no journal of this program: remove it`);
}

function carryOut(folder: string, { write, remove }: Plan): void {
  for (const name of write) {
    const path = join(folder, name);
    try {
      Deno.renameSync(temporary(path), path);
    } catch (error) {
      // It has its name already, if a process before this one came so far.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  for (const name of remove) removeIfThere(join(folder, name));
  syncFolders(folder, [...write, ...remove]);
}

/** Writes a file whole or not at all; with `sync` it survives a power cut. */
export function replaceFile(path: string, text: string, sync: boolean): void {
  writeTemporary(path, text, sync);
  try {
    Deno.renameSync(temporary(path), path);
  } catch (error) {
    removeIfThere(temporary(path));
    throw error;
  }
  if (sync) syncFolders(dirname(path), [basename(path)]);
}

/** Removes a file if it is there. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Where a file is written before it takes its name. */
function temporary(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp`);
}

function writeTemporary(path: string, text: string, sync: boolean): void {
  const at = temporary(path);
  let made = false;
  if (isFolder(path)) {
    throw new Failure(`${path} is a folder: it is in the way`);
  }
  try {
    using file = Deno.openSync(at, { createNew: true, write: true });
    made = true;
    writeAll(file, text);
    if (sync) file.syncSync();
  } catch (error) {
    if (made) removeIfThere(at);
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new Failure(`Cannot write ${path}: ${at} is in the way`);
    }
    throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // whoever writes it will say why
  }
}

/** Synchronizes the folders of the files `names` in `folder`. */
function syncFolders(folder: string, names: readonly string[]): void {
  for (const place of new Set(names.map((name) => dirname(name)))) {
    using opened = Deno.openSync(join(folder, place));
    opened.syncSync();
  }
}
