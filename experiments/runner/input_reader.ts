/**
 * The files that a cell reads, and the digests of the bytes that it got.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { changed, fileDigest, type Inputs } from "./digest.ts";
import { Failure } from "./failure.ts";
import { inputFile, isReadOnce, openFile, type Setting } from "./files.ts";

/** Digests of files by path; undefined: it was not read to the end. */
export type ReadFiles = Map<string, string | undefined>;

/** Opens files for one cell. */
export class InputReader {
  readonly #setting: Setting;
  #digests: ReadFiles = new Map();

  /** Paths are those of `setting`. */
  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** The bytes of the file that the cell names `path`. */
  async open(path: string): Promise<ReadableStream<Uint8Array>> {
    const file = inputFile(this.#setting, path);
    if (isReadOnce(file)) {
      throw new Failure(`Cannot read ${path}: a pipe can be read only once`);
    }
    const bytes = await openFile(file, path);
    if (!this.#digests.has(path)) this.#digests.set(path, undefined);
    const hash = createHash("sha256");
    return bytes.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          hash.update(chunk);
          controller.enqueue(chunk);
        },
        flush: () => this.#note(path, hash.digest("hex")),
      }),
    );
  }

  /** What was read, by path; a file of which only a part was, as it is now. */
  digests(): Inputs {
    const all = [...this.#digests].map(([path, digest]) => [
      path,
      digest ?? fileDigest(inputFile(this.#setting, path)),
    ]);
    return Object.fromEntries(all);
  }

  /** Counts `files` as read. */
  add(files: ReadFiles): void {
    for (const [path, digest] of files) {
      if (digest === undefined) this.#digests.set(path, undefined);
      else this.#note(path, digest);
    }
  }

  /** What `act` results in, and the files that it reads. */
  async during<T>(act: () => Promise<T>): Promise<[T, ReadFiles]> {
    const before = this.#digests;
    const read: ReadFiles = new Map();
    this.#digests = read;
    try {
      return [await act(), read];
    } finally {
      this.#digests = before;
      this.add(read);
    }
  }

  #note(path: string, digest: string): void {
    const known = this.#digests.get(path) ?? digest;
    this.#digests.set(path, known);
    if (known !== digest) throw new Failure(changed(path));
  }
}
