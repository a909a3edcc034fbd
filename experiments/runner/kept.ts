/**
 * Finished cells on disk: `.cells/<experiment>/<digest>.cell`, where the digest
 * is of what the cell is computed from. The same cell is the same bytes.
 *
 * A file holds the rows of the cell, table by table, and in its last line, which
 * is JSON, everything else; that line is sealed, has the digest of the rows, and
 * says where the file belongs. So rows can be written as they come, and a file
 * that is not as it was written shows.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { CellKey } from "../experiment/experiment.ts";
import { parametersText } from "../experiment/result_files.ts";
import { HEAP_MAP_COLUMNS } from "../measures/heap_map.ts";
import {
  KEY_COLUMNS,
  MEASURE_COLUMNS,
  SAMPLE_COLUMNS,
} from "../measures/columns.ts";
import type { Experiment } from "../experiment/experiment.ts";
import type { Draft } from "./draft.ts";
import { digest } from "./digest.ts";
import type { Folder } from "./folder.ts";
import { pieces } from "./pieces.ts";
import type { Part } from "./rows.ts";
import { sealed, unsealed } from "./sealed.ts";

/** A finished cell without its rows. */
export interface Kept extends CellKey {
  /** Where its requests came from. */
  workload: string;
  /** Scalars; one that is not finite is left out. */
  measures: Record<string, number>;
  /** Digest of every file that was read, by path; `data/...` is the project's. */
  inputs: Record<string, string>;
  /** Its rows, by table, in the order in which they lie in the file. */
  tables: Record<string, Part>;
}

/** The columns of the samples. */
export const SAMPLE_TABLE = [...KEY_COLUMNS, ...SAMPLE_COLUMNS];
/** Bytes at the end of a file that are looked through for its last line. */
const TAIL = 2 ** 14;

/** All columns that tables and measures of `experiment` may refer to. */
export function dictionary({ columns = [] }: Pick<Experiment, "columns">) {
  return [
    ...columns,
    ...MEASURE_COLUMNS,
    ...SAMPLE_COLUMNS,
    ...HEAP_MAP_COLUMNS,
  ];
}

/** Where in `.cells/` a cell is kept that is computed from `key` and `code`. */
export function placeOf(key: CellKey, code: string): string {
  const { experiment, allocator, parameters, seed } = key;
  const from = [experiment, allocator, parametersText(parameters), seed, code];
  return `${experiment}/${digest(JSON.stringify(from))}.cell`;
}

/** A cell that is being written. */
export class NewCell {
  readonly #folder: Folder;
  readonly #place: string;
  readonly #draft: Draft;
  readonly #hash = createHash("sha256");
  #bytes = 0;

  /** To be kept at `place`. */
  constructor(folder: Folder, place: string) {
    this.#folder = folder;
    this.#place = place;
    this.#draft = folder.draft(place);
  }

  /** Takes the next rows. */
  write(piece: Uint8Array): void {
    this.#draft.write(piece);
    this.#hash.update(piece);
    this.#bytes += piece.length;
  }

  /** Whether the rows are those that `kept` speaks of. */
  fits({ tables }: Kept): boolean {
    const all = Object.values(tables).reduce(
      (sum, { bytes }) => sum + bytes,
      0,
    );
    return all === this.#bytes;
  }

  /** Keeps it; a power cut may lose it. */
  keep(kept: Kept): void {
    const rows = { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
    const last = JSON.stringify({ place: this.#place, rows, ...kept });
    this.#draft.write(sealed(last));
    this.#draft.place(false);
    this.#folder.use();
  }

  /** Gives it up. */
  discard(): void {
    this.#draft.discard();
  }
}

/** A kept cell that is open. */
export class KeptCell implements Disposable {
  /** What it says. */
  readonly kept: Kept;
  readonly #file: Deno.FsFile;
  readonly #rows: { bytes: number; sha256: string };

  private constructor(
    file: Deno.FsFile,
    { place: _, rows, ...kept }: LastLine,
  ) {
    this.#file = file;
    this.#rows = rows;
    this.kept = kept;
  }

  /**
   * The one at `place`; undefined if there is none, or its last line is not
   * what was written there: after a power cut, or another cell's.
   */
  static at(folder: Folder, place: string): KeptCell | undefined {
    const file = folder.openKept(place);
    if (!file) return undefined;
    const last = lastLine(file);
    if (last?.place === place) return new KeptCell(file, last);
    file.close();
  }

  /** Hands its rows to `take`; whether they are as they were written. */
  rows(take: (table: string, piece: Uint8Array) => void): boolean {
    const hash = createHash("sha256");
    this.#file.seekSync(0, Deno.SeekMode.Start);
    for (const [table, { bytes }] of Object.entries(this.kept.tables)) {
      for (const piece of pieces(this.#file, bytes)) {
        hash.update(piece);
        take(table, piece);
      }
    }
    return hash.digest("hex") === this.#rows.sha256;
  }

  /** Hands the rows of one table to `take`. */
  table(name: string, take: (piece: Uint8Array) => void): void {
    let from = 0;
    for (const [table, { bytes }] of Object.entries(this.kept.tables)) {
      if (table === name) {
        this.#file.seekSync(from, Deno.SeekMode.Start);
        for (const piece of pieces(this.#file, bytes)) take(piece);
      }
      from += bytes;
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** The last line of a file. */
type LastLine = Kept & {
  place: string;
  rows: { bytes: number; sha256: string };
};

function lastLine(file: Deno.FsFile): LastLine | undefined {
  const { size } = file.statSync();
  for (let tail = TAIL;; tail *= 2) {
    const from = Math.max(0, size - tail);
    file.seekSync(from, Deno.SeekMode.Start);
    const bytes = new Uint8Array(size - from);
    let length = 0;
    for (const piece of pieces(file, bytes.length)) {
      bytes.set(piece, length);
      length += piece.length;
    }
    const at = bytes.lastIndexOf(10);
    if (at < 0 && from > 0) continue;
    const found = unsealed(new TextDecoder().decode(bytes.subarray(at + 1)));
    return found as LastLine | undefined;
  }
}

/** The cell kept at `place`; undefined unless all of it is as it was written. */
export function readKept(folder: Folder, place: string): Kept | undefined {
  using cell = KeptCell.at(folder, place);
  return cell?.rows(() => {}) ? cell.kept : undefined;
}

/** Removes the kept cells of `experiment` that are not at `places`. */
export function prune(
  folder: Folder,
  experiment: string,
  places: readonly string[],
): void {
  const wanted = new Set(places);
  for (const name of folder.list(experiment)) {
    const place = `${experiment}/${name}`;
    if (!wanted.has(place)) folder.forget(place);
  }
}
