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
import { join } from "node:path";
import {
  type Content,
  Draft,
  removeIfThere,
  syncFolders,
  temporary,
} from "./draft.ts";
import { Failure } from "./failure.ts";

/** Files to change. */
export interface Change {
  /** New contents, by the file's path in the folder. */
  write: ReadonlyMap<string, Content>;
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
    for (const [name, content] of change.write) {
      const path = join(folder, name);
      const draft = new Draft(path);
      draft.write(content);
      draft.sync();
      draft.close();
      written.push(temporary(path));
    }
    syncFolders(folder, plan.write); // the journal must not outlast the files
    replaceFile(journal, JSON.stringify(plan));
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

/** Writes a file whole or not at all, so that it survives a power cut. */
export function replaceFile(path: string, content: Content): void {
  const draft = new Draft(path);
  draft.write(content);
  draft.place(true);
}
