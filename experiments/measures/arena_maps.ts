/**
 * A heap map of each arena: what lies where in its segments, which stand one
 * above the other, 64 MiB apart. Mappings belong to none.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { Row } from "./columns.ts";
import { HeapMap } from "./heap_map.ts";

/** From one segment to the next. */
const SEGMENT = 2 ** 26;

/** Collects looks at a heap with arenas; O(blocks + cells) each. */
export class ArenaMaps {
  readonly #maps = new Map<number, HeapMap>();

  /** Looks at `heap` after `op` operations. */
  look(op: number, heap: Allocator): void {
    const open = new Map<number, HeapMap>();
    heap.arenaFigures!().forEach(({ systemBytes }, arena) => {
      if (systemBytes === 0) return;
      const map = this.#maps.get(arena) ??
        (arena === 0 ? new HeapMap() : new HeapMap(0));
      this.#maps.set(arena, map);
      if (map.open(op)) open.set(arena, map);
    });
    heap.walk((start, length, kind) => {
      const place = heap.placeOf!(start);
      if (!place) open.get(0)?.add(start, length, kind);
      else {
        const offset = SEGMENT * place.segment + start - place.start;
        open.get(place.arena)?.add(offset, length, kind);
      }
    });
    for (const map of open.values()) map.close();
  }

  /** The rectangles of each; the last look lasts until `end` operations. */
  rows(end: number): Row[] {
    return [...this.#maps].sort(([a], [b]) => a - b).flatMap(([arena, map]) =>
      map.rows(end).map((row) => ({ arena, ...row }))
    );
  }
}
