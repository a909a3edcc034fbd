/**
 * The folder in which one run of `record` collects logs. While it runs, it
 * locks a file there; a folder whose file is not locked was left by one that
 * was killed.
 *
 * @module
 */

const PREFIX = "logs-";
const BEGUN = "begun-";
const LOCK = "lock";

/** A folder of logs that nobody else takes. */
export class LogsFolder implements Disposable {
  /** Its path. */
  readonly path: string;
  readonly #lock: Deno.FsFile;
  #isKept = false;

  private constructor(path: string, lock: Deno.FsFile) {
    this.path = path;
    this.#lock = lock;
  }

  /** A new one below `place`. */
  static made(place: string): LogsFolder {
    const begun = Deno.makeTempDirSync({ dir: place, prefix: BEGUN });
    const lock = lockOf(begun);
    lock.lockSync(true);
    const id = begun.slice(begun.lastIndexOf(BEGUN) + BEGUN.length);
    const path = `${place}/${PREFIX}${id}`;
    Deno.renameSync(begun, path); // now others see it, and its lock
    return new LogsFolder(path, lock);
  }

  /** Those below `place` that were left. */
  static *left(place: string): Generator<LogsFolder> {
    for (const { name, isDirectory } of [...Deno.readDirSync(place)]) {
      if (!isDirectory || !name.startsWith(PREFIX)) continue;
      const left = LogsFolder.#taken(`${place}/${name}`);
      if (left) yield left;
    }
  }

  /** The one at `path`; undefined if somebody has it, or had it just now. */
  static #taken(path: string): LogsFolder | undefined {
    let lock;
    try {
      lock = lockOf(path);
      if (lock.tryLockSync(true) && Deno.statSync(path).isDirectory) {
        return new LogsFolder(path, lock);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    lock?.close();
  }

  /** What tells it from others: a few letters and digits. */
  get id(): string {
    return this.path.slice(this.path.lastIndexOf(PREFIX) + PREFIX.length);
  }

  /** It stays, to be taken by somebody else. */
  keep(): void {
    this.#isKept = true;
  }

  /** Removes it, unless it is kept. */
  [Symbol.dispose](): void {
    if (!this.#isKept) Deno.removeSync(this.path, { recursive: true });
    this.#lock.close();
  }
}

function lockOf(folder: string): Deno.FsFile {
  return Deno.openSync(`${folder}/${LOCK}`, { write: true, create: true });
}
