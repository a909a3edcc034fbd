/**
 * Stand-in for `jsr:@std/csv/parse`, over npm's csv-parse.
 *
 * @module
 */
import { parse as read } from "csv-parse/sync";

/** Options of {@linkcode parse}. */
export type ParseOptions = {
  /** What stands between values; a comma if left out. */
  separator?: string;
  /** Lines that begin with this character are left out. */
  comment?: string;
  /** Whether the first row is left out, or names the columns. */
  skipFirstRow?: boolean;
  /** The names of the columns. */
  columns?: readonly string[];
};

/** Objects where the columns have names, arrays otherwise. */
export type ParseResult<T extends ParseOptions> = T extends
  { columns: readonly (infer Name extends string)[] } ? Record<Name, string>[]
  : T extends { skipFirstRow: true } ? Record<string, string>[]
  : string[][];

/**
 * The rows of a CSV text; lines end in LF or CRLF, empty ones are left out.
 * Throws `SyntaxError` where a quote is out of place, and where a row of
 * objects has more or fewer values than there are columns.
 */
export function parse(input: string): string[][];
export function parse<const T extends ParseOptions>(
  input: string,
  options: T,
): ParseResult<T>;
export function parse(
  input: string,
  options: ParseOptions = {},
): string[][] | Record<string, string>[] {
  const { separator = ",", comment = null, skipFirstRow, columns } = options;
  const rows = attempt(() =>
    read(input, {
      bom: true,
      comment,
      comment_no_infix: true,
      delimiter: separator,
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      skip_empty_lines: true,
    })
  );
  const first = skipFirstRow ? rows.shift() : undefined;
  const names = columns ?? first;
  if (names === undefined) return rows;
  return rows.map((row, i) => {
    if (row.length === names.length) {
      return Object.fromEntries(names.map((name, k) => [name, row[k]!]));
    }
    const counts = `${row.length} fields, but the header has ${names.length}`;
    throw new SyntaxError(`Record ${i + 1} has ${counts}`);
  });
}

/** Turns what csv-parse throws into `SyntaxError`. */
function attempt(rows: () => string[][]): string[][] {
  try {
    return rows();
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
}
