/**
 * /proc/slabinfo: every slab cache of the kernel, with or without its heading.
 *
 * @module
 */
import type { Kind, Reader } from "../kind.ts";
import { expected, type Line, whole } from "../line.ts";
import { printable } from "../../traces/lines.ts";
import { type Cache, pageBytesOf } from "./cache.ts";
import { CACHE_COLUMNS, cacheRow } from "./series.ts";
import { explainSlabs, holdingsOf } from "./slab_lines.ts";

/** Caches of one text: a large machine has hundreds. */
const MAX_CACHES = 2 ** 16;
/** Lines that one row was wrapped into at most. */
const MAX_WRAPPED = 4;

/** The kind of text. */
export const SLABINFO: Kind<Cache[]> = {
  name: "slabinfo",
  about: "/proc/slabinfo: slab caches of SLUB or SLAB",
  inPages: true,
  begins: (line) => isHeading(line) || startsRow(line),
  reader: () => new SlabReader(),
  pageBytes: pageBytesOf,
  explain: explainSlabs,
  table: {
    columns: CACHE_COLUMNS,
    rows: (caches, { pageBytes }) =>
      holdingsOf(caches, pageBytes).map(cacheRow),
  },
};

function isHeading({ text }: Line): boolean {
  return text.startsWith("slabinfo - version") ||
    /^#\s*name\s+<active_objs>/.test(text);
}

function startsRow({ words }: Line): boolean {
  const colon = words.indexOf(":");
  return colon >= 5 && words[colon + 1] === "tunables";
}

/** Reads until a heading, or the first cache, turns up again. */
class SlabReader implements Reader<Cache[]> {
  readonly #caches: Cache[] = [];
  /** A row that has not ended: mail programs wrap lines. */
  #open: { words: readonly string[]; line: Line; lines: number } | undefined;
  #headings = 0;
  #last = 0;

  take(line: Line): boolean {
    const { text, words, number } = line;
    if (isHeading(line)) {
      if (this.#caches.length > 0) return false;
      if (text.startsWith("s") && !/^slabinfo - version: 2\./.test(text)) {
        throw expected(line, "version 2 of slabinfo, as Linux 2.6 and later");
      }
      this.#headings = number;
      return true;
    }
    if (startsRow(line)) {
      this.#missing();
      if (this.#caches[0]?.name === nameOf(words)) return false;
      this.#row(words, line, 1);
      return true;
    }
    if (this.#open && number === this.#last + 1) {
      const { words: begun, line: first, lines } = this.#open;
      this.#last = number;
      this.#row([...begun, ...words], first, lines + 1);
      return true;
    }
    // the rest of a heading that was wrapped
    return number === ++this.#headings && text.startsWith("<");
  }

  end(): Cache[] {
    this.#missing();
    return this.#caches;
  }

  #row(words: readonly string[], line: Line, lines: number): void {
    const cache = cacheOf(words);
    this.#open = cache ? undefined : { words, line, lines };
    if (lines === 1) this.#last = line.number;
    if (!cache && (lines === MAX_WRAPPED || isComplete(words))) this.#missing();
    if (!cache) return;
    if (this.#caches.length === MAX_CACHES) {
      throw expected(line, `at most ${MAX_CACHES} caches`);
    }
    this.#caches.push(cache);
  }

  /** Fails if a row has begun and not ended. */
  #missing(): void {
    if (!this.#open) return;
    const what = "a cache: its name, five numbers, `: tunables` and three, " +
      "`: slabdata` and three";
    throw expected(this.#open.line, what);
  }
}

/** Where the numbers of a row are, from the colon before `tunables` on. */
const LENGTH = { tunables: 4, slabdata: 10 };

function isComplete(words: readonly string[]): boolean {
  return words.length >= words.indexOf(":") + LENGTH.slabdata;
}

function nameOf(words: readonly string[]): string {
  return printable(words[words.indexOf(":") - 6] ?? "");
}

/** The cache in a row; undefined if the row is not complete. */
function cacheOf(words: readonly string[]): Cache | undefined {
  const colon = words.indexOf(":");
  const second = colon + 1 + LENGTH.tunables;
  const numbers = [
    ...words.slice(colon - 5, colon),
    words[colon + 2],
    words[colon + 3],
    words[colon + 4],
    ...words.slice(second + 2, second + 5),
  ].map(whole);
  if (
    colon < 6 || words[second] !== ":" || words[second + 1] !== "slabdata" ||
    numbers.length !== 11 || numbers.includes(undefined)
  ) return undefined;
  const [activeObjects, objects, size, objectsPerSlab, pagesPerSlab] = numbers;
  return {
    name: nameOf(words),
    activeObjects: activeObjects!,
    objects: objects!,
    size: size!,
    objectsPerSlab: objectsPerSlab!,
    pagesPerSlab: pagesPerSlab!,
    limit: numbers[5]!,
    slabs: numbers[9]!,
  };
}
