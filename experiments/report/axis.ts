/**
 * What an axis says: its title and unit, from the definition of its column or
 * parameter, and the scale that its numbers are shown in.
 *
 * @module
 */
import { type Column, KEY_COLUMNS } from "../harness/columns.ts";
import { MEASURE_COLUMNS, SAMPLE_COLUMNS } from "../harness/columns.ts";
import type { Experiment } from "../harness/experiment.ts";
import { HEAP_MAP_COLUMNS } from "../harness/heap_map.ts";

/** An axis. */
export interface Axis {
  /** Column or parameter. */
  name: string;
  /** What it means, with its unit. */
  title: string;
  /** Whether its values are words, or numbers that stand like words. */
  discrete: boolean;
  /** What a value is multiplied by to be shown. */
  factor: number;
  /** A Vega expression for a label; undefined: the number. */
  label?: string;
}

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB"];
/** A longer description is cut at its first statement that is no stub. */
const LONG = 40;
const STUB = 12;

/** A length with its unit, where one unit does not suit all of an axis. */
const BYTES_LABEL = BINARY.map((unit, i) =>
  i < BINARY.length - 1
    ? `datum.value < ${2 ** (10 * (i + 1))} ? format(datum.value / ${
      2 ** (10 * i)
    }, '~g') + ' ${unit}' : `
    : `format(datum.value / ${2 ** (10 * i)}, '~g') + ' ${unit}'`
).join("");

/** The definition of a column or a parameter of `experiment`. */
export function definition(
  experiment: Pick<Experiment, "columns" | "parameters">,
  name: string,
): Column | undefined {
  const column = [
    ...experiment.columns ?? [],
    ...KEY_COLUMNS,
    ...SAMPLE_COLUMNS,
    ...MEASURE_COLUMNS,
    ...HEAP_MAP_COLUMNS,
  ].find((known) => known.name === name);
  const parameter = experiment.parameters[name];
  if (column || !parameter) return column;
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
  column: Column,
  { log, discrete, values }: {
    log: boolean;
    discrete: boolean;
    values: readonly number[];
  },
): Axis {
  const { name, type, unit, description } = column;
  const words = titleOf(description);
  const axis = { name, title: words, discrete: true, factor: 1 };
  if (discrete || type === "string") return axis;
  if (unit === "byte") {
    if (log) {
      return { ...axis, discrete: false, label: BYTES_LABEL };
    }
    const most = values.reduce((a, b) => Math.max(a, b), 0);
    const step = Math.min(
      BINARY.length - 1,
      Math.floor(Math.log2(Math.max(1, most)) / 10),
    );
    const title = `${words} (${BINARY[step]})`;
    return { ...axis, title, discrete: false, factor: 2 ** (-10 * step) };
  }
  if (name.endsWith("_ratio")) {
    return { ...axis, title: `${words} (%)`, discrete: false, factor: 100 };
  }
  const shown = unit === "" || unit === "1" ||
      words.toLowerCase().includes(unit.toLowerCase())
    ? words
    : `${words} (${unit === "s" || unit === "ns" ? unit : unit + "s"})`;
  return { ...axis, title: shown, discrete: false };
}

/** A description as a title: its first statement, with a capital. */
function titleOf(description: string): string {
  const whole = description.replace(/\.$/, "");
  const end = whole.slice(STUB).search(/[;:]/);
  const first = whole.length > LONG && end >= 0
    ? whole.slice(0, STUB + end)
    : whole;
  return first.replace(/^[a-z](?=\w)/, (letter) => letter.toUpperCase());
}
