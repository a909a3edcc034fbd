/**
 * Reads whatever holds a trace, in any format of {@linkcode FORMATS}.
 *
 * @module
 */
import { decompress, joined, MAX_BYTES } from "./decompress.ts";
import { type Format, recognise, TELLING_BYTES } from "./format.ts";
import { FORMATS } from "./formats.ts";
import {
  type LineParser,
  Names,
  type Open,
  parsed,
  type ReadOptions,
  unexpected,
  wholeLines,
} from "./lines.ts";
import type { Block, Trace } from "./trace.ts";

/** A trace whose format is found out by reading. */
export interface OpenedTrace extends Trace {
  /**
   * What the file is. Opens it, unless that is known; the next `blocks()` goes
   * on with the same stream, so that one which can be opened only once will do.
   * Throws as `blocks()` does.
   */
  format(): Promise<Format>;
  /**
   * Calls that the last `blocks()` has left out so far, as the file does not
   * show where their blocks come from.
   */
  readonly leftOut: number;
  /** Requests that were refused when they were recorded; left out as well. */
  readonly refused: number;
}

/**
 * The trace in a file, compressed or not. Its lines tell the format; the name
 * plays no part.
 *
 * `blocks()` throws `SyntaxError` with file and line, also if nothing is
 * requested or `options.holds` says otherwise, and whatever `open` throws.
 */
export function openTrace(
  name: string,
  open: Open,
  options: ReadOptions & {
    /** What must be requested; bytes unless it is given. */
    holds?: Format["holds"] | "any";
  } = {},
): OpenedTrace {
  return new Opened(name, open, options.holds ?? "bytes", options);
}

/** The format of a file, of which only the beginning is read. */
export async function formatOf(name: string, open: Open): Promise<Format> {
  const { format, close } = await begin(name, open, {});
  await close();
  return format;
}

/** A file of which the beginning has been read. */
interface Begun {
  format: Format;
  /** All of it: whole lines, unless it has none. */
  bytes(): AsyncIterable<Uint8Array>;
  /** Closes it. */
  close(): Promise<unknown>;
}

/** Opens a file and finds out what it is; throws as `blocks()` does. */
async function begin(
  name: string,
  open: Open,
  { maxBytes = MAX_BYTES }: ReadOptions,
): Promise<Begun> {
  const bytes = decompress(name, await open(), maxBytes);
  const close = () => bytes.return(undefined);
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (head.length < TELLING_BYTES) {
      const { done, value } = await bytes.next();
      if (done) break;
      head = joined(head, value);
    }
    const start = head.subarray(0, TELLING_BYTES);
    const binary = FORMATS.find((format) => format.begins?.(start));
    const all = chained([head], bytes);
    if (binary) return { format: binary, bytes: () => all, close };
    const lines = wholeLines(all);
    const { format, pieces } = await recognise(name, lines, FORMATS);
    return { format, bytes: () => chained(pieces, lines), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* chained(
  pieces: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* pieces;
  yield* rest;
}

class Opened implements OpenedTrace {
  readonly name: string;
  readonly #open: Open;
  readonly #holds: string;
  readonly #options: ReadOptions;
  readonly #names = new Names();
  #format: Format | undefined;
  #parser: LineParser | undefined;
  /** The stream that `format` has opened and nobody has read. */
  #begun: Begun | undefined;

  constructor(name: string, open: Open, holds: string, options: ReadOptions) {
    this.name = name;
    this.#open = open;
    this.#holds = holds;
    this.#options = options;
  }

  get names(): readonly string[] {
    return this.#names.list;
  }

  get sites(): readonly string[] {
    return this.#names.sites;
  }

  get leftOut(): number {
    return this.#parser?.leftOut ?? 0;
  }

  get refused(): number {
    return this.#parser?.refused ?? 0;
  }

  async format(): Promise<Format> {
    if (!this.#format) this.#begun = await this.#begin();
    return this.#format!;
  }

  async *blocks(): AsyncGenerator<Block> {
    const { format, bytes, close } = this.#begun ?? await this.#begin();
    this.#begun = undefined;
    try {
      this.#parser = format.parser(this.name, this.#names, this.#options);
      yield* parsed(this.name, bytes(), this.#parser, format.hint);
    } finally {
      await close();
    }
  }

  async #begin(): Promise<Begun> {
    const begun = await begin(this.name, this.#open, this.#options);
    const { name, holds, processes } = begun.format;
    try {
      if (this.#options.pids && !processes) {
        throw unexpected(this.name, 1, "a log that names processes", name);
      }
      if (this.#holds !== "any" && holds !== this.#holds) {
        throw new SyntaxError(
          `${this.name}: Expected requests for ${this.#holds}, ` +
            `got a trace that requests ${holds} (${name})`,
        );
      }
    } catch (error) {
      await begun.close();
      throw error;
    }
    this.#format = begun.format;
    return begun;
  }
}
