/**
 * Which requests the lists of a zone serve, in sentences.
 *
 * @module
 */
import { fragmentationIndex } from "../../../allocators/buddy/indexes.ts";
import { listed, ordersAre, ordersIn, ranges } from "../words.ts";
import { type Blocks, pagesIn } from "./blocks.ts";
import { isCommon } from "./mobility.ts";
import { isServed, type Outlook } from "./outlook.ts";

/** What the reserve for atomic requests adds. */
export function atomicNote(lists: readonly Blocks[]): string[] {
  const reserve = lists.find(({ type }) => type === "HighAtomic");
  if (!reserve || pagesIn(reserve.blocks) === 0) return [];
  const open = lists.filter(({ type }) => isCommon(type!)).concat(reserve);
  const served = reserve.blocks.flatMap((_, order) =>
    order > 0 &&
      open.some(({ blocks }) => blocks.some((n, k) => k >= order && n > 0))
      ? [order]
      : []
  );
  return served.length === 0 ? [] : [
    `  Atomic requests of order 1 and more may take HighAtomic blocks as well: ` +
    `${ordersAre(served)} served now.`,
  ];
}

/** Which orders are served, and why the others are not. */
export function sentence(outlooks: readonly Outlook[]): string {
  const orders = (wanted: (outlook: Outlook) => boolean) =>
    outlooks.flatMap((one, order) => wanted(one) ? [order] : []);
  const served = orders(isServed);
  const refused = orders((one) => !isServed(one));
  const parts = [];
  if (served.length > 0) {
    const cma = orders((one) => one === "from CMA");
    parts.push(
      `${ordersAre(served)} served now` +
        (cma.length > 0 ? ` (${ranges(cma)} from CMA areas only)` : ""),
    );
  }
  if (refused.length > 0) {
    const why = (["compaction", "stuck", "reclaim", "short"] as const)
      .map((reason) => [reason, orders((one) => one === reason)] as const)
      .filter(([, orders]) => orders.length > 0);
    const all = why.length > 1;
    parts.push(
      `${ordersAre(refused)} not: ` +
        listed(
          why.map(([reason, some]) =>
            `${all ? `${ranges(some)} ` : ""}${WHY[reason]}`
          ),
        ),
    );
  }
  return parts.join("; ");
}

const WHY = {
  compaction: "after compaction at best",
  stuck: "fragmented, with no movable pageblock to compact",
  reclaim: "after reclaim at best",
  short: "not even after compaction, as less than one block is free for them",
};

/** Where the kernel's index says "served" and some requests are not. */
export function indexNote(all: Blocks, found: readonly Outlook[][]): string[] {
  const orders = all.blocks.flatMap((_, order) =>
    fragmentationIndex(all.blocks, order) === -1000 &&
      found.some((outlooks) => !isServed(outlooks[order]!))
      ? [order]
      : []
  );
  if (orders.length === 0) return [];
  return [
    `  The index counts the blocks of all lists: its -1.000 at ${
      ordersIn(orders)
    } holds for those who may take them.`,
  ];
}
