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
import { PAGE } from "../pages.ts";
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
/** Bytes that a table has for a page. */
const ENTRY = 8;
/** Addresses that one table is about. */
const TABLE_SPAN = 2 ** 30;

/** The own data of one arena. */
export class OwnMemory {
  /** Mappings, the oldest first: start, bytes. */
  readonly mappings: [start: Address, bytes: number][] = [];
  // Where each goes on, and bytes left there.
  private readonly next: Address[] = [];
  private readonly left: number[] = [];
  // Where the table of each GiB lies.
  private readonly tables = new Map<number, Address>();

  /**
   * Nothing yet; `map` makes a mapping, or returns {@linkcode NULL}, and `touch`
   * hears what is written.
   */
  constructor(
    private readonly source: {
      map(bytes: number): Address;
      touch(address: Address, bytes: number): void;
    },
  ) {}

  /** Makes the first mapping, of which `used` bytes are needed at once; whether the system grants it. */
  begin(used: number): boolean {
    this.map(HUGE_PAGE);
    this.next[0]! += used - HEADER;
    this.left[0] = HUGE_PAGE - used;
    return this.mappings.length > 0;
  }

  /** Makes room for the record of another extent. */
  record(): void {
    this.write(this.take(RECORD, RECORD_ROOM), RECORD);
  }

  /** An extent begins or ends at `address`. */
  edge(address: Address): void {
    const gib = Math.floor(address / TABLE_SPAN);
    let table = this.tables.get(gib);
    if (table === undefined) {
      table = this.take(TABLE, TABLE_ROOM);
      this.tables.set(gib, table);
    }
    this.write(table + (address % TABLE_SPAN) / PAGE * ENTRY, ENTRY);
  }

  /** Takes `bytes` of the fullest mapping with `room` bytes left, else of a new one; where they are. */
  private take(bytes: number, room: number): Address {
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
    const address = this.next[best]!;
    this.next[best]! += bytes;
    return address;
  }

  /** Writes at `address`, if that is not in a mapping that was refused. */
  private write(address: Address, bytes: number): void {
    if (address >= 0) this.source.touch(address, bytes);
  }

  private map(bytes: number): void {
    const start = this.source.map(bytes);
    this.left.push(bytes - HEADER);
    this.next.push(start === NULL ? -Infinity : start + HEADER);
    if (start !== NULL) this.mappings.push([start, bytes]);
  }
}

/** How much is left, as far as it is told apart: four classes per doubling. */
function roughly(bytes: number): number {
  const power = 2 ** Math.floor(Math.log2(bytes));
  return Math.floor(4 * bytes / power) * power;
}
