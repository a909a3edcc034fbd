/**
 * The free blocks of a reported zone, and who could get a block of each order.
 *
 * @module
 */
import { fragmentationIndex } from "../../../allocators/buddy/indexes.ts";
import { EXTFRAG_THRESHOLD } from "../pages/outlook.ts";
import { exactBytes, ordersIn, ranges, table } from "../words.ts";
import { ATOMIC, type Gfp, MOVABLE, ORDINARY } from "./gfp.ts";
import type { ReportedZone } from "./mem_info_types.ts";
import { mayTake, reaches, type Report } from "./reported.ts";
import { checkWatermark, type WatermarkRule } from "./watermark.ts";

/**
 * Up to this order Linux, from 4.9 on, compacts whatever the fragmentation
 * index, and with room above min.
 */
const COSTLY = 3;

/** What a cell may say. */
type Cell =
  | "served"
  | "watermark"
  | "no block"
  | "compaction"
  | "reclaim"
  | "-";

/** What cells mean. */
export const ORDER_LEGEND: readonly string[] = [
  "kernel: GFP_KERNEL, may wait; user: movable memory of programs; atomic: " +
  "GFP_ATOMIC, may not wait.",
  "watermark: too few pages would be left; no block: none is long enough; " +
  "compaction, reclaim: not now, but it may be after one or the other.",
];

/** What the letters of types mean, which kernels print since 3.8. */
export const TYPE_LEGEND = "types: U unmovable, M movable, E reclaimable, " +
  "serve one another; C in CMA areas, for movable requests only; H reserved " +
  "for atomic requests of order 1 and more; R reserve; I isolated, for nobody.";

/** The table; `asked` is the request that failed. */
export function orderLines(
  report: Report,
  zone: ReportedZone,
  pageBytes: number,
  asked?: Gfp,
): string[] {
  const who: [string, Gfp][] = [
    ...(asked ? [["this request", asked] as [string, Gfp]] : []),
    ["kernel", ORDINARY],
    ["user", MOVABLE],
    ["atomic", ATOMIC],
  ];
  const cells = who.map(([, gfp]) =>
    zone.blocks.map((_, order) => cellOf(report, zone, gfp, order))
  );
  const rows = zone.blocks.map(({ count, types }, order) => [
    `${order}`,
    `${count}`,
    types || "-",
    exactBytes(pageBytes * 2 ** order),
    ...cells.map((column) => column[order]!),
    "",
  ]);
  const titles = ["order", "blocks", "types", "block"];
  return [
    ...table([[...titles, ...who.map(([name]) => name), ""], ...rows]),
    ...(asked && report.rules.length === 1 ? [stops(cells[0]!)] : []),
  ];
}

/** From which order on the request that failed is refused. */
function stops(cells: readonly string[]): string {
  const served = cells.flatMap((cell, k) => cell === "served" ? [k] : []);
  const refused = cells.flatMap((cell, k) => cell === "served" ? [] : [k]);
  if (refused.length === 0) {
    return "  Such a request is served at every order listed.";
  }
  return served.length === 0
    ? "  Such a request is served at no order."
    : `  Such a request is served at ${ordersIn(served)}, and stops at ${
      ranges(refused)
    }.`;
}

/** Whether compaction has room for what it moves: twice the block above a mark. */
function hasRoom(
  report: Report,
  zone: ReportedZone,
  gfp: Gfp,
  order: number,
  rule: WatermarkRule,
): boolean {
  const cheap = rule === "new" && order <= COSTLY;
  const state = report.state(zone, gfp, cheap ? "min" : "low");
  const mark = state.mark + 2 ** (order + 1);
  return checkWatermark({ ...state, mark }, MOVABLE, 0, rule).ok;
}

/** What a request of `order` gets; both answers if the rules differ. */
function cellOf(
  report: Report,
  zone: ReportedZone,
  gfp: Gfp,
  order: number,
): string {
  if (!reaches(zone, gfp)) return "-";
  const state = report.state(zone, gfp, "min");
  const cells = report.rules.map((rule): Cell => {
    const check = checkWatermark(state, gfp, order, rule);
    if (check.ok) return "served";
    const short = check.order === 0;
    if (!gfp.waits) return short || rule === "old" ? "watermark" : "no block";
    if (short) return "reclaim";
    const usable = zone.blocks.map(({ count, types }) =>
      mayTake(types, gfp) ? count : 0
    );
    const index = fragmentationIndex(usable, order);
    const fragmented = rule === "new" && order <= COSTLY ||
      index > EXTFRAG_THRESHOLD || index === -1000;
    return fragmented && hasRoom(report, zone, gfp, order, rule)
      ? "compaction"
      : "reclaim";
  });
  return [...new Set(cells)].join(" / ");
}
