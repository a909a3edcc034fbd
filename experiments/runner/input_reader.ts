/**
 * The files that a cell reads, and the digests of the bytes that it got.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { changed, fileDigest, type Inputs } from "./digest.ts";
import { Failure } from "./failure.ts";
import { inputFile, isReadOnce, openFile, type Setting } from "./files.ts";

/** Opens files for one cell. */
export class InputReader {
  readonly #setting: Setting;
  /** What was read to the end, by path; undefined: begun only. */
  readonly #digests = new Map<string, string | undefined>();

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

  #note(path: string, digest: string): void {
    const known = this.#digests.get(path) ?? digest;
    this.#digests.set(path, known);
    if (known !== digest) throw new Failure(changed(path));
  }
}
