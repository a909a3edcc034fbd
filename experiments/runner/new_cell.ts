/**
 * The rows of a cell that is running, until it is finished: in memory, or in a
 * file without a name if there are many.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Kept } from "./kept.ts";
import { pieces } from "./pieces.ts";
import { writeAll } from "./write_all.ts";

/** Bytes of rows that are held in memory, for each cell that is running. */
const MOST = 2 ** 20;

/** A cell that is being written. */
export class NewCell {
  readonly #scratch: () => Deno.FsFile;
  readonly #hash = createHash("sha256");
  #held: Uint8Array[] = [];
  #file: Deno.FsFile | undefined;
  #sha256 = "";
  /** Bytes of its rows. */
  bytes = 0;

  /** `scratch` opens an empty file that nobody else sees. */
  constructor(scratch: () => Deno.FsFile) {
    this.#scratch = scratch;
  }

  /** Takes the next rows. */
  write(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.bytes += piece.length;
    if (this.bytes <= MOST) {
      this.#held.push(piece);
      return;
    }
    const file = this.#file ??= this.#scratch();
    for (const held of this.#held) writeAll(file, held);
    this.#held = [];
    writeAll(file, piece);
  }

  /** Whether the rows are those that `kept` speaks of. */
  fits({ tables }: Kept): boolean {
    const all = Object.values(tables).reduce(
      (sum, { bytes }) => sum + bytes,
      0,
    );
    return all === this.bytes;
  }

  /** Digest of its rows; no more of them may come. */
  get sha256(): string {
    return this.#sha256 ||= this.#hash.digest("hex");
  }

  /** Its rows. */
  *pieces(): Generator<Uint8Array> {
    yield* this.#held;
    if (!this.#file) return;
    this.#file.seekSync(0, Deno.SeekMode.Start);
    yield* pieces(this.#file, this.bytes);
  }

  /** Lets its rows go. */
  discard(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#held = [];
  }
}
