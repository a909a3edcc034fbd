/**
 * Why a zone serves a request or refuses it, as a sum that can be checked.
 *
 * @module
 */
import { plural } from "../words.ts";
import type { Gfp } from "./gfp.ts";
import {
  type Check,
  checkWatermark,
  lowered,
  type WatermarkRule,
  type ZoneState,
} from "./watermark.ts";

/** What a zone says to a request. */
export interface Verdict extends Check {
  /** In words. */
  text: string;
}

/** What `zone` says to a request of `order`. */
export function verdictOn(
  zone: ZoneState,
  gfp: Gfp,
  order: number,
  rule: WatermarkRule,
): Verdict {
  const check = checkWatermark(zone, gfp, order, rule);
  const stops = !check.ok && check.order === 0;
  if (order > 0 && zone.blocks.length === 0 && !stops) {
    const text =
      "meets the watermark as such; whether a block is free does not " +
      "follow, as the text does not list them";
    return { ...check, ok: false, text };
  }
  const taken = [
    ...less(2 ** order - 1, ""),
    ...less(rule === "new" && !gfp.harder ? zone.reserved : 0, "for atomic"),
    ...less(gfp.type === "Movable" ? 0 : zone.cma, "CMA"),
  ];
  const sum = `${zone.free}${taken.join("")}`;
  // above an order only the mark counts
  const reserve = rule === "new" || stops ? zone.lowmemReserve : 0;
  const mark = markText(zone, gfp, reserve);
  const words = { zone, order, check, sum, mark };
  if (stops) return { ...check, text: belowMark(words, taken.length > 0) };
  return { ...check, text: rule === "new" ? byBlock(words) : byOrder(words) };
}

/** What the sentences are made of. */
interface Words {
  zone: ZoneState;
  order: number;
  check: Check;
  /** Free pages and what is taken off. */
  sum: string;
  mark: string;
}

function belowMark({ sum, mark, check }: Words, isSum: boolean): string {
  const { left, needed } = check;
  const free = isSum
    ? `${sum} = ${plural(left, "page is", "pages are")} free`
    : `${plural(left, "page is", "pages are", sum)} free`;
  return `refuses: ${free}, and more than ${needed} must be (${mark})`;
}

/** The rule from 4.4 on: one block that is long enough. */
function byBlock({ zone, order, check, sum, mark }: Words): string {
  const { ok, left, needed } = check;
  const met = `the watermark is met (${
    sum === `${left}` ? "" : `${sum} = `
  }${left} > ${needed}; ${mark})`;
  if (ok) return `would serve it: ${met}, and a block is free`;
  const others = zone.blocks.some((n, k) => k >= order && n > 0);
  return `refuses: ${met}, but ${
    others
      ? `the free blocks of order ${order} and more are for others only`
      : `no block of order ${order} or more is free`
  }`;
}

/** The rule up to 4.3: the mark, halved, above each order. */
function byOrder({ zone, order, check, sum, mark }: Words): string {
  const { ok, order: stop, left, needed } = check;
  if (ok) {
    const pages = plural(Number(sum), "page", "pages", sum);
    return `would serve it: the watermark is met at every order (${pages}; ` +
      `${mark})`;
  }
  const taken = zone.blocks.slice(0, stop).map((n, k) => ` - ${n * 2 ** k}`);
  const above = zone.blocks.slice(order).reduce((n, blocks) => n + blocks, 0);
  const pages = plural(left, "page is", "pages are");
  return `refuses: ${sum}${taken.join("")} = ${pages} left above order ` +
    `${
      stop - 1
    }, and more than ${needed} must be (${mark}, halved at each order)` +
    (above > 0
      ? `, although ${
        plural(above, "block is", "blocks are")
      } free of order ${order} or more`
      : "");
}

function less(pages: number, what: string): string[] {
  if (pages === 0) return [];
  return [` - ${pages}${what ? ` (${what})` : ""}`];
}

/** The mark and what was added or taken off. */
function markText(zone: ZoneState, gfp: Gfp, reserve: number): string {
  const mark = lowered(zone.mark, gfp);
  return `min ${plural(zone.mark, "page")}` +
    (mark < zone.mark ? `, lowered to ${mark} for an atomic request` : "") +
    (reserve > 0 ? `, plus ${reserve} of lowmem_reserve` : "");
}
