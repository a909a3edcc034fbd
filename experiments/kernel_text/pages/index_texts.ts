/**
 * extfrag_index and unusable_index in /sys/kernel/debug/extfrag: the kernel's
 * own indexes, order by order.
 *
 * @module
 */
import type { Cell, Kind, Reader, Sample } from "../kind.ts";
import { expected, type Line } from "../line.ts";
import { ordersIn, percent, table } from "../words.ts";
import { MAX_ORDERS } from "./blocks.ts";
import { type ZoneRow, zoneRow } from "./zone_row.ts";
import { EXTFRAG_THRESHOLD } from "./outlook.ts";

const MAX_ROWS = 2 ** 13;

/** Indexes of a zone, in thousandths, by order. */
interface Indexes {
  node: number;
  zone: string;
  thousandths: number[];
}

/** The kind of text. */
export const INDEXES: Kind<Indexes[]> = {
  name: "extfrag",
  about: "extfrag_index or unusable_index of debugfs",
  begins: (line) => isIndexRow(zoneRow(line)),
  reader: () => new IndexReader(),
  explain: explainIndexes,
  table: { columns: ["node", "zone", "order", "index"], rows: rowsOf },
};

function isIndexRow(row?: ZoneRow): row is ZoneRow {
  return row?.type === undefined && !!row?.rest[0]?.includes(".");
}

class IndexReader implements Reader<Indexes[]> {
  readonly #rows = new Map<string, Indexes>();

  take(line: Line): boolean {
    const row = zoneRow(line);
    if (!isIndexRow(row)) return false;
    const { node, zone, rest } = row;
    const key = `${node} ${zone}`;
    if (this.#rows.has(key)) return false;
    const thousandths = rest.map(thousandthsOf);
    if (thousandths.includes(undefined) || rest.length > MAX_ORDERS) {
      throw expected(line, "an index of each order, as -1.000 or 0.875");
    }
    if (this.#rows.size === MAX_ROWS) {
      throw expected(line, `at most ${MAX_ROWS} zones`);
    }
    this.#rows.set(key, { node, zone, thousandths: thousandths as number[] });
    return true;
  }

  end(): Indexes[] {
    return [...this.#rows.values()];
  }
}

/** `-1.000` as -1000; the kernel prints -0.5 as `0.-500`. */
function thousandthsOf(word: string): number | undefined {
  const found = /^(-?)([01])\.(-?)(\d{3})$/.exec(word);
  if (!found) return undefined;
  const size = 1000 * Number(found[2]) + Number(found[4]);
  return size > 1000 ? undefined : found[1] || found[3] ? -size : size;
}

function explainIndexes(samples: readonly Sample<Indexes[]>[]): string[] {
  return samples.flatMap(({ label, data }) => {
    const kind = kindOf(data.flatMap(({ thousandths }) => thousandths));
    return [
      ...(samples.length > 1 && label ? [`${label}:`] : []),
      TITLES[kind],
      ...data.flatMap(({ node, zone, thousandths }) => [
        "",
        `Node ${node}, zone ${zone}:`,
        ...table([
          ["order", "index", ""],
          ...thousandths.map((index, order) => [
            `${order}`,
            (index / 1000).toFixed(3),
            MEANINGS[kind](index),
          ]),
        ]),
        ...(kind === "extfrag" ? [summary(thousandths)] : []),
      ]),
      "",
    ];
  });
}

function rowsOf(zones: Indexes[]): Cell[][] {
  return zones.flatMap(({ node, zone, thousandths }) =>
    thousandths.map((index, order) => [
      node,
      zone,
      order,
      (index / 1000).toFixed(3),
    ])
  );
}

type IndexKind = "extfrag" | "unusable" | "either";

/** Negative indexes are extfrag's alone; 1.000 at order 0 is unusable's. */
function kindOf(all: readonly number[]): IndexKind {
  if (all.some((index) => index < 0)) return "extfrag";
  return all.some((index) => index > 0) ? "unusable" : "either";
}

const TITLES: Readonly<Record<IndexKind, string>> = {
  extfrag: "The fragmentation index: why a request of an order fails.",
  unusable: "The unusable index: how much of the free memory lies in blocks " +
    "too small for an order.",
  either:
    "All indexes are 0: every order can use all that is free if this is " +
    "unusable_index, nothing is free if it is extfrag_index.",
};

const MEANINGS: Readonly<Record<IndexKind, (index: number) => string>> = {
  extfrag: (index) =>
    index === -1000
      ? "served now"
      : index > EXTFRAG_THRESHOLD
      ? "not now: free memory is fragmented; compaction can help"
      : "not now: memory is short; reclaim must come first",
  unusable: (index) =>
    `${percent(1 - index / 1000)} of the free memory can serve it`,
  either: () => "",
};

/** Which orders are served. */
function summary(thousandths: readonly number[]): string {
  const served = thousandths.flatMap((n, order) => n === -1000 ? [order] : []);
  return served.length === 0
    ? "No order is served now."
    : `Served now: ${ordersIn(served)}.`;
}
