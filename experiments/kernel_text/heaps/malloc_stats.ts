/**
 * What glibc's malloc_stats prints: bytes from the system and in use, arena by
 * arena.
 *
 * @module
 */
import type { Kind, Reader, Sample } from "../kind.ts";
import { expected, type Line, whole } from "../line.ts";
import { memory, percent, plural, table } from "../words.ts";

const MAX_ARENAS = 2 ** 16;
/** Figures of 32 bits are printed modulo this. */
const WRAP = 2 ** 32;

/** One arena, or the process with its mapped blocks. */
interface Arena {
  /** Its number; undefined for the process. */
  nr?: number;
  /** Bytes from the system. */
  system?: number;
  /** Bytes in use, tcaches included. */
  inUse?: number;
}

/** What the text says. */
interface MallocStats {
  arenas: Arena[];
  total?: Arena;
  /** Most mapped blocks at any time, and their bytes. */
  maxMmap: { regions?: number; bytes?: number };
}

/** The kind of text. */
export const MALLOC_STATS: Kind<MallocStats> = {
  name: "malloc_stats",
  about: "what glibc's malloc_stats prints",
  begins: (line) =>
    arenaOf(line) !== undefined || line.text === TOTAL ||
    FIGURE.test(line.text),
  reader: () => new StatsReader(),
  explain: explainStats,
  table: {
    columns: ["arena", "system_bytes", "in_use_bytes"],
    rows: (data) =>
      arenasOf(data).map(({ nr, system, inUse }) => [
        nr ?? "total",
        system ?? "",
        inUse ?? "",
      ]),
  },
};

const TOTAL = "Total (incl. mmap):";
const FIGURE =
  /^(system bytes|in use bytes|max mmap regions|max mmap bytes) *= *(\d{1,20})$/;

function arenaOf({ words }: Line): number | undefined {
  return words.length === 2 && words[0] === "Arena" && words[1]!.endsWith(":")
    ? whole(words[1]!.slice(0, -1))
    : undefined;
}

/** Reads until an arena turns up again. */
class StatsReader implements Reader<MallocStats> {
  readonly #arenas = new Map<number, Arena>();
  readonly #maxMmap: MallocStats["maxMmap"] = {};
  #total: Arena | undefined;
  #arena: Arena | undefined;

  take(line: Line): boolean {
    const nr = arenaOf(line);
    if (nr !== undefined) {
      if (this.#arenas.has(nr) || this.#total) return false;
      if (this.#arenas.size === MAX_ARENAS) {
        throw expected(line, `at most ${MAX_ARENAS} arenas`);
      }
      this.#arena = { nr };
      this.#arenas.set(nr, this.#arena);
      return true;
    }
    if (line.text === TOTAL) {
      if (this.#total) return false;
      this.#arena = this.#total = {};
      return true;
    }
    const [, name, digits] = FIGURE.exec(line.text) ?? [];
    if (name === undefined) return false;
    const value = whole(digits);
    if (value === undefined) throw expected(line, "bytes up to 2^53");
    if (name.startsWith("max")) {
      const key = name === "max mmap bytes" ? "bytes" : "regions";
      this.#maxMmap[key] ??= value;
      return true;
    }
    if (!this.#arena) { // old versions and other programs print no arena
      this.#arena = this.#total = {};
    }
    const key = name === "system bytes" ? "system" : "inUse";
    if (this.#arena[key] !== undefined) return false;
    this.#arena[key] = value;
    return true;
  }

  end(): MallocStats {
    return {
      arenas: [...this.#arenas.values()],
      ...(this.#total && { total: this.#total }),
      maxMmap: this.#maxMmap,
    };
  }
}

/** The arenas, and the process. */
function arenasOf({ arenas, total }: MallocStats): Arena[] {
  return total ? [...arenas, total] : arenas;
}

function explainStats(samples: readonly Sample<MallocStats>[]): string[] {
  return samples.flatMap(({ label, data }, i) => [
    ...(samples.length > 1 ? [`${label || `Text ${i + 1}`}:`] : []),
    ...textLines(data, arenasOf(data)),
    "",
  ]);
}

function textLines(
  { maxMmap: { regions, bytes } }: MallocStats,
  arenas: readonly Arena[],
): string[] {
  const wrapped = arenas.filter(({ system = 0, inUse = 0 }) => inUse > system);
  return [
    ...table([
      ["arena", "from the system", "in use", "free", "share", ""],
      ...arenas.map(({ nr, system, inUse }) => [
        nr === undefined ? "total, with mapped blocks" : `${nr}`,
        system === undefined ? "" : memory(system),
        inUse === undefined ? "" : memory(inUse),
        ...(system === undefined || inUse === undefined || inUse > system
          ? ["", "", "figures that disagree"]
          : [
            memory(system - inUse),
            system > 0 ? percent(1 - inUse / system) : "",
            "",
          ]),
      ]),
    ]),
    "Free memory stays in the process; in use counts what threads keep in their " +
    "tcaches.",
    ...(regions === undefined ? [] : [
      `At most ${
        plural(regions, "block was", "blocks were")
      } mapped at one time${
        bytes === undefined ? "" : `, and at most ${memory(bytes)}`
      }.`,
    ]),
    ...(wrapped.length === 0 ? [] : [
      "More in use than from the system: " +
      (arenas.every(({ system = 0, inUse = 0 }) =>
          system < WRAP && inUse < WRAP
        )
        ? "these figures have 32 bits and have wrapped around at 4096 MiB; " +
          "malloc_info prints whole ones."
        : "lines are missing, or were printed while the program ran."),
    ]),
  ];
}
