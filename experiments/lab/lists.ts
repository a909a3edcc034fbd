/**
 * The lists on which an allocator keeps what is not live.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import {
  MigrateType,
  PAGEBLOCK_ORDER,
} from "../../allocators/buddy/linux_area.ts";
import { PagedHeap } from "../../allocators/paged_heap.ts";
import type { PageAllocator } from "../../allocators/pages.ts";
import type { ListRow } from "./protocol.ts";

/** Most members of a list. */
const MOST_MEMBERS = 64;

/** Names of migratetypes, by number. */
export const TYPE_NAMES: readonly string[] = Object.entries(MigrateType)
  .sort(([, a], [, b]) => a - b).map(([name]) => name.toLowerCase());

/** What lies on which list; the blocks of a list where the heap shows them. */
export function listsOf(heap: Allocator): ListRow[] {
  const rows = new Rows();
  const pages = heap instanceof PagedHeap ? heap.pages : undefined;
  if (pages?.freeList) freeAreas(pages, rows);
  for (const { list, blocks, bytes } of heap.census?.() ?? []) {
    // Orders have been told type by type.
    if (blocks > 0 && !(pages?.freeList && list.startsWith("order "))) {
      Object.assign(rows.of(list), { blocks, bytes });
    }
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
  if (pages?.pageblockTypes) pageblocks(pages, rows);
  return rows.all;
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

/** How many pageblocks there are of each migratetype. */
function pageblocks(pages: PageAllocator, rows: Rows): void {
  const bytes = pages.pageBytes * 2 ** PAGEBLOCK_ORDER;
  for (const type of pages.pageblockTypes!()) {
    const row = rows.of(`pageblocks ${TYPE_NAMES[type] ?? type}`);
    row.blocks++;
    row.bytes += bytes;
  }
}
