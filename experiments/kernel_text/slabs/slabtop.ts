/**
 * What `slabtop -o` prints: the caches that hold most.
 *
 * Sizes of objects are rounded to hundredths of a KiB, so nothing is predicted
 * from them; what a cache holds is exact.
 *
 * @module
 */
import type { Kind, Reader, Sample } from "../kind.ts";
import { expected, type Line, whole } from "../line.ts";
import { printable } from "../../traces/lines.ts";
import { mebibytes, percent, table } from "../words.ts";
import {
  CACHE_COLUMNS,
  cacheRow,
  growthLines,
  type Holding,
  isSeries,
} from "./series.ts";

const MAX_CACHES = 2 ** 16;
/** Bytes of the units of sizes; a number without one counts KiB. */
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  "": 2 ** 10,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
};

/** A cache, and how many of its objects a slab holds. */
interface Shown extends Holding {
  objectsPerSlab: number;
}

/** What the program printed at one time. */
interface Slabtop {
  /** Bytes of all caches: objects in use, all objects. */
  total?: [used: number, room: number];
  /** The caches that are shown. */
  caches: Shown[];
}

/** The kind of text. */
export const SLABTOP: Kind<Slabtop> = {
  name: "slabtop",
  about: "slabtop -o: the slab caches that hold most",
  begins: (line) => isHead(line) || isTitle(line),
  reader: () => new SlabtopReader(),
  explain: explainSlabtop,
  table: {
    columns: CACHE_COLUMNS,
    rows: ({ caches }) => caches.map(cacheRow),
  },
};

function isHead({ text }: Line): boolean {
  return /^(Active \/ Total|Minimum \/ Average)/.test(text);
}

function isTitle({ words }: Line): boolean {
  return words[0] === "OBJS" && words[1] === "ACTIVE" &&
    words.at(-1) === "NAME";
}

/** Reads until the program starts over. */
class SlabtopReader implements Reader<Slabtop> {
  readonly #read: Slabtop = { caches: [] };

  take(line: Line): boolean {
    const { text, words } = line;
    const { caches } = this.#read;
    if (isHead(line)) {
      if (caches.length > 0) return false;
      const [used, room] = text.split(":").at(-1)!.split("/")
        .map((part) => bytesOf(part.trim().split(/[\s(]/)[0]!));
      if (/^Active \/ Total Size/.test(text) && used && room) {
        this.#read.total = [used, room];
      }
      return true;
    }
    if (isTitle(line)) return caches.length === 0;
    if (words.length < 8 || !words[2]!.endsWith("%")) return false;
    const [objects, activeObjects, slabs, objectsPerSlab] = [0, 1, 4, 5]
      .map((column) => whole(words[column]));
    const [size, heldBytes] = [3, 6].map((column) => bytesOf(words[column]!));
    const numbers = [objects, activeObjects, slabs, objectsPerSlab];
    if ([...numbers, size, heldBytes].includes(undefined)) {
      throw expected(line, "a cache as slabtop prints it: eight columns");
    }
    if (caches.length === MAX_CACHES) {
      throw expected(line, `at most ${MAX_CACHES} caches`);
    }
    caches.push({
      name: printable(words.slice(7).join(" ")),
      activeObjects: activeObjects!,
      objects: objects!,
      size: size!,
      slabs: slabs!,
      objectsPerSlab: objectsPerSlab!,
      heldBytes: heldBytes!,
    });
    return true;
  }

  end(): Slabtop {
    return this.#read;
  }
}

/** Bytes that `451300K` or `0.19K` stand for; undefined for other words. */
function bytesOf(word: string): number | undefined {
  const found = /^(\d{1,15}(?:\.\d{1,3})?)([BKMG]?)$/.exec(word);
  return found ? Math.round(Number(found[1]) * UNITS[found[2]!]!) : undefined;
}

function explainSlabtop(samples: readonly Sample<Slabtop>[]): string[] {
  const holdings = samples.map(({ data, ...sample }) => ({
    ...sample,
    data: data.caches,
  }));
  const series = isSeries(holdings);
  return [
    ...(series ? growthLines(holdings) : []),
    ...(series ? samples.slice(-1) : samples)
      .flatMap(({ data }) => [...textLines(data), ""]),
  ];
}

function textLines({ caches, total }: Slabtop): string[] {
  let [held, idle] = [0, 0];
  const rows = caches.map((cache) => {
    const { objects, activeObjects, size, heldBytes } = cache;
    const sound = activeObjects <= objects && size * objects <= 1.1 * heldBytes;
    const free = (objects - activeObjects) * size;
    if (sound) [held, idle] = [held + heldBytes, idle + free];
    return [
      cache.name,
      `${size}`,
      `${cache.objectsPerSlab}`,
      `${cache.slabs}`,
      mebibytes(heldBytes),
      ...(sound ? [mebibytes(free), ""] : ["", "figures that disagree"]),
    ];
  });
  return [
    ...(rows.length === 0 ? ["No cache is listed."] : table([
      ["cache", "size", "objects/slab", "slabs", "held", "idle", ""],
      ...rows,
    ])),
    "",
    `${mebibytes(held)} held by the caches shown, ${mebibytes(idle)} of it ` +
    "free objects. slabtop rounds the sizes of objects: no layout is predicted.",
    ...(total && total[1] > 0 && total[0] <= total[1]
      ? [
        `Objects of all caches: ${mebibytes(total[1])}, ${
          percent(total[0] / total[1])
        } in use.`,
      ]
      : []),
  ];
}
