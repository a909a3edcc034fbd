/**
 * A folder for files that are needed for a while. It goes when it is disposed
 * of; what a killed process has left goes when the next one makes a folder in
 * the same place. Its lock is the kernel's and ends with the process.
 *
 * @module
 */
import { join } from "node:path";
import { isSame } from "./folder.ts";

const PREFIX = ".";
const SUFFIX = ".tmp";
const LOCK = "lock";

/** A folder that nobody else uses. */
export class TemporaryFolder implements Disposable {
  /** Path of the folder. */
  readonly path: string;
  readonly #lock: Deno.FsFile;

  private constructor(path: string, lock: Deno.FsFile) {
    this.path = path;
    this.#lock = lock;
  }

  /** A new one in the folder `place`, which is made if need be. */
  static async in(place: string): Promise<TemporaryFolder> {
    Deno.mkdirSync(place, { recursive: true });
    for (const { name, isDirectory } of [...Deno.readDirSync(place)]) {
      const isOne = name.startsWith(PREFIX) && name.endsWith(SUFFIX);
      if (isDirectory && isOne) await sweep(join(place, name));
    }
    while (true) {
      const path = Deno.makeTempDirSync({
        dir: place,
        prefix: PREFIX,
        suffix: SUFFIX,
      });
      const lock = await locked(path);
      if (lock) return new TemporaryFolder(path, lock);
    }
  }

  /** Removes it with all that is in it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
    this.#lock.close();
  }
}

/** Removes the folder at `path` if no process uses it. */
async function sweep(path: string): Promise<void> {
  const lock = await locked(path);
  if (!lock) return;
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    // Another process sweeps as well.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    lock.close();
  }
}

/**
 * The lock of the folder at `path`; undefined if another process has it, or has
 * just swept the folder.
 */
async function locked(path: string): Promise<Deno.FsFile | undefined> {
  const name = join(path, LOCK);
  try {
    const lock = Deno.openSync(name, { create: true, write: true });
    if (await lock.tryLock(true) && isSame(lock, name)) return lock;
    lock.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}
