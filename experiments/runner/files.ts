/**
 * The files that cells read.
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, firstLine } from "./failure.ts";

/** How a cell names a file of the project's `data/` folder. */
export const PROJECT_DATA = "project:data/";

/** The path of a file of this project. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Where a run takes place: all that workers must know. */
export interface Setting {
  /** URL of the module that exports EXPERIMENTS. */
  catalogue: string;
  /** File URLs of the user's allocators, by path as written in specs. */
  modules: Readonly<Record<string, string>>;
  /** Folder of relative paths. */
  cwd: string;
  /** Files that stand for what can be read only once, by its path. */
  spooled: ReadonlyMap<string, string>;
}

/** The file that a cell names `path`. */
export function inputFile(setting: Setting, path: string): string {
  const spooled = setting.spooled.get(path);
  if (spooled !== undefined) return spooled;
  return path.startsWith(PROJECT_DATA)
    ? projectPath(path.replace("project:", ""))
    : resolve(setting.cwd, path);
}

/** Whether `file` is a pipe or device: there, but to be read only once. */
export function isReadOnce(file: string): boolean {
  try {
    const { isFile, isDirectory } = Deno.statSync(file);
    return !isFile && !isDirectory;
  } catch {
    return false; // whoever opens it will say why
  }
}

/** The bytes of `file`, called `name` in messages; `Failure` if it cannot be read. */
export async function openFile(
  file: string,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const shown = name.replace("project:", "");
  try {
    const opened = await Deno.open(file);
    if (!(await opened.stat()).isDirectory) return opened.readable;
    opened.close();
  } catch (error) {
    throw unreadable(shown, error);
  }
  throw unreadable(shown);
}

/** As {@linkcode openFile}, as a file. */
export function openSync(file: string, name: string): Deno.FsFile {
  try {
    const opened = Deno.openSync(file);
    if (!opened.statSync().isDirectory) return opened;
    opened.close();
  } catch (error) {
    throw unreadable(name, error);
  }
  throw unreadable(name);
}

/** What to say about a file that cannot be read; without an error: a folder. */
function unreadable(name: string, error?: unknown): Failure {
  const why = error === undefined
    ? "it is a folder"
    : error instanceof Deno.errors.NotFound
    ? "there is no such file"
    : error instanceof Deno.errors.PermissionDenied
    ? "permission denied"
    : firstLine(error);
  return new Failure(`Cannot read ${name}: ${why}`);
}

/** Whether there is a folder at `path`; what cannot be looked at is none. */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // whoever opens it says why
  }
}
