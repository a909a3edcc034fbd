/**
 * Holes in bins of two levels: a row per power of two, 2^sli columns in each.
 *
 * @module
 */
import { type Address, type Counters, invariant } from "../allocator.ts";
import { log2 } from "../log2.ts";
import { type Blocks, END } from "./blocks.ts";
import type { HoleIndex } from "./hole_tree.ts";
import { longer } from "../longer.ts";

/** Rows: enough for lengths below 2^53 with any sli >= 1. */
const ROWS = 64;

/** A set of holes; every operation but `largest` and `check` is O(1). */
export class TwoLevelIndex implements HoleIndex {
  private readonly blocks: Blocks;
  private readonly counters: Counters;
  private readonly align: number;
  private readonly sli: number;
  private readonly columns: number;
  // head[(row << sli) + column]: first hole of the bin, END if it is empty.
  // Row 0: lengths of `column` units. Row r > 0: from (columns + column) 2^(r-1)
  // units up to the next column.
  private readonly head: Int32Array;
  // Bit c of filled[r]: bin (r, c) is not empty.
  // Bit r % 32 of rows[r / 32]: filled[r] is not 0.
  private readonly filled = new Int32Array(ROWS);
  private readonly rows = new Int32Array(ROWS / 32);
  // Indexed by node, valid for the holes: neighbours in the bin, END at its
  // ends.
  private before: Int32Array<ArrayBuffer>;
  private after: Int32Array<ArrayBuffer>;

  /** An empty set of holes among `blocks`, whose lengths are multiples of `align`. */
  constructor(
    blocks: Blocks,
    counters: Counters,
    align: number,
    sli: number,
  ) {
    this.blocks = blocks;
    this.counters = counters;
    this.align = align;
    this.sli = sli;
    this.columns = 2 ** sli;
    this.head = new Int32Array(ROWS << sli);
    this.before = new Int32Array(blocks.kind.length);
    this.after = new Int32Array(blocks.kind.length);
  }

  round(bytes: number): number {
    const width = this.align * 2 ** Math.max(0, this.row(bytes) - 1);
    return Math.ceil(bytes / width) * width;
  }

  /** The hole put last into the first bin at or above that of `bytes`, a rounded length. */
  find(bytes: number): number {
    let row = this.row(bytes);
    if (row === ROWS) return END;
    let columns = this.filled[row]! & (-1 << this.column(bytes, row));
    this.counters.searchSteps++;
    if (columns === 0) {
      row = this.nextRow(row + 1);
      if (row === ROWS) return END;
      columns = this.filled[row]!;
      this.counters.searchSteps++;
    }
    return this.head[(row << this.sli) + lowest(columns)]!;
  }

  insert(b: number): void {
    if (b >= this.before.length) {
      this.before = longer(this.before, this.blocks.kind.length);
      this.after = longer(this.after, this.blocks.kind.length);
    }
    const bytes = this.blocks.bytes[b]!;
    const row = this.row(bytes), column = this.column(bytes, row);
    const bin = (row << this.sli) + column;
    const first = this.head[bin]!;
    this.before[b] = END;
    this.after[b] = first;
    this.before[first] = b;
    this.head[bin] = b;
    this.filled[row]! |= 1 << column;
    this.rows[row >> 5]! |= 1 << (row & 31);
  }

  remove(b: number): void {
    const before = this.before[b]!, after = this.after[b]!;
    this.before[after] = before;
    if (before !== END) {
      this.after[before] = after;
      return;
    }
    const bytes = this.blocks.bytes[b]!;
    const row = this.row(bytes), column = this.column(bytes, row);
    this.head[(row << this.sli) + column] = after;
    if (after !== END) return;
    this.filled[row]! &= ~(1 << column);
    if (this.filled[row] === 0) this.rows[row >> 5]! &= ~(1 << (row & 31));
  }

  resize(b: number, start: Address, bytes: number): void {
    this.remove(b);
    this.blocks.start[b] = start;
    this.blocks.bytes[b] = bytes;
    this.insert(b);
  }

  eachBinned(visit: (low: number, b: number) => void): void {
    const { columns, align, sli } = this;
    this.head.forEach((head, bin) => {
      const row = bin >> sli, column = bin % columns;
      const low = row === 0
        ? column * align
        : (columns + column) * 2 ** (row - 1) * align;
      for (let b = head; b !== END; b = this.after[b]!) visit(low, b);
    });
  }

  largest(): number {
    const word = this.rows[1] === 0 ? 0 : 1;
    if (this.rows[word] === 0) return 0;
    const row = 32 * word + highest(this.rows[word]!);
    const column = highest(this.filled[row]!);
    let bytes = 0;
    let b = this.head[(row << this.sli) + column]!;
    for (; b !== END; b = this.after[b]!) {
      bytes = Math.max(bytes, this.blocks.bytes[b]!);
    }
    return bytes;
  }

  check(holes: number): void {
    let count = 0;
    for (let row = 0; row < ROWS; row++) {
      const marked = (this.rows[row >> 5]! >>> (row & 31) & 1) === 1;
      invariant(marked === (this.filled[row] !== 0), `Bins: row ${row}`);
      for (let column = 0; column < this.columns; column++) {
        const filled = (this.filled[row]! >>> column & 1) === 1;
        let b = this.head[(row << this.sli) + column]!;
        invariant(filled === (b !== END), `Bin ${row}, ${column}: bitmap`);
        for (let before: number = END; b !== END; b = this.after[b]!) {
          const bytes = this.blocks.bytes[b]!;
          invariant(
            this.row(bytes) === row && this.column(bytes, row) === column,
            `Bin ${row}, ${column}: a hole of ${bytes} bytes`,
          );
          invariant(this.before[b] === before, `Bin ${row}, ${column}: links`);
          before = b;
          count++;
        }
      }
    }
    invariant(count === holes, "Bins: some holes are in none");
  }

  /** The row of a length; ROWS if no hole is so long. */
  private row(bytes: number): number {
    const units = bytes / this.align;
    if (units < this.columns) return 0;
    return units < 2 ** 53 ? log2(units) - this.sli + 1 : ROWS;
  }

  /** The column of a length in its row. */
  private column(bytes: number, row: number): number {
    const units = bytes / this.align;
    return row === 0
      ? units
      : Math.floor(units / 2 ** (row - 1)) - this.columns;
  }

  /** The first row from `row` on that is not empty; ROWS if there is none. */
  private nextRow(row: number): number {
    for (let word = row >> 5; word < this.rows.length; word++) {
      const from = word === row >> 5 ? row & 31 : 0;
      const rows = this.rows[word]! & (-1 << from);
      if (rows !== 0) return 32 * word + lowest(rows);
    }
    return ROWS;
  }
}

/** Number of the lowest bit set in `bits`, which is not 0. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Number of the highest bit set in `bits`, which is not 0. */
function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}
