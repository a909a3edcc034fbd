/**
 * Takes a file apart: which kinds of text it holds, one after the other.
 *
 * Every line is offered to the text that is being read, then to each kind as
 * a first line. What nobody takes may name the next sample (a date); prompts
 * and blank lines mean nothing.
 *
 * @module
 */
import type { Kind, Reader, Sample } from "./kind.ts";
import { expected, isPrompt, type Line, lineOf } from "./line.ts";
import { printable } from "../traces/lines.ts";

/** Lines of the longest file that is read. */
const MAX_LINES = 2 ** 21;
/** First lines that are kept, to tell what an unknown file is. */
const HEAD_LINES = 20;
/** Characters of a sample's name. */
const MAX_LABEL = 40;

/** Texts of one kind that follow each other. */
export interface Group<T = unknown> {
  /** What they are. */
  kind: Kind<T>;
  /** The texts, in the order of the file. */
  samples: Sample<T>[];
}

/** What a file holds. */
export interface Contents {
  /** Name of the file. */
  name: string;
  /** Its texts. */
  groups: Group[];
  /** Lines that belong to no text, prompts and names of samples aside. */
  strange: { count: number; first?: Line };
  /** The beginning of the file. */
  head: readonly string[];
}

/** Reads a file line by line. */
export class TextReader {
  readonly #name: string;
  readonly #kinds: readonly Kind[];
  readonly #contents: Contents;
  readonly #head: string[] = [];
  #number = 0;
  #kind: Kind | undefined;
  #reader: Reader<unknown> | undefined;
  #sample: Omit<Sample<unknown>, "data"> = { label: "", line: 0 };
  /** A line that may name the sample after it. */
  #title: Line | undefined;

  /** Starts before the first line of the file `name`. */
  constructor(name: string, kinds: readonly Kind[]) {
    this.#name = name;
    this.#kinds = kinds;
    this.#contents = {
      name,
      groups: [],
      strange: { count: 0 },
      head: this.#head,
    };
  }

  /** Takes the next line; throws `SyntaxError` with file and line. */
  line(raw: string): void {
    const line = lineOf(this.#name, ++this.#number, raw);
    if (this.#head.length < HEAD_LINES) this.#head.push(raw);
    if (this.#number > MAX_LINES) {
      throw expected(line, `at most ${MAX_LINES} lines`);
    }
    if (line.words.length === 0) return;
    if (this.#reader?.take(line)) return this.#strange();
    const kind = this.#kinds.find((kind) => kind.begins(line));
    if (kind) this.#begin(kind, line);
    else if (!this.#kind?.inLog && !isPrompt(line) && isTelling(line)) {
      this.#strange();
      this.#title = line;
    }
  }

  /** Everything that was read. */
  end(): Contents {
    this.#close();
    this.#strange();
    return this.#contents;
  }

  #begin(kind: Kind, line: Line): void {
    this.#close();
    const title = line.stamp || this.#title?.text || "";
    if (line.stamp === "") this.#title = undefined;
    this.#strange();
    this.#sample = { label: printable(title, MAX_LABEL), line: line.number };
    this.#kind = kind;
    this.#reader = kind.reader();
    this.#reader.take(line);
  }

  #close(): void {
    if (!this.#reader) return;
    const data = this.#reader.end();
    this.#reader = undefined;
    const { groups } = this.#contents;
    if (groups.at(-1)?.kind !== this.#kind) {
      groups.push({ kind: this.#kind!, samples: [] });
    }
    groups.at(-1)!.samples.push({ ...this.#sample, data });
  }

  /** What might have been a title is none. */
  #strange(): void {
    if (!this.#title) return;
    const { strange } = this.#contents;
    strange.count++;
    strange.first ??= this.#title;
    this.#title = undefined;
  }
}

/** Whether a line is more than a rule between two texts. */
function isTelling({ text }: Line): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
