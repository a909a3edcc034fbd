/**
 * Many small writes as few large ones.
 *
 * @module
 */

/** Bytes that are written at a time, at least. */
const SIZE = 2 ** 17;

/** Gathers bytes until it is worth writing them. */
export class Gather {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #buffer = new Uint8Array(SIZE);
  #length = 0;

  /** Bytes go to `write`, which may keep none of them. */
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  /** Takes the next bytes. */
  write(bytes: Uint8Array): void {
    if (this.#length + bytes.length > SIZE) this.flush();
    if (bytes.length > SIZE) return this.#write(bytes);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes what is left. */
  flush(): void {
    if (this.#length > 0) this.#write(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
  }
}
