/**
 * jemalloc's memory for its own data: a record for each extent that there ever
 * was at once, and a table for each GiB of addresses in which an extent begins
 * or ends.
 *
 * It lies in mappings of its own, each longer than the one before. Where things
 * lie in them matters to nobody, but where the next mapping goes does.
 *
 * Simplified: what the system refuses is done without.
 *
 * Source: jemalloc 5.3, observed.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import { PAGE_CLASS, pageClass } from "./classes.ts";

/** Bytes of the first mapping; all are multiples of it. */
const HUGE_PAGE = 2 * 2 ** 20;
/** Bytes at the start of each mapping. */
const HEADER = 256;
/** Bytes of a record, and what must be left for one. */
const RECORD = 128;
const RECORD_ROOM = 256;
/** Bytes of a table, and what must be left for one. */
const TABLE = 2 * 2 ** 20;
const TABLE_ROOM = 2.5 * 2 ** 20;
/** Addresses that one table is about. */
const TABLE_SPAN = 2 ** 30;

/** The own data of one arena. */
export class OwnMemory {
  /** Mappings, the oldest first: start, bytes. */
  readonly mappings: [start: Address, bytes: number][] = [];
  // Bytes left in each.
  private readonly left: number[] = [];
  private readonly tables = new Set<number>();
  private lastTable = -1;

  /** Nothing yet; `map` makes a mapping, or returns {@linkcode NULL}. */
  constructor(private readonly source: { map(bytes: number): Address }) {}

  /** Makes the first mapping, of which `used` bytes are needed at once; whether the system grants it. */
  begin(used: number): boolean {
    this.map(HUGE_PAGE);
    this.left[0] = HUGE_PAGE - used;
    return this.mappings.length > 0;
  }

  /** Makes room for the record of another extent. */
  record(): void {
    this.take(RECORD, RECORD_ROOM);
  }

  /** An extent begins or ends at `address`. */
  edge(address: Address): void {
    const table = Math.floor(address / TABLE_SPAN);
    if (table === this.lastTable) return;
    this.lastTable = table;
    if (this.tables.has(table)) return;
    this.tables.add(table);
    this.take(TABLE, TABLE_ROOM);
  }

  /** Takes `bytes` of the fullest mapping with `room` bytes left, else of a new one. */
  private take(bytes: number, room: number): void {
    const { left } = this;
    let best = -1;
    for (let i = 0; i < left.length; i++) {
      if (left[i]! < room) continue;
      if (best < 0 || roughly(left[i]!) < roughly(left[best]!)) best = i;
    }
    if (best < 0) {
      const last = this.mappings.at(-1)?.[1] ?? 0;
      const next = PAGE_CLASS[pageClass(last) + 1]!;
      best = left.length;
      this.map(Math.ceil(next / HUGE_PAGE) * HUGE_PAGE);
    }
    left[best]! -= bytes;
  }

  private map(bytes: number): void {
    this.left.push(bytes - HEADER);
    const start = this.source.map(bytes);
    if (start !== NULL) this.mappings.push([start, bytes]);
  }
}

/** How much is left, as far as it is told apart: four classes per doubling. */
function roughly(bytes: number): number {
  const power = 2 ** Math.floor(Math.log2(bytes));
  return Math.floor(4 * bytes / power) * power;
}
