/**
 * Text files with a row a line and commas in between.
 *
 * @module
 */
import { decompress } from "./decompress.ts";
import { type Open, unexpected, wholeLines } from "./lines.ts";

/** A line of names, not of values. */
const NAMES = /^[a-z_]+(\s*,\s*[a-z_]+)+$/i;

/** A row: its fields, and where it stands. */
export interface TextRow {
  /** Line in the file, from 1. */
  line: number;
  /** The groups of the form. */
  fields: string[];
}

/**
 * The rows of the file `name`, compressed or not. Blank lines are left out,
 * and a first line of names. Throws `SyntaxError` with file and line where a
 * row is not of the `form` that `expected` describes, or where there is none.
 */
export async function* textRows(
  name: string,
  open: Open,
  form: RegExp,
  expected: string,
): AsyncGenerator<TextRow> {
  const decoder = new TextDecoder();
  let [line, rows] = [0, 0];
  for await (const bytes of wholeLines(decompress(name, await open()))) {
    for (const row of decoder.decode(bytes).split("\n").slice(0, -1)) {
      line++;
      const text = row.trim();
      if (text === "" || line === 1 && NAMES.test(text)) continue;
      const match = form.exec(text);
      if (!match) throw unexpected(name, line, expected, text);
      rows++;
      yield { line, fields: match.slice(1) };
    }
  }
  if (rows === 0) throw unexpected(name, line + 1, expected, "");
}
