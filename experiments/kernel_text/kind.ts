/**
 * What a kind of text is: how it is recognised, read and explained.
 *
 * @module
 */
import type { Line } from "./line.ts";

/** Takes the lines of one text, one after the other. */
export interface Reader<T> {
  /**
   * Takes `line` if it belongs to this text; false if the text ends before it.
   * Throws `SyntaxError` with file and line for a line that only looks so.
   */
  take(line: Line): boolean;
  /** What was read; throws `SyntaxError` if the text breaks off. */
  end(): T;
}

/** One text of a kind: the state of a machine, or of a process, at one time. */
export interface Sample<T> {
  /** When or where it was taken, as the file says; "" if it does not. */
  label: string;
  /** Its first line, from 1. */
  line: number;
  /** What was read. */
  data: T;
}

/** What is not in a text itself. */
export interface Setting {
  /** Bytes of a page. */
  pageBytes: number;
}

/** A cell of a table; "" where there is nothing. */
export type Cell = string | number;

/** Samples as a table of plain values, for programs. */
export interface Table<T> {
  /** Names of the columns: snake_case, unit as suffix. */
  columns: readonly string[];
  /** The rows of one sample. */
  rows(data: T, setting: Setting): Cell[][];
}

/** A kind of text. */
export interface Kind<T = unknown> {
  /** What it is called. */
  readonly name: string;
  /** One line: what the text is and where it comes from. */
  readonly about: string;
  /** Whether its explanation depends on the size of a page. */
  readonly inPages?: boolean;
  /** Whether it stands among other lines of a log, which mean nothing here. */
  readonly inLog?: boolean;
  /** Whether a text of this kind begins with `line`, whatever came before. */
  begins(line: Line): boolean;
  /** A reader of one text. */
  reader(): Reader<T>;
  /** Bytes of a page, if the text shows them. */
  pageBytes?(data: T): number | undefined;
  /** Puts together what belongs to one sample. */
  join?(samples: readonly Sample<T>[]): Sample<T>[];
  /** What `samples` mean, which followed each other in a file: lines. */
  explain(samples: readonly Sample<T>[], setting: Setting): string[];
  /** The samples for programs. */
  readonly table: Table<T>;
}
