/**
 * /proc/buddyinfo: the free blocks of each zone and order.
 *
 * @module
 */
import type { Kind, Reader } from "../kind.ts";
import type { Line } from "../line.ts";
import { BlockRows, type Blocks } from "./blocks.ts";
import { type ZoneRow, zoneRow } from "./zone_row.ts";
import { BLOCK_COLUMNS, blockRows, seriesLines } from "./series.ts";
import { LEGEND, zoneLines } from "./zone_table.ts";

/** The kind of text. */
export const BUDDYINFO: Kind<Blocks[]> = {
  name: "buddyinfo",
  about: "/proc/buddyinfo: free blocks of each zone",
  inPages: true,
  begins: (line) => {
    const row = zoneRow(line);
    return row !== undefined && isBuddyRow(row);
  },
  reader: () => new BuddyReader(),
  explain: (samples, { pageBytes }) => [
    ...seriesLines(samples, pageBytes),
    ...(samples.length > 1 ? ["The last sample:", ""] : []),
    ...samples.at(-1)!.data.flatMap((zone) => [
      ...zoneLines(zone, pageBytes),
      "",
    ]),
    ...LEGEND,
    "blocks: those for CMA, atomic requests and isolation are included; " +
    "/proc/pagetypeinfo tells them apart.",
  ],
  table: { columns: BLOCK_COLUMNS, rows: (zones) => zones.flatMap(blockRows) },
};

/** Reads until a zone turns up again: that is the next sample. */
class BuddyReader implements Reader<Blocks[]> {
  readonly #rows = new BlockRows();

  take(line: Line): boolean {
    const row = zoneRow(line);
    if (!row) return this.#rows.wrapped(line);
    if (!isBuddyRow(row) || this.#rows.has(row)) return false;
    this.#rows.add(row, line);
    return true;
  }

  end(): Blocks[] {
    return this.#rows.end();
  }
}

/** Whether it is no row of pagetypeinfo, zoneinfo or an index. */
function isBuddyRow({ type, rest }: ZoneRow): boolean {
  return type === undefined && rest.length > 0 && !rest[0]!.includes(".");
}
