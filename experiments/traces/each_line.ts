/**
 * Parsers that take a text trace line by line.
 *
 * @module
 */
import {
  LINE_FEED,
  type LineParser,
  MAX_LINE,
  type Names,
  unexpected,
} from "./lines.ts";
import { Block } from "./trace.ts";

const DECODER = new TextDecoder();

/** A parser of files in which each line is an operation, blank, or `# ...`. */
export abstract class EachLine implements LineParser {
  readonly block: Block = new Block();
  readonly names: Names;
  readonly #name: string;
  /** Number of the line being parsed. */
  protected line = 0;
  #text = "";

  /** Starts before the first line of the file `name`. */
  constructor(name: string, names: Names) {
    this.#name = name;
    this.names = names;
  }

  /**
   * Pushes one row for a line, or none; false if the line stands for one more.
   */
  protected abstract row(line: string): boolean;

  parse(text: Uint8Array, from: number): number {
    let at = from;
    while (at < text.length && !this.block.full) {
      const end = text.indexOf(LINE_FEED, at);
      this.line++;
      this.#text = DECODER.decode(text.subarray(at, end)).trim();
      if (end - at > MAX_LINE) this.fail(`at most ${MAX_LINE} bytes`);
      const blank = this.#text === "" || this.#text.startsWith("#");
      if (blank || this.row(this.#text)) at = end + 1;
      else this.line--;
    }
    return at;
  }

  end(): boolean | void {
    if (this.line > 0) return;
    this.line = 1;
    this.fail("an operation");
  }

  /** Appends a row that comes from the line being parsed. */
  protected push(op: number, slot: number, size: number, extra: number): void {
    this.block.line[this.block.length] = this.line;
    this.block.push(op, slot, size, extra);
  }

  /** Throws `SyntaxError` with file and line. */
  protected fail(expected: string): never {
    throw unexpected(this.#name, this.line, expected, this.#text);
  }
}
