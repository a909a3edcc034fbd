/**
 * Reads whatever holds page requests.
 *
 * @module
 */
import type { Open, ReadOptions } from "./lines.ts";
import { readPages } from "./pages_reader.ts";
import type { Trace } from "./trace.ts";
import { readPageTrace } from "./page_trace.ts";

/** Whether the file `name` holds page requests: FILE.pages, FILE.csv, or .gz. */
export function isPagesName(name: string): boolean {
  return /\.(pages|csv)(\.gz)?$/.test(name);
}

/**
 * The trace in a file, compressed or not: recorded trace points if its name
 * says CSV, else `.pages`. `blocks()` throws `SyntaxError` with file and line.
 */
export function openPages(
  name: string,
  open: Open,
  options?: ReadOptions,
): Trace {
  return /\.csv(\.gz)?$/.test(name)
    ? readPageTrace(name, open, options)
    : readPages(name, open, options);
}
