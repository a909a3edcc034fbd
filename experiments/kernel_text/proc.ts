/**
 * The kernel's own words about its page allocator and its caches: the texts of
 * /proc/buddyinfo, /proc/pagetypeinfo and /proc/slabinfo.
 *
 * Every parser throws `SyntaxError` with file and line for a text that is
 * something else, or that breaks off.
 *
 * @module
 */
import { unexpected } from "../traces/lines.ts";

/** Free blocks of a zone. */
export interface ZoneBlocks {
  /** Number of the memory node. */
  node: number;
  /** `DMA`, `Normal`, ... */
  zone: string;
  /** Free blocks of each order. */
  blocks: number[];
}

/** Free blocks of a zone on the lists of one migratetype. */
export interface TypeBlocks extends ZoneBlocks {
  /** `Unmovable`, `Movable`, ... */
  type: string;
}

/** Pageblocks of a zone. */
export interface ZonePageblocks {
  /** Number of the memory node. */
  node: number;
  /** `DMA`, `Normal`, ... */
  zone: string;
  /** Pageblocks of each migratetype, by its name. */
  types: Record<string, number>;
}

/** What /proc/pagetypeinfo says. */
export interface PageTypeInfo {
  /** Pages of a pageblock. */
  pagesPerBlock: number;
  /** Free blocks per zone and migratetype. */
  free: TypeBlocks[];
  /** Pageblocks per zone. */
  pageblocks: ZonePageblocks[];
}

/** A line of /proc/slabinfo. */
export interface SlabInfo {
  /** Name of the cache. */
  name: string;
  /** Objects in use. */
  activeObjects: number;
  /** Objects that there is room for. */
  objects: number;
  /** Bytes from one object to the next. */
  size: number;
  /** Objects of a slab. */
  objectsPerSlab: number;
  /** Pages of a slab. */
  pagesPerSlab: number;
  /** Slabs held. */
  slabs: number;
}

const ZONE_ROW = /^Node\s+(\d+), zone\s+(\w+)((?:\s+\d+)+)$/;
const TYPE_ROW = /^Node\s+(\d+), zone\s+(\w+), type\s+(\w+)((?:\s+>?\d+)+)$/;
const SLAB_ROW =
  /^(\S.*?)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+: tunables(?:\s+\d+){3} : slabdata\s+\d+\s+(\d+)\s+\d+(?: : .*)?$/;
/** Lines that may be read over: counts of mixed pageblocks, page owner's. */
const MIXED = /^Number of mixed blocks/;

/** The lines of a text, taken one after the other. */
class Lines {
  readonly #name: string;
  readonly #lines: string[];
  #at = 0;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#lines = text.split("\n");
    if (this.#lines.at(-1) === "") this.#lines.pop();
    else {
      this.#at = this.#lines.length - 1;
      this.fail("a line that ends: the text breaks off here");
    }
  }

  /** The next line without blanks around it; undefined at the end. */
  get peek(): string | undefined {
    return this.#lines[this.#at]?.trim();
  }

  /** What `pattern` finds in the next line, which is taken. */
  take(pattern: RegExp, expected: string): RegExpExecArray {
    const match = pattern.exec(this.peek ?? "");
    if (!match) this.fail(expected);
    this.#at++;
    return match;
  }

  /** Takes lines as long as they fit and are not blank. */
  rows<T>(
    pattern: RegExp,
    expected: string,
    row: (match: RegExpExecArray) => T,
  ): T[] {
    const rows: T[] = [];
    do rows.push(row(this.take(pattern, expected))); while (this.peek);
    return rows;
  }

  /** Numbers of a row, as many as in the rows before. */
  numbers(text: string, count: number): number[] {
    const numbers = text.trim().split(/\s+/).map((n) =>
      Number(n.replace(">", ""))
    );
    if (count > 0 && numbers.length !== count) {
      this.#at--;
      this.fail(`${count} numbers`);
    }
    return numbers;
  }

  fail(expected: string): never {
    const got = this.peek ?? "";
    throw unexpected(this.#name, this.#at + 1, expected, got);
  }
}

/** The zones of /proc/buddyinfo. */
export function parseBuddyinfo(name: string, text: string): ZoneBlocks[] {
  const lines = new Lines(name, text);
  let orders = 0;
  const zones = lines.rows(
    ZONE_ROW,
    "`Node N, zone NAME` and its free blocks of each order",
    ([, node, zone, counts]) => {
      const blocks = lines.numbers(counts!, orders);
      orders = blocks.length;
      return { node: Number(node), zone: zone!, blocks };
    },
  );
  if (lines.peek !== undefined) lines.fail("no blank line");
  return zones;
}

/** What /proc/pagetypeinfo says; a count `>100000` becomes 100000. */
export function parsePagetypeinfo(name: string, text: string): PageTypeInfo {
  const lines = new Lines(name, text);
  lines.take(/^Page block order: \d+$/, "`Page block order: N`");
  const [, pages] = lines.take(
    /^Pages per block:\s+(\d+)$/,
    "`Pages per block: N`",
  );
  lines.take(/^$/, "a blank line");
  const [, head] = lines.take(
    /^Free pages count per migrate type at order((?:\s+\d+)+)$/,
    "`Free pages count per migrate type at order 0 1 ...`",
  );
  const orders = head!.trim().split(/\s+/).length;
  const free = lines.rows(
    TYPE_ROW,
    "`Node N, zone NAME, type NAME` and its free blocks of each order",
    ([, node, zone, type, counts]) => ({
      node: Number(node),
      zone: zone!,
      type: type!,
      blocks: lines.numbers(counts!, orders),
    }),
  );
  lines.take(/^$/, "a blank line");
  const [, titles] = lines.take(
    /^Number of blocks type((?:\s+\w+)+)$/,
    "`Number of blocks type` and names of migratetypes",
  );
  const names = titles!.trim().split(/\s+/);
  const pageblocks = lines.rows(
    ZONE_ROW,
    "`Node N, zone NAME` and its pageblocks of each type",
    ([, node, zone, counts]) => {
      const numbers = lines.numbers(counts!, names.length);
      return {
        node: Number(node),
        zone: zone!,
        types: Object.fromEntries(names.map((type, i) => [type, numbers[i]!])),
      };
    },
  );
  while (lines.peek === "") lines.take(/^$/, "");
  if (lines.peek !== undefined) lines.take(MIXED, "the end of the text");
  return { pagesPerBlock: Number(pages), free, pageblocks };
}

/** The caches of /proc/slabinfo. */
export function parseSlabinfo(name: string, text: string): SlabInfo[] {
  const lines = new Lines(name, text);
  lines.take(/^slabinfo - version: 2\.\d/, "`slabinfo - version: 2.1`");
  lines.take(/^# name\s+<active_objs>/, "`# name <active_objs> ...`");
  return lines.rows(
    SLAB_ROW,
    "a cache: its name, five numbers, `: tunables` and `: slabdata`",
    ([, cache, active, objects, size, perSlab, pages, slabs]) => ({
      name: cache!,
      activeObjects: Number(active),
      objects: Number(objects),
      size: Number(size),
      objectsPerSlab: Number(perSlab),
      pagesPerSlab: Number(pages),
      slabs: Number(slabs),
    }),
  );
}
