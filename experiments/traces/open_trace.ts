/**
 * Reads whatever holds a trace.
 *
 * @module
 */
import { type Open, type ReadOptions, textTrace } from "./lines.ts";
import { RepParser } from "./rep_reader.ts";
import type { Trace } from "./trace.ts";
import { ValgrindParser } from "./valgrind.ts";

/** First characters of valgrind's lines, and of no line of a `.rep` file. */
const VALGRIND = [..."=-"].map((character) => character.charCodeAt(0));

/**
 * The trace in a file, compressed or not: `.rep`, or what valgrind printed if
 * its first line looks so. The name plays no part.
 *
 * `blocks()` throws `SyntaxError` with file and line, and whatever `open`
 * throws.
 */
export function openTrace(
  name: string,
  open: Open,
  options?: ReadOptions,
): Trace {
  return textTrace(
    name,
    open,
    (firstByte, names) =>
      VALGRIND.includes(firstByte)
        ? new ValgrindParser(name)
        : new RepParser(name, names),
    options,
  );
}
