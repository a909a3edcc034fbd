/**
 * Reads whatever holds a trace, in any format of {@linkcode FORMATS}.
 *
 * @module
 */
import type { Format, Head } from "./format.ts";
import { recognise } from "./format.ts";
import { FORMATS } from "./formats.ts";
import {
  type LineParser,
  Names,
  type Open,
  parsed,
  type ReadOptions,
  unexpected,
  wholeText,
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
  const text = wholeText(name, open, {});
  try {
    return (await recognise(name, text, FORMATS)).format;
  } finally {
    await text.return(undefined); // closes the file
  }
}

/** A stream whose beginning has been read. */
interface Begun extends Head {
  rest: AsyncGenerator<Uint8Array>;
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

  async format(): Promise<Format> {
    if (!this.#format) this.#begun = await this.#begin();
    return this.#format!;
  }

  async *blocks(): AsyncGenerator<Block> {
    const { format, pieces, rest } = this.#begun ?? await this.#begin();
    this.#begun = undefined;
    async function* text(): AsyncGenerator<Uint8Array> {
      try {
        yield* pieces;
        yield* rest;
      } finally {
        await rest.return(undefined); // closes the file
      }
    }
    this.#parser = format.parser(this.name, this.#names, this.#options);
    yield* parsed(this.name, text(), this.#parser, format.hint);
  }

  async #begin(): Promise<Begun> {
    const rest = wholeText(this.name, this.#open, this.#options);
    const head = await recognise(this.name, rest, FORMATS);
    const { name, holds, processes } = head.format;
    if (this.#options.pids && !processes) {
      throw unexpected(this.name, 1, "a log that names processes", name);
    }
    if (this.#holds !== "any" && holds !== this.#holds) {
      throw unexpected(this.name, 1, `requests for ${this.#holds}`, name);
    }
    this.#format = head.format;
    return { ...head, rest };
  }
}
