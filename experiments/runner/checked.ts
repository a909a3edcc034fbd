/**
 * Answers of foreign modules, which may be anything: what follows may rely on
 * their form, and files are named by nothing that stands in them.
 *
 * @module
 */
import type { Column } from "../measures/columns.ts";
import { type CellKey, SAMPLES } from "../experiment/experiment.ts";
import type { Answer } from "./answer.ts";

/** What to say of a module whose answers are none. */
export const NONSENSE = "it answers nonsense";
/** Names of tables, and of measures. */
const TABLE = /^[a-z0-9_]{0,60}$/;
const MEASURE = /^\w{1,100}$/;
const TYPES = ["integer", "number", "string"];

/** `answer` as that of the cell `key`; a failure if it is none. */
export function checked(answer: unknown, key: CellKey): Answer {
  const { unsuitable, error, message, kept, seconds } = members(answer);
  if (typeof unsuitable === "string") return { unsuitable };
  if (typeof error === "string" && typeof message === "string") {
    return { error, message };
  }
  const { workload, measures, inputs, tables } = members(kept);
  const isRan = typeof seconds === "number" && seconds >= 0 &&
    typeof workload === "string" &&
    every(
      measures,
      (value, name) => MEASURE.test(name) && Number.isFinite(value),
    ) &&
    every(inputs, (value) => typeof value === "string") &&
    every(tables, (table, name) => TABLE.test(name) && isPart(table, name));
  if (!isRan) return nonsense();
  const it = { workload, measures, inputs, tables };
  return { kept: { ...it as Pick<KeptOf, keyof typeof it>, ...key }, seconds };
}

/** What became of a cell of which the answer is none. */
export function nonsense(): { error: string; message: string } {
  return { error: "", message: NONSENSE };
}

type KeptOf = Extract<Answer, { kept: unknown }>["kept"];

function isPart(table: unknown, name: string): boolean {
  const { columns, bytes } = members(table);
  return Number.isSafeInteger(bytes) && Number(bytes) >= 0 &&
    (columns === undefined && name === SAMPLES ||
      Array.isArray(columns) && columns.every(isColumn));
}

function isColumn(column: unknown): boolean {
  const { name, type, unit, description }: Partial<Column> = members(column);
  return [name, unit, description].every((text) => typeof text === "string") &&
    TYPES.includes(`${type}`);
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null
    ? value as Record<string, unknown>
    : {};
}

function every(
  value: unknown,
  test: (value: unknown, name: string) => boolean,
): boolean {
  return typeof value === "object" && value !== null &&
    Object.entries(value).every(([name, one]) => test(one, name));
}
