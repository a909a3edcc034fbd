/**
 * The slabs, groups and extents of a heap as text, a line for each kind.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import { Slot } from "../../allocators/slab_view.ts";
import { addressText } from "./heap_line.ts";

/** What the signs of slots mean. */
export const SLOT_LEGEND: readonly (readonly [string, string])[] = [
  [Slot.LIVE, "live"],
  [Slot.CACHED, "cached: freed, and kept on a list"],
  [Slot.FREE, "free"],
  [Slot.WAITING, "free, used when no slot of its group is available"],
  [Slot.NESTED, "holds another group"],
];

/** Pieces of a kind that are told, and slots that are told one by one. */
const MOST = 16;
const FEW = 32;

/** \`groups: [112] at 0x4000 in a slot: x-x.\`, a line for each kind. */
export function slabLines(heap: Allocator): string[] {
  const byKind = new Map<string, string[]>();
  heap.eachSlab?.(({ kind, of, start, bytes, place, slots }) => {
    const told = byKind.get(kind) ?? [];
    byKind.set(kind, told);
    told.push(
      told.length < MOST
        ? `${of || bytes} at ${addressText(start)} ${place}: ${
          slotsText(slots())
        }`
        : "",
    );
  });
  return [...byKind].map(([kind, told]) => {
    const more = told.length - MOST;
    const shown = told.slice(0, MOST).join("; ");
    return `${kind}s: ${shown}${more > 0 ? `; and ${more} more` : ""}`;
  });
}

/** The signs; of many slots how many of a sign follow each other: \`3x 29.\`. */
function slotsText(signs: string): string {
  if (signs.length <= FEW) return signs;
  const runs = signs.match(/(.)\1*/g) ?? [];
  return runs.slice(0, FEW).map((run) => `${run.length}${run[0]}`).join(" ") +
    (runs.length > FEW ? " ..." : "");
}
