/**
 * Rows as CSV text, the same bytes everywhere: LF, whole numbers plain, other
 * numbers with six digits, nothing for what is undefined.
 *
 * @module
 */
import { parse } from "@std/csv/parse";
import { printable } from "../traces/lines.ts";
import type { Column, Row } from "./columns.ts";

/** Digits after the point of every number that is not whole. */
const DIGITS = 6;
/** What a negative number that rounds to 0 would be. */
const NOTHING_BELOW = `-${(0).toFixed(DIGITS)}`;

/** The first line of a file. */
export function header(columns: readonly Column[]): string {
  return csv([columns.map(({ name }) => name)]);
}

/** `rows` as lines: see {@linkcode lineWriter}. */
export function lines(
  columns: readonly Column[],
  rows: readonly Readonly<Row>[],
  common: Readonly<Row> = {},
): string {
  const line = lineWriter(columns, common);
  let text = "";
  for (const row of rows) text += line(row);
  return text;
}

/**
 * Writes a row as a line. What all lines have in common can be given in
 * `common`: values of the first columns, which the rows then lack. Throws
 * `TypeError` for a value that its column forbids, or that has no column: a
 * defect of whoever made the row.
 */
export function lineWriter(
  columns: readonly Column[],
  common: Readonly<Row> = {},
): (row: Readonly<Row>) => string {
  const shared = columns.filter(({ name }) => name in common);
  const own = columns.slice(shared.length);
  const known = new Set(own.map(({ name }) => name));
  const begin = shared.map((column) => valueText(column, common[column.name]))
    .join();
  return (row) => {
    for (const name in row) {
      if (!known.has(name)) throw new TypeError(`No column "${name}"`);
    }
    let line = begin;
    for (let i = 0; i < own.length; i++) {
      if (i > 0 || shared.length > 0) line += ",";
      line += valueText(own[i]!, row[own[i]!.name]);
    }
    return line + "\n";
  };
}

/** The names and the rows of a CSV text. */
export function read(text: string): { names: string[]; rows: string[][] } {
  const [names = [], ...rows] = parsed(text);
  return { names, rows };
}

function parsed(text: string): string[][] {
  try {
    return parse(text);
  } catch (error) { // it may show what stands there
    throw new SyntaxError(printable(String(Object(error).message), 200));
  }
}

/** Lines that are read at a time. */
const BATCH = 4096;

/**
 * The records of a CSV text that comes line by line, its names among them, in
 * batches: no more of it is held. A record ends with a line after which as
 * many quotes have been closed as opened.
 */
export function* batches(lines: Iterable<string>): Generator<string[][]> {
  let text = "";
  let count = 0;
  let isWhole = true;
  for (const line of lines) {
    text += line + "\n";
    if (line.includes('"') && line.split('"').length % 2 === 0) {
      isWhole = !isWhole;
    }
    if (++count < BATCH || !isWhole) continue;
    yield parsed(text);
    text = "";
    count = 0;
  }
  if (count > 0) yield parsed(text);
}

/** `rows` as lines, whatever they hold. */
export function csv(rows: readonly string[][]): string {
  return rows.map((row) => row.map(quoted).join() + "\n").join("");
}

/** What stands in a line for `text`: in quotes where RFC 4180 asks for them. */
function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The columns of `rows`, in the order in which they turn up: as `known` by
 * name, or with the type that their values need.
 */
export function columnsOf(
  rows: Iterable<Readonly<Row>>,
  known: readonly Column[],
): Column[] {
  const found = new Map<string, Column>();
  const dictionary = new Map(known.map((column) => [column.name, column]));
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const column = dictionary.get(name) ?? infer(name, value);
      found.set(name, widest(found.get(name) ?? column, column));
    }
  }
  return [...found.values()];
}

/** `columns` of one piece and of the next, with types that hold for both. */
export function widest(one: Column, other: Column): Column {
  const order = ["integer", "number", "string"];
  return order.indexOf(one.type) >= order.indexOf(other.type) ? one : other;
}

/** A column that nobody declared. */
function infer(name: string, value: Row[string]): Column {
  const isRatio = name.endsWith("_ratio");
  return {
    name,
    type: typeof value === "string"
      ? "string"
      : Number.isInteger(value) && !isRatio
      ? "integer"
      : "number",
    unit: isRatio ? "1" : name.endsWith("_bytes") ? "byte" : "",
    description: name.replaceAll("_", " "),
  };
}

/** A value as text: `1 - 1e-9` is 1.000000, also in the next cell. */
export function valueText(column: Column, value: Row[string]): string {
  if (value === undefined) return "";
  if (typeof value === "string") return quoted(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "INF" : "-INF";
  if (column.type === "integer") {
    if (Number.isInteger(value)) return String(value);
    throw new TypeError(
      `Column ${column.name} holds no whole number: ${value}`,
    );
  }
  const text = value.toFixed(DIGITS);
  return text === NOTHING_BELOW ? text.slice(1) : text;
}
