/**
 * /proc/meminfo: who holds the machine's memory, or a node's.
 *
 * @module
 */
import type { Kind, Reader } from "./kind.ts";
import { expected, type Line, whole } from "./line.ts";
import { explainMeminfo, HOLDERS } from "./meminfo_lines.ts";

const MAX_LINES = 1000;

/** What the text says. */
export interface Meminfo {
  /** Number of the memory node; undefined for the machine. */
  node?: number;
  /** Lines in KiB, those of HugePages_ in pages. */
  lines: Record<string, number>;
}

/** The kind of text. */
export const MEMINFO: Kind<Meminfo> = {
  name: "meminfo",
  about: "/proc/meminfo: who holds memory",
  begins: (line) => {
    const field = fieldOf(line);
    return field !== undefined && STARTS.has(field.name);
  },
  reader: () => new MeminfoReader(),
  explain: explainMeminfo,
  table: {
    columns: ["node", "line", "value"],
    rows: ({ node, lines }) =>
      Object.entries(lines).map(([name, value]) => [node ?? "", name, value]),
  },
};

/** Lines with which a text, or a part of one, may begin. */
const STARTS = new Set(["MemTotal", ...HOLDERS.map(([name]) => name), "Slab"]);

/** A line `Name: number kB`, of a node `Node N Name: number kB`. */
function fieldOf({ words }: Line) {
  const of = words[0] === "Node" ? whole(words[1]) : undefined;
  const [name, number, unit, ...more] = of === undefined
    ? words
    : words.slice(2);
  const value = whole(number);
  if (
    value === undefined || more.length > 0 || !name?.endsWith(":") ||
    !/^[A-Z][A-Za-z0-9_]{1,40}(?:\([a-z]{1,20}\))?:$/.test(name) ||
    unit !== undefined && unit !== "kB"
  ) return undefined;
  return { name: name.slice(0, -1), value, node: of };
}

/** Reads until a line turns up again. */
class MeminfoReader implements Reader<Meminfo> {
  readonly #lines = new Map<string, number>();
  #node: number | undefined;

  take(line: Line): boolean {
    const field = fieldOf(line);
    if (!field) return false;
    const { name, value, node } = field;
    if (this.#lines.size === 0) this.#node = node;
    if (this.#lines.has(name) || this.#node !== node) return false;
    if (this.#lines.size === MAX_LINES) {
      throw expected(line, `at most ${MAX_LINES} lines`);
    }
    this.#lines.set(name, value);
    return true;
  }

  end(): Meminfo {
    return {
      ...(this.#node !== undefined && { node: this.#node }),
      lines: Object.fromEntries(this.#lines),
    };
  }
}
