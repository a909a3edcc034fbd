/**
 * Reads the attributes of slab caches: lines of grep, or a table.
 *
 * @module
 */
import type { Reader } from "../kind.ts";
import { expected, type Line } from "../line.ts";
import { printable } from "../../traces/lines.ts";
import type { SysfsCache } from "./sysfs_fit.ts";

const MAX_CACHES = 2 ** 13;
/** A file of a cache and its first line. */
const ATTRIBUTE = /^(?:\S*\/)?([^/\s]+)\/([a-z_]{3,40}):(.*)$/;
/** A file that no other text has. */
const TELLING =
  /^\S*\/sys\/kernel\/slab\/[^/\s]+\/[a-z_]+:|^(?:\S*\/)?[^/\s]+\/(?:object_size|slab_size|objs_per_slab|min_partial|cpu_partial|destroy_by_rcu|hwcache_align|sheaf_capacity):/;
/** Columns that a table must have. */
export const COLUMNS: readonly string[] = [
  "object_size",
  "slab_size",
  "objs_per_slab",
  "order",
];
/** Names of the column with the cache's own name, and with an alias's target. */
const NAMES = ["cache", "name"];
const TARGETS = ["link_to", "real"];

/** Whether a text begins with `line`. */
export function beginsSysfs(line: Line): boolean {
  return isTable(line) || TELLING.test(line.text);
}

/** Whether all is known of a cache that its layout follows from. */
export function isComplete({ attributes }: SysfsCache): boolean {
  return COLUMNS.every((column) => Number.isSafeInteger(attributes[column]));
}

function isTable({ text }: Line): boolean {
  const columns = cellsOf(text);
  return COLUMNS.every((column) => columns.includes(column)) &&
    NAMES.some((name) => columns.includes(name));
}

function cellsOf(text: string): string[] {
  return text.split(text.includes("\t") ? "\t" : ",").map((cell) =>
    cell.trim()
  );
}

/** A cache that is being read. */
interface Begun {
  name: string;
  alias: boolean;
  attributes: Record<string, number>;
}

/** Reads until another table begins, or something else. */
export class SysfsReader implements Reader<SysfsCache[]> {
  readonly #caches = new Map<string, Begun>();
  #columns: readonly string[] | undefined;

  take(line: Line): boolean {
    if (this.#columns) return !isTable(line) && this.#row(line);
    if (this.#caches.size === 0 && isTable(line)) {
      this.#columns = cellsOf(line.text);
      return true;
    }
    const [, name, attribute, value] = ATTRIBUTE.exec(line.text) ?? [];
    if (name === undefined) return false;
    const { attributes } = this.#cache(line, name);
    if (attributes[attribute!] !== undefined) {
      if (attribute !== "object_size") return true;
      throw expected(line, "each cache once");
    }
    attributes[attribute!] = numberOf(attribute!, value!);
    return true;
  }

  end(): SysfsCache[] {
    return [...this.#caches.values()];
  }

  #row(line: Line): boolean {
    const columns = this.#columns!;
    const cells = cellsOf(line.text);
    if (cells.length === 1) return false;
    if (cells.length !== columns.length) {
      throw expected(line, `${columns.length} columns, as the heading has`);
    }
    const named = NAMES.map((name) => columns.indexOf(name)).find((i) =>
      i >= 0
    )!;
    const name = cells[named]!;
    if (this.#caches.has(name)) throw expected(line, "each cache once");
    const cache = this.#cache(line, name);
    for (const [i, column] of columns.entries()) {
      if (TARGETS.includes(column)) {
        cache.alias ||= cells[i] !== "" && cells[i] !== name;
      } else if (i !== named && (cells[i] !== "" || column === "ctor")) {
        cache.attributes[column] = numberOf(column, cells[i]!);
      }
    }
    for (const column of COLUMNS) {
      if (!Number.isSafeInteger(cache.attributes[column])) {
        throw expected(line, `a number as ${column}`);
      }
    }
    return true;
  }

  #cache(line: Line, name: string): Begun {
    const shown = printable(name);
    const found = this.#caches.get(shown);
    if (found) return found;
    if (this.#caches.size === MAX_CACHES) {
      throw expected(line, `at most ${MAX_CACHES} caches`);
    }
    const cache = { name: shown, alias: false, attributes: {} };
    this.#caches.set(shown, cache);
    return cache;
  }
}

/** The number at the beginning of a value; of a constructor whether it is one. */
function numberOf(attribute: string, value: string): number {
  if (attribute === "ctor") return value === "" || value === "0" ? 0 : 1;
  const digits = /^\s*(\d{1,15})\b/.exec(value)?.[1];
  return digits === undefined ? NaN : Number(digits);
}
