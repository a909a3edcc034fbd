/**
 * The free blocks of one zone as a table: for each order, how much of what is
 * free can serve it, and what follows for a request.
 *
 * @module
 */
import {
  availability,
  extfragForOrder,
  fragmentationIndex,
  sawicki,
  unusableFreeIndex,
} from "../../../allocators/buddy/indexes.ts";
import {
  exactBytes,
  memory,
  percent,
  plural,
  table,
  thousandths,
} from "../words.ts";
import { type Blocks, pagesIn } from "./blocks.ts";
import { EXTFRAG_THRESHOLD, isServed, MEANING, outlook } from "./outlook.ts";

/** What the columns mean. */
export const LEGEND: readonly string[] = [
  "unusable, extfrag %: the share of free memory in blocks too small for the " +
  "order; available: the rest.",
  "index: the kernel's fragmentation index: -1 if the order is served; else 0 " +
  "if memory is short, 1 if it is fragmented.",
  "Sawicki's index: how scattered free memory is: 0 if it is one block, near 1 " +
  "if it is many of like length.",
];

/** Columns that stand beside those of every zone. */
export interface MoreColumns {
  /** Their titles. */
  titles: readonly string[];
  /** Their cells for a request of `order`. */
  cells(order: number): string[];
}

/** Heading and table of a zone; without `more`, with a sentence per order. */
export function zoneLines(
  zone: Blocks,
  pageBytes: number,
  more: MoreColumns = { titles: [""], cells: (order) => [says(zone, order)] },
): string[] {
  const { node, zone: name, blocks, capped } = zone;
  const pages = pagesIn(blocks);
  const least = capped.length > 0 ? "at least " : "";
  const head =
    `Node ${node}, zone ${name}: ${least}${plural(pages, "page")} free ` +
    `(${memory(pages * pageBytes)}), Sawicki's index ${
      sawicki(blocks).toFixed(3)
    }`;
  if (pages === 0) return [head, "  Nothing is free."];
  const titles = ["order", "blocks", "unusable", "extfrag %", "index"];
  const rows = blocks.map((count, order) => [
    `${order}`,
    `${capped.includes(order) ? ">=" : ""}${count}`,
    thousandths(unusableFreeIndex(blocks, order)),
    `${extfragForOrder(blocks, order)}`,
    thousandths(fragmentationIndex(blocks, order)),
    percent(availability(blocks, order)),
    exactBytes(pageBytes * 2 ** order),
    ...more.cells(order),
  ]);
  return [
    head,
    ...table([[...titles, "available", "block", ...more.titles], ...rows]),
    ...(least
      ? [
        "  >= is a lower bound: the kernel stops counting there. Shares and " +
        "indexes are of what it counted.",
      ]
      : []),
  ];
}

/** What happens to a request of `order`, in words. */
function says({ blocks }: Blocks, order: number): string {
  const found = outlook({ own: blocks, cma: [], others: [] }, order);
  if (!isServed(found)) return MEANING[found];
  const unusable = unusableFreeIndex(blocks, order);
  if (unusable === 0) return "served; all free memory could serve it";
  return unusable < EXTFRAG_THRESHOLD
    ? "served; most free memory could serve it"
    : "served, but most free memory is in blocks too small";
}
