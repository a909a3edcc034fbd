/**
 * Free blocks over time: each zone's free pages and fragmentation indexes,
 * sample by sample.
 *
 * @module
 */
import {
  fragmentationIndex,
  unusableFreeIndex,
} from "../../../allocators/buddy/indexes.ts";
import type { Cell, Sample } from "../kind.ts";
import {
  mebibytes,
  ordersIn,
  percent,
  plural,
  table,
  thousandths,
} from "../words.ts";
import { type Blocks, pagesIn } from "./blocks.ts";

/** Samples that are shown one by one; of more, the first and the last. */
const SHOWN = 20;

/** A zone at one time. */
interface Moment {
  label: string;
  zone: Blocks;
}

/** A series in words; nothing for fewer than two samples. */
export function seriesLines(
  samples: readonly Sample<readonly Blocks[]>[],
  pageBytes: number,
): string[] {
  if (samples.length < 2) return [];
  const zones = new Map<string, Moment[]>();
  samples.forEach(({ label, data }, i) => {
    for (const zone of data) {
      const name = `Node ${zone.node}, zone ${zone.zone}`;
      const moments = zones.get(name) ?? [];
      zones.set(name, moments);
      moments.push({ label: label || `${i + 1}`, zone });
    }
  });
  return [
    `${samples.length} samples: a series. Free pages of each zone, and the ` +
    "fragmentation index of each order (-: served).",
    "",
    ...[...zones].flatMap(([name, moments]) => [
      `${name}: ${change(moments)}`,
      ...momentTable(moments, pageBytes),
      "",
    ]),
  ];
}

/** What became of a zone between the first and the last sample. */
function change(moments: readonly Moment[]): string {
  const [first, last] = [moments[0]!.zone, moments.at(-1)!.zone];
  const [before, after] = [first, last].map(({ blocks }) => pagesIn(blocks));
  const least = [first, last].map((zone) => isLeast(zone) ? "at least " : "");
  const share = least.join("") !== ""
    ? ""
    : before === after
    ? " (unchanged)"
    : before! > 0
    ? ` (${after! < before! ? "" : "+"}${percent(after! / before! - 1)})`
    : "";
  const served = (zone: Blocks, order: number) =>
    zone.blocks.some((n, k) => k >= order && n > 0);
  const orders = (from: Blocks, to: Blocks) =>
    from.blocks.flatMap((_, order) =>
      served(from, order) && !served(to, order) ? [order] : []
    );
  const lost = orders(first, last);
  const won = orders(last, first);
  return [
    `${least[0]}${plural(before!, "page")} free at first, ` +
    `${least[1]}${after} at last${share}`,
    ...(lost.length > 0 ? [`no longer served: ${ordersIn(lost)}`] : []),
    ...(won.length > 0 ? [`served again: ${ordersIn(won)}`] : []),
  ].join("; ");
}

/** Whether the counts of a zone are lower bounds. */
function isLeast({ capped }: Blocks): boolean {
  return capped.length > 0;
}

function momentTable(
  moments: readonly Moment[],
  pageBytes: number,
): string[] {
  const half = SHOWN / 2;
  const shown = moments.length > SHOWN
    ? [...moments.slice(0, half), ...moments.slice(-half)]
    : moments;
  const orders = moments[0]!.zone.blocks.map((_, order) => order);
  const lines = table([
    ["sample", "pages", "free", ...orders.map(String), ""],
    ...shown.map(({ label, zone }) => {
      const { blocks } = zone;
      const pages = pagesIn(blocks);
      const bound = isLeast(zone) ? ">=" : "";
      return [
        label,
        `${bound}${pages}`,
        `${bound}${mebibytes(pages * pageBytes)}`,
        ...orders.map((order) => {
          const index = fragmentationIndex(blocks, order);
          return index === -1000 ? "-" : thousandths(index);
        }),
        "",
      ];
    }),
  ]);
  const left = moments.length - shown.length;
  if (left > 0) {
    lines.splice(
      half + 1,
      0,
      `... ${plural(left, "more sample")}: --csv prints all`,
    );
  }
  return lines;
}

/** A row per list and order; type "" is the whole zone. */
export const BLOCK_COLUMNS: readonly string[] = [
  "node",
  "zone",
  "type",
  "order",
  "free_blocks",
  "lower_bound",
  "unusable_ratio",
  "fragmentation_index",
];

/** The rows of one list. */
export function blockRows(
  { node, zone, type = "", blocks, capped }: Blocks,
): Cell[][] {
  return blocks.map((count, order) => [
    node,
    zone,
    type,
    order,
    count,
    capped.includes(order) ? 1 : 0,
    thousandths(unusableFreeIndex(blocks, order)),
    thousandths(fragmentationIndex(blocks, order)),
  ]);
}
