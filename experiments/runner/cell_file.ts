/**
 * Finished cells in a file, one after the other: of each a line of JSON, which
 * is sealed and says how many bytes of rows follow and what their digest is,
 * then these rows, table by table.
 *
 * A cell is appended whole, so rows of several workers never mix, and only the
 * end of a file can be torn: what is read stops there. The bytes of a cell are
 * the same in every file.
 *
 * @module
 */
import type { Kept } from "./kept.ts";
import type { NewCell } from "./new_cell.ts";
import { pieces } from "./pieces.ts";
import { createHash } from "node:crypto";
import { sealed, unsealed } from "./sealed.ts";
import { writeAll } from "./write_all.ts";

/** Bytes that are read at once for lines, of which one may have more. */
const WINDOW = 2 ** 14;
/** Bytes of the longest line: longer ones are none. */
const MAX_LINE = 2 ** 26;
const LF = 10;

/** A finished cell in a file. */
export interface Stored {
  /** See `cellId`. */
  id: string;
  /** What it says. */
  kept: Kept;
  /** Its rows. */
  rows: { bytes: number; sha256: string };
  /** Where its line begins, and its rows, in bytes. */
  at: number;
  start: number;
}

/** A finished cell and the file in which it is. */
export interface Place {
  file: CellFile;
  cell: Stored;
}

/** A file of finished cells. */
export class CellFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #decoder = new TextDecoder();
  /** Where the next cell goes. */
  #end = 0;
  /** Bytes of the file that were read last, and where they begin. */
  #window: Uint8Array = new Uint8Array();
  #from = 0;

  /** Takes the open file over; `append` needs a new one. */
  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Writes a sealed line that is no cell. */
  note(what: object): void {
    const line = lineOf(what);
    this.#write([line]);
  }

  /** Writes a cell behind the others; a power cut may lose it. */
  append(id: string, kept: Kept, rows: NewCell): Stored {
    const { bytes, sha256 } = rows;
    const digested = { bytes, sha256 };
    const line = lineOf({ id, rows: digested, ...kept });
    const at = this.#end;
    this.#write([line]);
    this.#write(rows.pieces()); // one by one: each is valid until the next
    return { id, kept, rows: digested, at, start: at + line.length };
  }

  #write(parts: Iterable<Uint8Array>): void {
    this.#window = new Uint8Array();
    this.#file.seekSync(this.#end, Deno.SeekMode.Start);
    for (const part of parts) {
      writeAll(this.#file, part);
      this.#end += part.length;
    }
  }

  /** The line at `at`, what it says, and where the next byte is. */
  line(at = 0): { said: Record<string, unknown>; end: number } | undefined {
    const text = this.#textIn(this.#window, at - this.#from) ??
      this.#readText(at);
    const said = text === undefined ? undefined : unsealed(text.text);
    return said && { said, end: at + text!.bytes + 1 };
  }

  #readText(at: number): { text: string; bytes: number } | undefined {
    for (let size = WINDOW; size <= MAX_LINE; size *= 4) {
      const window = this.#read(at, size);
      const found = this.#textIn(window, 0);
      if (found || window.length < size) return found;
    }
  }

  /** The line at place `at` of `bytes`; undefined if it does not end there. */
  #textIn(
    bytes: Uint8Array,
    at: number,
  ): { text: string; bytes: number } | undefined {
    if (at < 0 || at >= bytes.length) return undefined;
    const length = bytes.subarray(at).indexOf(LF);
    if (length < 0) return undefined;
    const text = this.#decoder.decode(bytes.subarray(at, at + length));
    return { text, bytes: length };
  }

  #read(at: number, size: number): Uint8Array {
    this.#file.seekSync(at, Deno.SeekMode.Start);
    const bytes = new Uint8Array(size);
    let length = 0;
    for (const piece of pieces(this.#file, size)) {
      bytes.set(piece, length);
      length += piece.length;
    }
    this.#from = at;
    return this.#window = bytes.subarray(0, length);
  }

  /** The cells from byte `at` on, as far as their lines are whole. */
  *cells(at = 0): Generator<Stored> {
    for (let line; (line = this.line(at));) {
      const { id, rows, ...kept } = line.said as unknown as Line;
      if (typeof id !== "string") return;
      yield { id, kept, rows, at, start: line.end };
      at = line.end + rows.bytes;
    }
  }

  /** Hands the rows of a cell to `take`; whether they are as they were written. */
  rows(
    { kept, rows, start }: Stored,
    take: (table: string, piece: Uint8Array) => void,
  ): boolean {
    const hash = createHash("sha256");
    this.#file.seekSync(start, Deno.SeekMode.Start);
    for (const [table, { bytes }] of Object.entries(kept.tables)) {
      for (const piece of pieces(this.#file, bytes)) {
        hash.update(piece);
        take(table, piece);
      }
    }
    return hash.digest("hex") === rows.sha256;
  }

  /** Hands the rows of one table of a cell to `take`. */
  table(
    { kept, start }: Stored,
    name: string,
    take: (piece: Uint8Array) => void,
  ): void {
    let from = start;
    for (const [table, { bytes }] of Object.entries(kept.tables)) {
      if (table === name) {
        this.#file.seekSync(from, Deno.SeekMode.Start);
        for (const piece of pieces(this.#file, bytes)) take(piece);
      }
      from += bytes;
    }
  }

  /** Hands the line and the rows of a cell to `take`, as they are. */
  copy({ rows, at, start }: Stored, take: (piece: Uint8Array) => void): void {
    this.#file.seekSync(at, Deno.SeekMode.Start);
    const bytes = start + rows.bytes - at;
    for (const piece of pieces(this.#file, bytes)) take(piece);
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** The line of a cell. */
type Line = Kept & Pick<Stored, "id" | "rows">;

/** `what`, which has a member or more, as a sealed line. */
export function lineOf(what: object): Uint8Array {
  return new TextEncoder().encode(sealed(JSON.stringify(what)) + "\n");
}
