/**
 * The byte face of a page allocator: every request is a block of whole pages,
 * so that pages can be compared with malloc.
 *
 * The block is the allocation: its rounding is internal waste, and there are
 * no headers.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  type CensusRow,
  type Counters,
  notLive,
  NULL,
  reallocByMove,
  type Usage,
} from "./allocator.ts";
import type { Declared } from "./capability.ts";
import { checkAlignment } from "./log2.ts";
import {
  FlatSource,
  PAGE,
  type PageAllocator,
  type PageSource,
} from "./pages.ts";

/** What heaps of this kind offer; a memory of fixed length is its own. */
export function pagedOffers(pages: number): readonly Declared[] {
  return pages > 0
    ? ["memalign", "census"]
    : ["memalign", "census", "resident"];
}

/** What to know before a memory of pages of `page` bytes serves bytes. */
export function pagedAdvice(page: number, remedy: string): string | undefined {
  if (page < PAGE) return undefined;
  return `a request for bytes takes whole pages of ${page}; ${remedy}`;
}

/** Requests in bytes over `pages`; address = base + pfn x page. */
export class PagedHeap implements Allocator {
  /** The page allocator below. */
  readonly pages: PageAllocator;
  readonly eachCached?: NonNullable<Allocator["eachCached"]>;
  private readonly source: Pick<PageSource, "move">;

  /** Serves bytes from `pages`; `realloc` tells `source` what it moves. */
  constructor(
    pages: PageAllocator,
    source: Pick<PageSource, "move"> = new FlatSource(),
  ) {
    this.pages = pages;
    this.source = source;
    if (!pages.eachCached) return;
    this.eachCached = (visit) =>
      pages.eachCached!((list, pfn, order) => {
        const bytes = pages.pagesOf(order) * pages.pageBytes;
        visit(list, this.base + pfn * pages.pageBytes, bytes);
      });
  }

  malloc(size: number): Address {
    const { pages } = this;
    const wanted = Math.max(1, Math.ceil(size / pages.pageBytes));
    const pfn = pages.allocPages(pages.orderFor(wanted));
    return pfn === NULL ? NULL : this.base + pfn * pages.pageBytes;
  }

  free(address: Address): void {
    this.pages.freePages(this.pfn(address), this.liveOrder(address));
  }

  realloc(address: Address, oldSize: number, size: number): Address {
    return reallocByMove(this, this.source, address, oldSize, size);
  }

  /**
   * A block as long as the alignment: of 2^k pages, it starts at a multiple of
   * its length. Throws `RangeError` unless `alignment` is a power of two, and
   * if it is longer than a page where blocks have other lengths or page 0 is
   * not aligned itself.
   */
  memalign(alignment: number, size: number): Address {
    checkAlignment(alignment);
    const address = this.malloc(Math.max(size, alignment));
    if (address === NULL || this.aligns(alignment)) return address;
    this.free(address);
    throw new RangeError(
      `Blocks of this allocator do not start at multiples of ${alignment} bytes`,
    );
  }

  usableSize(address: Address): number {
    const { pages } = this;
    return pages.pagesOf(this.liveOrder(address)) * pages.pageBytes;
  }

  walk(visit: BlockVisitor): void {
    const { pages } = this;
    pages.walkPages((pfn, order, kind) =>
      visit(
        this.base + pfn * pages.pageBytes,
        pages.pagesOf(order) * pages.pageBytes,
        kind,
      )
    );
  }

  check(): void {
    this.pages.check();
  }

  usage(): Usage {
    return this.pages.usage();
  }

  get footprint(): number {
    return this.pages.footprint;
  }

  get counters(): Counters {
    return this.pages.counters;
  }

  census(): CensusRow[] {
    return this.pages.census();
  }

  /** Address of page 0. */
  private get base(): Address {
    return this.pages.base ?? 0;
  }

  /** Whether a block of `alignment` bytes starts at a multiple of them. */
  private aligns(alignment: number): boolean {
    const { pages } = this;
    const top = pages.orders - 1;
    const binary = pages.pagesOf(top) === 2 ** top;
    return this.base % alignment === 0 &&
      (binary || alignment <= pages.pageBytes);
  }

  /** The page at `address`; not whole inside of a page. */
  private pfn(address: Address): number {
    return (address - this.base) / this.pages.pageBytes;
  }

  /** Order of the live block at `address`; `RangeError` if none starts there. */
  private liveOrder(address: Address): number {
    const order = this.pages.liveOrder(this.pfn(address));
    if (order < 0) throw notLive(address);
    return order;
  }
}
