/**
 * The lists on which an allocator keeps what is not live, and the slabs and
 * pageblocks that it cuts blocks from.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import { TYPE_NAMES } from "../../allocators/buddy/linux_area.ts";
import { PagedHeap } from "../../allocators/paged_heap.ts";
import type { PageAllocator } from "../../allocators/pages.ts";
import type { ListRow, SlabRow } from "./protocol.ts";

/** Most members of a list. */
const MOST_MEMBERS = 64;
/** Most slabs that are told, and those of them below the cursor's. */
const MOST_SLABS = 64;
const BELOW = 2;

/** What lies on which list; the blocks of a list where the heap shows them. */
export function listsOf(heap: Allocator): ListRow[] {
  const rows = new Rows();
  const pages = heap instanceof PagedHeap ? heap.pages : undefined;
  if (pages?.freeList) freeAreas(pages, rows);
  for (const { list, blocks, bytes, most } of heap.census?.() ?? []) {
    // Orders have been told type by type.
    if (pages?.freeList && list.startsWith("order ")) continue;
    if (blocks === 0 && most === undefined) continue;
    const limit = most === undefined ? {} : { most };
    Object.assign(rows.of(list), { blocks, bytes, ...limit });
  }
  const member = (list: string, address: number, bytes: number) => {
    rows.member(list, address, bytes);
  };
  heap.eachCached?.(member);
  heap.eachBinned?.(member);
  if (pages && !pages.freeList) {
    const { base = 0, pageBytes } = pages;
    pages.walkPages((pfn, order, kind) => {
      if (kind !== "free") return;
      const bytes = pages.pagesOf(order) * pageBytes;
      rows.member(`order ${order}`, base + pfn * pageBytes, bytes);
    });
  }
  return rows.all;
}

/** The slabs of `heap` around `near` in address order, and how many there are. */
export function slabsOf(
  heap: Allocator,
  near: number,
): { slabs: SlabRow[]; slabCount: number } {
  const found: number[] = [];
  heap.eachSlab?.(({ start }) => found.push(start));
  const starts = Float64Array.from(found).sort();
  const at = starts.findLastIndex((start) => start <= near);
  const first = starts.length > MOST_SLABS ? Math.max(0, at - BELOW) : 0;
  const low = starts[first]!;
  const high = starts[Math.min(first + MOST_SLABS, starts.length) - 1]!;
  const slabs: SlabRow[] = [];
  heap.eachSlab?.(({ kind, of, start, bytes, place, slots }) => {
    if (start < low || start > high) return;
    slabs.push({ kind, of, address: start, bytes, place, slots: slots() });
  });
  slabs.sort((a, b) => a.address - b.address);
  return { slabs, slabCount: starts.length };
}

/** The first letter of the migratetype of every pageblock of `heap`. */
export function pageblocksOf(heap: Allocator): string {
  if (!(heap instanceof PagedHeap)) return "";
  const types = heap.pages.pageblockTypes?.() ?? [];
  return Array.from(types, (type) => TYPE_NAMES[type]![0]!.toUpperCase())
    .join("");
}

/** Rows by name, in order of their first mention. */
class Rows {
  readonly #rows = new Map<string, ListRow>();

  get all(): ListRow[] {
    return [...this.#rows.values()];
  }

  of(list: string): ListRow {
    let row = this.#rows.get(list);
    if (!row) {
      row = { list, blocks: 0, bytes: 0, members: [], isCut: false };
      this.#rows.set(list, row);
    }
    return row;
  }

  /** Names a block that lies on `list`. */
  member(list: string, address: number, bytes: number): ListRow {
    const row = this.of(list);
    if (row.members.length < MOST_MEMBERS) row.members.push({ address, bytes });
    else row.isCut = true;
    return row;
  }
}

/** The free lists of each order, by migratetype, head first. */
function freeAreas(pages: PageAllocator, rows: Rows): void {
  const { base = 0, pageBytes } = pages;
  for (let order = 0; order < pages.orders; order++) {
    const bytes = pages.pagesOf(order) * pageBytes;
    for (const [type, name] of TYPE_NAMES.entries()) {
      for (const pfn of pages.freeList!(order, type)) {
        const list = `order ${order} ${name}`;
        const row = rows.member(list, base + pfn * pageBytes, bytes);
        row.blocks++;
        row.bytes += bytes;
      }
    }
  }
}
