/**
 * Stand-in for `jsr:@std/csv/stringify`, over npm's csv-stringify.
 *
 * @module
 */
import { stringify as write } from "csv-stringify/sync";

/** Key of a value: a property of an object, an index of an array. */
export type PropertyAccessor = number | string;

/** A column and its name. Simplified: no path into nested objects. */
export type ColumnDetails = { header?: string; prop: PropertyAccessor };

/** A column, named after its key unless it says otherwise. */
export type Column = ColumnDetails | PropertyAccessor;

/** One row. */
export type DataItem = Readonly<Record<string, unknown> | unknown[]>;

/** Options of {@linkcode stringify}. */
export type StringifyOptions = {
  /** Whether the names of `columns` come first; true if left out. */
  headers?: boolean;
  /** What stands between values; a comma if left out. */
  separator?: string;
  /** What to write of every row, in this order; needed for objects. */
  columns?: readonly Column[];
};

/**
 * Rows as CSV, every line ended by CRLF. A value is quoted if it contains the
 * separator, a quote or LF; null and undefined are empty; objects become JSON.
 * Throws `TypeError` for an object without `columns`.
 */
export function stringify(
  data: readonly DataItem[],
  options: StringifyOptions = {},
): string {
  const { headers = true, separator = ",", columns = [] } = options;
  const details = columns.map((column) =>
    typeof column === "object" ? column : { prop: column }
  );
  const rows = data.map((row) => values(row, details));
  if (headers && details.length > 0) {
    rows.unshift(details.map(({ header, prop }) => header ?? prop));
  }
  return write(rows, {
    delimiter: separator,
    record_delimiter: "\r\n",
    quoted_match: "\n",
    cast: { boolean: String },
  });
}

/** The values of a row that go into its line. */
function values(row: DataItem, details: ColumnDetails[]): unknown[] {
  if (details.length > 0) {
    const item = row as Readonly<Record<PropertyAccessor, unknown>>;
    return details.map(({ prop }) => item[prop]);
  }
  if (Array.isArray(row)) return row;
  throw new TypeError("No property accessor was provided for object");
}
