/**
 * The slabs, groups and extents that a heap cuts blocks from, class by class:
 * how much of each is in use.
 *
 * @module
 */
import { Slot } from "../../allocators/slab_view.ts";
import type { Scene } from "./run.ts";

/** All pieces of one class. */
export interface Pieces {
  /** `group [112]`, `slab kmalloc-64`; of single blocks where they are: `extent, dirty`. */
  name: string;
  /** How many there are. */
  count: number;
  /** Slots of all, and those in use: by the program, or by another piece. */
  slots: number;
  used: number;
  /** Resident bytes; a piece in a slot of another counts there as well. */
  resident: number;
}

/** Every class that has pieces, the one with most resident bytes first. O(slots). */
export function piecesOf(
  { heap, os }: Pick<Scene, "heap" | "os">,
): Pieces[] {
  const classes = new Map<string, Pieces>();
  heap.eachSlab?.(({ kind, of, start, bytes, place, count, slots }) => {
    const name = of === "" ? `${kind}, ${place}` : `${kind} ${of}`;
    const all = classes.get(name) ??
      { name, count: 0, slots: 0, used: 0, resident: 0 };
    classes.set(name, all);
    all.count++;
    all.slots += count;
    all.resident += os.residentBytesIn(start, bytes);
    for (const sign of slots()) {
      if (sign === Slot.LIVE || sign === Slot.NESTED) all.used++;
    }
  });
  return [...classes.values()].sort((a, b) => b.resident - a.resident);
}
