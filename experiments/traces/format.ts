/**
 * What a format of traces declares about itself, and how the format of a file
 * is recognised: by its lines, whatever its name, while it streams in.
 *
 * Lines that tell nothing (comments, a shell's prompt, what a program printed
 * between the calls) are passed over; the first line that only one format can
 * have decides.
 *
 * @module
 */
import type { LineParser, Names, ReadOptions } from "./lines.ts";
import { LINE_FEED, noRequests, unexpected } from "./lines.ts";

/** A form in which traces come. */
export interface Format {
  /** What it is called in help and in messages. */
  name: string;
  /** How such a file is made or what its lines are, for help. */
  summary: string;
  /** What is requested. */
  holds: "bytes" | "pages";
  /** Whether its lines name the process that they are about. */
  processes?: true;
  /** A line, without blanks around it, that no other format has; of a text. */
  line?: RegExp;
  /** Whether `head`, up to 64 bytes, begins such a file; of one without lines. */
  begins?(head: Uint8Array): boolean;
  /** How a file may begin in which no line decides. */
  begin?: RegExp;
  /** Why such a file may hold no requests, for the message. */
  hint?: string;
  /**
   * A parser of the file `name`: it is given whole lines, and a file without
   * lines as it comes.
   */
  parser(name: string, names: Names, options: ReadOptions): LineParser;
}

/** Bytes that tell what a file without lines is. */
export const TELLING_BYTES = 64;

/** The beginning of a file, and what it is the beginning of. */
export interface Head {
  /** The format. */
  format: Format;
  /** The text read so far: whole lines. */
  pieces: Uint8Array[];
}

/** What holds no trace, and its first lines, for whoever knows other texts. */
export class UnknownFormat extends SyntaxError {
  /** Name of the file. */
  readonly file: string;
  /** Lines from its beginning. */
  readonly lines: readonly string[];

  /** `message` has file and line. */
  constructor(message: string, file: string, lines: readonly string[]) {
    super(message);
    this.file = file;
    this.lines = lines;
  }
}

/** Bytes among which the first telling line must come: 1 MiB. */
const HEAD = 2 ** 20;
/** Characters of the longest line that can tell. */
const MAX_TELLING = 4096;
/** First lines that an error keeps. */
const MAX_KEPT = 100;
const DECODER = new TextDecoder();

/**
 * Takes pieces of `text`, the file `name`, until one of `formats` is recognised.
 *
 * Throws {@linkcode UnknownFormat} if none is.
 */
export async function recognise(
  name: string,
  text: AsyncIterator<Uint8Array>,
  formats: readonly Format[],
): Promise<Head> {
  const pieces: Uint8Array[] = [];
  const kept: string[] = [];
  let first = { number: 1, text: "" }; // line that is not blank
  let line = 0;
  for (let read = 0; read < HEAD;) {
    const { done, value } = await text.next();
    if (done) break;
    pieces.push(value.slice());
    read += value.length;
    for (let at = 0; at < value.length;) {
      const end = value.indexOf(LINE_FEED, at);
      line++;
      const shown = DECODER.decode(value.subarray(at, end)).trim();
      if (first.text === "") first = { number: line, text: shown };
      if (kept.length < MAX_KEPT) kept.push(shown);
      const format = shown.length <= MAX_TELLING &&
        formats.find(({ line }) => line?.test(shown));
      if (format) return { format, pieces };
      at = end + 1;
    }
  }
  const format = formats.find(({ begin }) => begin?.test(first.text));
  if (format) return { format, pieces };
  if (first.text === "") throw new UnknownFormat(noRequests(name), name, kept);
  const known = formats.map(({ name }) => name).join(", ");
  const expected = `a trace (${known})`;
  const { message } = unexpected(name, first.number, expected, first.text);
  throw new UnknownFormat(message, name, kept);
}
