/**
 * A file under a temporary name, in the folder where it will take its own: it
 * is there whole or not at all.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { Failure } from "./failure.ts";
import { isFolder } from "./files.ts";
import { Gather } from "./gather.ts";
import { writeAll } from "./write_all.ts";

/** What to write: a text, or what hands out the bytes. */
export type Content = string | WriteContent;

/** Hands out the bytes of a file. */
export type WriteContent = (write: (bytes: Uint8Array) => void) => void;

/** A file that has not got its name yet. */
export class Draft {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: Deno.FsFile;
  #isOpen = true;

  /**
   * To be called `path`; `Failure` if something is in the way. Where several
   * processes may write it at once, each has a `tag` of its own.
   */
  constructor(path: string, tag = "") {
    const at = temporary(path + tag);
    this.#temporary = at;
    if (isFolder(path)) {
      throw new Failure(`${path} is a folder: it is in the way`);
    }
    try {
      this.#file = Deno.openSync(at, { createNew: true, write: true });
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) {
        throw new Failure(`Cannot write ${path}: ${at} is in the way`);
      }
      throw error;
    }
    this.#path = path;
  }

  /** Writes the next part; gives the file up if that fails. */
  write(content: Content | Uint8Array): void {
    this.#orDiscard(() => {
      if (typeof content !== "function") return writeAll(this.#file, content);
      const buffer = new Gather((bytes) => writeAll(this.#file, bytes));
      content((bytes) => buffer.write(bytes));
      buffer.flush();
    });
  }

  /** Locks it as long as this process lives, or it is open. */
  lock(): void {
    this.#orDiscard(() => this.#file.lockSync(true));
  }

  /** Synchronizes what is written, so that it survives a power cut. */
  sync(): void {
    this.#orDiscard(() => this.#file.syncSync());
  }

  /** Closes it; it keeps its temporary name. */
  close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }

  /** Gives it its name; with `sync` that survives a power cut. */
  place(sync: boolean): void {
    if (sync) this.sync();
    this.close();
    this.#orDiscard(() => Deno.renameSync(this.#temporary, this.#path));
    if (sync) syncFolders(dirname(this.#path), [basename(this.#path)]);
  }

  /** Gives it up: it goes. */
  discard(): void {
    this.close();
    removeIfThere(this.#temporary);
  }

  #orDiscard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.discard();
      throw error;
    }
  }
}

/** Where a file is written before it takes its name. */
export function temporary(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp`);
}

/** Removes a file if it is there. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Synchronizes the folders of the files `names` in `folder`. */
export function syncFolders(folder: string, names: readonly string[]): void {
  for (const place of new Set(names.map((name) => dirname(name)))) {
    using opened = Deno.openSync(join(folder, place));
    opened.syncSync();
  }
}

/** The length of a file and its SHA-256, hexadecimal. */
export interface Digested {
  bytes: number;
  sha256: string;
}

/** As `content`; once it is written, `into` has its length and SHA-256. */
export function digested(
  content: WriteContent,
  into: Partial<Digested>,
): WriteContent {
  return (write) => {
    const hash = createHash("sha256");
    let bytes = 0;
    content((piece) => {
      hash.update(piece);
      bytes += piece.length;
      write(piece);
    });
    Object.assign(into, { bytes, sha256: hash.digest("hex") });
  };
}
