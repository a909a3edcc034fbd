/**
 * Text files as whole lines of bytes, and what parses them into a trace.
 *
 * @module
 */
import {
  type ByteChunks,
  decompress,
  joined,
  MAX_BYTES,
} from "./decompress.ts";
import { type Block, Op, type Trace } from "./trace.ts";

/** The byte that ends a line. */
export const LINE_FEED = 0x0a;
/** Bytes of the longest line, without its end. */
export const MAX_LINE: number = 2 ** 16;
/** Characters of the longest name of a phase or client. */
export const MAX_NAME = 256;
/** Characters of a refused line that an error shows. */
const MAX_SHOWN = 60;

/** Opens a file anew, from its beginning. */
export type Open = () => ByteChunks | Promise<ByteChunks>;

/** How a file is read. */
export interface ReadOptions {
  /** Decompressed bytes that a compressed file may have at most. */
  maxBytes?: number;
  /**
   * Processes of a log whose calls are taken, as one program; if none are
   * given, there must be only one.
   */
  pids?: readonly number[];
}

/** Parses the lines of one file into rows. */
export interface LineParser {
  /** Where rows go; whoever calls takes them out when it is full. */
  readonly block: Block;
  /** Calls left out so far, as they concern blocks that are not known. */
  readonly leftOut?: number;
  /** Requests so far that were refused when they were recorded: no rows. */
  readonly refused?: number;
  /**
   * Parses the lines of `text` from offset `from`, until their end or until
   * the block is full; returns the offset where it stopped. `text` ends with
   * a line feed.
   *
   * Throws `SyntaxError` with file and line.
   */
  parse(text: Uint8Array, from: number): number;
  /**
   * The file is over: fails if it must not end here. False if more rows are to
   * come than the block has room for: it is called again.
   */
  end(): boolean | void;
}

/** The names in a file, numbered in the order in which they appear. */
export class Names {
  /** Every site by its number, 1 or more; see `Trace.sites`. */
  readonly sites: string[] = [""];
  /** Name of every number. */
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** Number of `name`, a new one if need be. */
  number(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.list.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** Whether a line can hold `name`: short, printable, blanks only inside. */
export function isName(name: string): boolean {
  return name !== "" && name.length <= MAX_NAME && name === name.trim() &&
    !/[\p{Cc}\ufffd]/u.test(name);
}

/**
 * A trace that is parsed while it is read, anew for each `blocks()`, which
 * throws `SyntaxError`, and whatever `open` throws.
 */
export function textTrace(
  name: string,
  open: Open,
  parser: (names: Names) => LineParser,
  options: ReadOptions = {},
): Trace {
  const names = new Names();
  const blocks = () =>
    parsed(name, wholeText(name, open, options), parser(names));
  return { name, names: names.list, sites: names.sites, blocks };
}

/** The text of the file `name` in whole lines, decompressed if need be. */
export async function* wholeText(
  name: string,
  open: Open,
  { maxBytes = MAX_BYTES }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  yield* wholeLines(decompress(name, await open(), maxBytes));
}

/**
 * The rows that `parser` makes of `text`. Throws `SyntaxError` if there are no
 * requests among them; `hint` says why that may be.
 */
export async function* parsed(
  name: string,
  text: AsyncIterable<Uint8Array>,
  parser: LineParser,
  hint = "",
): AsyncGenerator<Block> {
  const { block } = parser;
  let requests = false;
  for await (const piece of text) {
    for (let at = 0; at < piece.length;) {
      at = parser.parse(piece, at);
      if (!block.full) continue;
      requests ||= hasRequest(block);
      yield block;
      block.length = 0;
    }
  }
  for (let more = true; more;) {
    more = parser.end() === false;
    requests ||= hasRequest(block);
    if (block.length > 0) yield block;
    block.length = 0;
  }
  if (requests) return;
  throw new SyntaxError(noRequests(name, hint));
}

/** What to say about a file in which nothing is requested; `hint` says why. */
export function noRequests(name: string, hint = ""): string {
  return `No requests found in ${name}${hint && ` (${hint})`}`;
}

/** Whether some row is more than a mark. */
function hasRequest({ op, length }: Block): boolean {
  for (let i = 0; i < length; i++) if (op[i]! < Op.PHASE) return true;
  return false;
}

/**
 * The same bytes, cut behind line feeds only; the last line gets one if it has
 * none. Of a line longer than {@linkcode MAX_LINE} only the beginning may
 * come, still too long, and nothing after it: whoever parses it must refuse.
 */
export async function* wholeLines(
  chunks: ByteChunks,
): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array = new Uint8Array(0); // a line without its end
  for await (const chunk of chunks) {
    let from = 0;
    const first = chunk.indexOf(LINE_FEED) + 1;
    if (first === 0) {
      begun = joined(begun, chunk);
      if (begun.length > MAX_LINE) break;
      continue;
    }
    if (begun.length > 0) {
      yield joined(begun, chunk.subarray(0, first));
      from = first;
    }
    const last = chunk.lastIndexOf(LINE_FEED) + 1;
    if (from < last) yield chunk.subarray(from, last);
    begun = chunk.slice(last);
  }
  if (begun.length > 0) yield joined(begun, Uint8Array.of(LINE_FEED));
}

/** `file:line: Expected ..., got "..."`; a long `got` is shortened. */
export function unexpected(
  name: string,
  line: number,
  expected: string,
  got: string,
): SyntaxError {
  const shown = JSON.stringify(printable(got));
  return new SyntaxError(
    `${name}:${line}: Expected ${expected}, got ${shown}`,
  );
}

/** Words from a file as they can be shown: short, nothing but print. */
export function printable(text: string, most = MAX_SHOWN): string {
  const shown = text.length > most ? text.slice(0, most) + "..." : text;
  return shown.replace(/[\p{C}\u2028\u2029]/gu, "?");
}
