/**
 * Free blocks by zone, type and order: the rows of buddyinfo and pagetypeinfo.
 *
 * @module
 */
import { expected, type Line } from "../line.ts";
import { countOf, type ZoneRow } from "./zone_row.ts";

/** Orders that a zone has at most: 11 is usual, 17 the most ever built. */
export const MAX_ORDERS = 64;
/** Rows of one text: 1,024 nodes, five zones, seven types. */
const MAX_ROWS = 2 ** 16;
/** Free blocks of a zone, or of one of its lists. */
export interface Blocks {
  /** Number of the memory node. */
  node: number;
  /** `DMA`, `Normal`, ... */
  zone: string;
  /** Migratetype of the list; undefined: all of them. */
  type?: string;
  /** Free blocks of each order. */
  blocks: number[];
  /** Orders whose count is only a lower bound: the kernel stopped counting. */
  capped: number[];
}

/** Collects the rows of one text; all have the same number of orders. */
export class BlockRows {
  /** The rows so far. */
  readonly rows: Blocks[] = [];
  readonly #keys = new Set<string>();
  #orders = 0; // 0: not known yet
  #last: Line | undefined;

  /** Whether the list that `row` tells of has had its row. */
  has({ node, zone, type }: ZoneRow): boolean {
    return this.#keys.has(`${node} ${zone} ${type}`);
  }

  /** Adds a row that stands in `line`. */
  add(row: ZoneRow, line: Line): void {
    this.#close(line);
    if (this.rows.length === MAX_ROWS) {
      throw expected(line, `at most ${MAX_ROWS} zones and types`);
    }
    const { node, zone, type } = row;
    this.#keys.add(`${node} ${zone} ${type}`);
    this.rows.push({
      node,
      zone,
      ...(type !== undefined && { type }),
      blocks: [],
      capped: [],
    });
    this.#append(row.rest, line);
  }

  /** Takes a line of numbers: the end of the row before, which was wrapped. */
  wrapped(line: Line): boolean {
    const { words } = line;
    const length = this.rows.at(-1)?.blocks.length ?? 0;
    const follows = this.#last?.number === line.number - 1 && length > 0 &&
      (this.#orders > 0
        ? length + words.length <= this.#orders
        : words.length > 1) &&
      words.length > 0 && words.every((word) => countOf(word) !== undefined);
    if (follows) this.#append(words, line);
    return follows;
  }

  /** All rows, complete. */
  end(): Blocks[] {
    if (this.#last) this.#close(this.#last);
    return this.rows;
  }

  #append(words: readonly string[], line: Line): void {
    const { blocks, capped } = this.rows.at(-1)!;
    if (blocks.length + words.length > MAX_ORDERS) {
      throw expected(line, `at most ${MAX_ORDERS} orders`);
    }
    for (const word of words) {
      const count = countOf(word);
      if (count === undefined) {
        throw expected(line, "a number of free blocks of each order");
      }
      if (word.startsWith(">")) capped.push(blocks.length);
      blocks.push(count);
    }
    if (!(pagesIn(blocks) < 2 ** 52)) {
      throw expected(line, "fewer pages than an address space holds");
    }
    this.#last = line;
  }

  /** The last row is complete: checks its length. */
  #close(line: Line): void {
    const last = this.rows.at(-1);
    if (!last) return;
    this.#orders ||= last.blocks.length;
    if (last.blocks.length === this.#orders && this.#orders > 0) return;
    throw expected(
      this.#last ?? line,
      `${this.#orders || "some"} numbers, as many as in other rows`,
    );
  }
}

/** Pages in free blocks. */
export function pagesIn(blocks: readonly number[]): number {
  return blocks.reduce((sum, n, order) => sum + n * 2 ** order, 0);
}

/** Blocks of all lists of one zone together. */
export function sumBlocks(lists: readonly Blocks[]): Blocks {
  const { node, zone, blocks: { length } } = lists[0]!;
  const blocks = Array.from(
    { length },
    (_, order) => lists.reduce((sum, list) => sum + list.blocks[order]!, 0),
  );
  const capped = new Set(lists.flatMap((list) => list.capped));
  return { node, zone, blocks, capped: [...capped].sort((a, b) => a - b) };
}
