/**
 * What an axis says: its title and unit, from the definition of its column or
 * parameter, and the scale that its numbers are shown in.
 *
 * @module
 */
import {
  type Column,
  KEY_COLUMNS,
  MEASURE_COLUMNS,
  SAMPLE_COLUMNS,
} from "../../measures/columns.ts";
import {
  type Experiment,
  HEAP_MAP,
  SAMPLES,
} from "../../experiment/experiment.ts";
import { HEAP_MAP_COLUMNS } from "../../measures/heap_map.ts";

/** An axis. */
export interface Axis {
  /** Column or parameter. */
  name: string;
  /** What it means, with its unit. */
  title: string;
  /** Whether its values are words, or numbers that stand like words. */
  discrete: boolean;
  /** Whether it is logarithmic. */
  log: boolean;
  /** What a value is multiplied by to be shown. */
  factor: number;
  /** What is written at a value; undefined: the number. */
  label?: (value: number) => string;
}

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB"];
/** A longer description is cut at its first statement that is no stub. */
const LONG = 40;
const STUB = 9;

/** A length with its unit, where one unit does not suit all of an axis. */
function bytesLabel(bytes: number): string {
  const step = stepOf(bytes);
  return `${Number((bytes / 2 ** (10 * step)).toPrecision(4))} ${BINARY[step]}`;
}

/** The same where that is exact, else the number. */
function wholeBytesLabel(bytes: number): string {
  const whole = bytes % 2 ** (10 * stepOf(bytes)) === 0;
  return whole ? bytesLabel(bytes) : String(bytes);
}

/** The largest unit that is no more than `bytes`, by its place in BINARY. */
function stepOf(bytes: number): number {
  const step = Math.floor(Math.log2(Math.max(1, bytes)) / 10);
  return Math.min(BINARY.length - 1, step);
}

/** The definition of a column of `table` or of a parameter; one that repeats the name if there is none. */
export function definition(
  experiment: Pick<Experiment, "columns" | "parameters">,
  table: string,
  name: string,
): Column {
  const column = [
    ...KEY_COLUMNS,
    ...(table === "summary" ? MEASURE_COLUMNS : []),
    ...(table === SAMPLES ? SAMPLE_COLUMNS : []),
    ...(table === HEAP_MAP.table ? HEAP_MAP_COLUMNS : []),
    ...experiment.columns ?? [],
    ...SAMPLE_COLUMNS,
    ...MEASURE_COLUMNS,
  ].find((known) => known.name === name);
  if (column) return column;
  const parameter = experiment.parameters[name];
  if (!parameter) return { name, type: "number", unit: "", description: name };
  const { summary: description, values } = parameter;
  const words = Object.values(values).flat().some((v) => typeof v === "string");
  return {
    name,
    type: words ? "string" : "number",
    unit: /\bbytes?\b/i.test(description) && !words ? "byte" : "",
    description,
  };
}

/** The axis of `column`; `values` are those to show, if they are numbers. */
export function axisOf(
  { name, type, unit, description }: Column,
  { log, discrete, values }: {
    log: boolean;
    discrete: boolean;
    values: readonly number[];
  },
): Axis {
  const words = titleOf(description);
  const axis = { name, title: words, discrete: false, log, factor: 1 };
  if (discrete || type === "string") {
    const label = unit === "byte" ? wholeBytesLabel : undefined;
    return { ...axis, discrete: true, log: false, ...(label && { label }) };
  }
  if (unit === "byte" && log) return { ...axis, label: bytesLabel };
  if (unit === "byte") {
    const step = stepOf(values.reduce((a, b) => Math.max(a, b), 1));
    const title = `${words} (${BINARY[step]})`;
    return { ...axis, title, factor: 2 ** (-10 * step) };
  }
  if (name.endsWith("_ratio")) {
    return { ...axis, title: `${words} (%)`, factor: 100 };
  }
  const obvious = ["", "1"].includes(unit) ||
    words.toLowerCase().includes(unit.toLowerCase());
  return { ...axis, title: obvious ? words : `${words} (${plural(unit)})` };
}

/** Units of time are symbols; others are words. */
function plural(unit: string): string {
  return /^[a-z]{3,}$/.test(unit) ? `${unit}s` : unit;
}

/** A description as a title: its first statement, with a capital, no markup. */
function titleOf(description: string): string {
  const whole = description.replace(/\.$/, "").replace(/`/g, "").replaceAll(
    "_",
    " ",
  );
  const end = whole.slice(STUB).search(/[;:]/);
  const first = whole.length > LONG && end >= 0
    ? whole.slice(0, STUB + end)
    : whole;
  return first.replace(/^[a-z](?=\w)/, (letter) => letter.toUpperCase());
}
