/**
 * The rows of a cell on their way to its file: in pieces of bytes, so that no
 * more of them is held than a piece.
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import { lineWriter } from "../measures/csv.ts";
import { SAMPLES } from "../experiment/experiment.ts";

/** Characters of a piece, at least. */
const PIECE = 2 ** 16;

/** A table of a cell: the next so many bytes of its file are its rows. */
export interface Part {
  /** What the lines hold, in order; absent: the columns of samples. */
  columns?: readonly Column[];
  /** Length of the lines. */
  bytes: number;
}

/** Takes rows and hands out pieces. */
export class Rows {
  /** What has been written, in order. */
  readonly parts: Record<string, Part> = {};
  readonly #emit: (piece: Uint8Array) => void;
  readonly #encoder = new TextEncoder();
  #text = "";
  #table: { bytes: number } = { bytes: 0 };

  /** Pieces go to `emit`. */
  constructor(emit: (piece: Uint8Array) => void) {
    this.#emit = emit;
  }

  /** Begins a table; see `lineWriter`. Returns what takes its rows. */
  table(
    name: string,
    columns: readonly Column[],
    common: Parameters<typeof lineWriter>[1],
  ): (row: Parameters<ReturnType<typeof lineWriter>>[0]) => void {
    this.flush();
    const part = { ...(name !== SAMPLES && { columns }), bytes: 0 };
    this.#table = this.parts[name] = part;
    const line = lineWriter(columns, common);
    return (row) => {
      this.#text += line(row);
      if (this.#text.length >= PIECE) this.flush();
    };
  }

  /** Hands out what is left. */
  flush(): void {
    if (this.#text === "") return;
    const piece = this.#encoder.encode(this.#text);
    this.#text = "";
    this.#table.bytes += piece.length;
    this.#emit(piece);
  }
}
