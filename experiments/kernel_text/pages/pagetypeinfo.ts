/**
 * /proc/pagetypeinfo: the free blocks of each zone, list by list, and the
 * types of its pageblocks.
 *
 * The kernel prints heading, lists and counts once per memory node.
 *
 * @module
 */
import { plural } from "../words.ts";
import type { Kind, Reader, Sample } from "../kind.ts";
import { expected, type Line, whole } from "../line.ts";
import { printable } from "../../traces/lines.ts";
import { BlockRows, type Blocks } from "./blocks.ts";
import { type ZoneRow, zoneRow } from "./zone_row.ts";
import { explainPagetypes, zonesOf } from "./pagetype_lines.ts";
import { BLOCK_COLUMNS, blockRows } from "./series.ts";

/** Zones of one table. */
const MAX_ZONES = 2 ** 13;
/** Migratetypes of one table. */
const MAX_TYPES = 64;

/** Pageblocks of a zone. */
export interface Pageblocks {
  /** Number of the memory node. */
  node: number;
  /** `DMA`, `Normal`, ... */
  zone: string;
  /** Pageblocks of each migratetype, in the order of the text. */
  counts: [type: string, pageblocks: number][];
}

/** What the text says. */
export interface PageTypeInfo {
  /** Pages of a pageblock; undefined if its line is missing. */
  pagesPerBlock?: number;
  /** Free blocks per zone and migratetype. */
  free: Blocks[];
  /** Pageblocks per zone. */
  pageblocks: Pageblocks[];
  /** Pageblocks that hold pages of another type (kernels with page_owner). */
  mixed: Pageblocks[];
}

/** The kind of text. */
export const PAGETYPEINFO: Kind<PageTypeInfo> = {
  name: "pagetypeinfo",
  about: "/proc/pagetypeinfo: free blocks by mobility",
  inPages: true,
  begins: (line) =>
    /^(Page block order:|Pages per block:|Free pages count per migrate)/
      .test(line.text) ||
    zoneRow(line)?.type !== undefined ||
    tableOf(line) !== undefined,
  reader: () => new PagetypeReader(),
  join: joined,
  explain: explainPagetypes,
  table: {
    columns: BLOCK_COLUMNS,
    rows: ({ free }) =>
      zonesOf(free).map(({ all }) => all).concat(free).flatMap(blockRows),
  },
};

/** The table that a heading announces. */
function tableOf({ text }: Line): "pageblocks" | "mixed" | undefined {
  if (text.startsWith("Number of blocks type ")) return "pageblocks";
  return text.startsWith("Number of mixed blocks ") ? "mixed" : undefined;
}

/** Reads until a heading or list turns up again. */
class PagetypeReader implements Reader<PageTypeInfo> {
  readonly #rows = new BlockRows();
  readonly #read: PageTypeInfo = { free: [], pageblocks: [], mixed: [] };
  #table: Pageblocks[] | undefined;
  #titles: string[] = [];
  /** Zones that the table has. */
  #counted = new Set<string>();
  /** Number of the last line of a table. */
  #last = 0;

  take(line: Line): boolean {
    const { text, words } = line;
    const row = zoneRow(line);
    if (row?.type !== undefined) return this.#list(row, line);
    if (row) return this.#counts(row, line);
    const name = tableOf(line);
    if (name) {
      this.#table = this.#read[name];
      if (this.#table.length > 0) return false;
      this.#counted = new Set();
      if (words.length > 4 + MAX_TYPES) {
        throw expected(line, `at most ${MAX_TYPES} types`);
      }
      this.#titles = words.slice(4).map((title) => printable(title));
      this.#last = line.number;
      return true;
    }
    if (/^(Page block order|Pages per block):/.test(text)) {
      if (this.#begun) return false;
      if (text.startsWith("Pages")) {
        this.#read.pagesPerBlock = whole(words[3]);
      }
      return true;
    }
    if (text.startsWith("Free pages count per migrate")) return !this.#begun;
    return this.#rows.wrapped(line);
  }

  end(): PageTypeInfo {
    return { ...this.#read, free: this.#rows.end() };
  }

  get #begun(): boolean {
    return this.#rows.rows.length > 0 || this.#read.pageblocks.length > 0;
  }

  #list(row: ZoneRow, line: Line): boolean {
    if (this.#rows.has(row)) return false;
    this.#rows.add(row, line);
    return true;
  }

  /** A row of pageblocks stands right below the row before, or the titles. */
  #counts({ node, zone, rest }: ZoneRow, line: Line): boolean {
    if (!this.#table || line.number !== this.#last + 1) return false;
    // counted already: the rows of a buddyinfo follow at once
    const key = `${node} ${zone}`;
    if (this.#counted.has(key)) return false;
    const numbers = rest.map(whole);
    if (numbers.length !== this.#titles.length || numbers.includes(undefined)) {
      throw expected(
        line,
        plural(
          this.#titles.length,
          "number of pageblocks",
          "numbers of pageblocks",
        ),
      );
    }
    const counts = this.#titles.map((title, i): [string, number] => [
      title,
      numbers[i]!,
    ]);
    if (this.#counted.size === MAX_ZONES) {
      throw expected(line, `at most ${MAX_ZONES} zones`);
    }
    this.#counted.add(key);
    this.#table.push({ node, zone, counts });
    this.#last = line.number;
    return true;
  }
}

/** Orders that the rows of `data` have; 0 if it has none. */
function ordersOf({ free }: PageTypeInfo): number {
  return free[0]?.blocks.length ?? 0;
}

/** The texts of several nodes at one time as one. */
function joined(
  samples: readonly Sample<PageTypeInfo>[],
): Sample<PageTypeInfo>[] {
  const all: Sample<PageTypeInfo>[] = [];
  const key = ({ node, zone, type }: Blocks) => `${node} ${zone} ${type}`;
  let seen = new Set<string>();
  for (const { label, line, data } of samples) {
    const keys = data.free.map(key);
    const last = all.at(-1);
    if (
      !last || keys.some((k) => seen.has(k)) ||
      ordersOf(last.data) !== ordersOf(data)
    ) {
      seen = new Set(keys);
      all.push({ label, line, data });
      continue;
    }
    for (const k of keys) seen.add(k);
    const { free, pageblocks, mixed } = last.data;
    last.data = {
      ...last.data,
      free: free.concat(data.free),
      pageblocks: pageblocks.concat(data.pageblocks),
      mixed: mixed.concat(data.mixed),
    };
  }
  return all;
}
