/**
 * Which frame backs which page, where frames come from an allocator.
 *
 * A huge page takes one block of 512 frames on its boundary. Given back in
 * parts, it keeps the block until the last part goes.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import { longer } from "../longer.ts";
import { PAGE, type PageAllocator, type Pfn } from "../pages.ts";
import type { Relocation } from "./relocation.ts";

/** Pages of a huge page. */
const HUGE = 512;

/** Frames of numbered pages; each operation is O(1) besides the allocator's. */
export class FrameMap {
  // pfn[page]: its frame; valid while the page is backed.
  private pfn = new Int32Array(HUGE);
  // First frame of each block of 512 in use, to the number of its frames that
  // back a page.
  private readonly huge = new Map<Pfn, number>();
  private readonly frames: PageAllocator;
  /** Frames taken and not given back. */
  held = 0;

  /** Takes from `frames`, which must have pages of 4 KiB. */
  constructor(frames: PageAllocator) {
    if (frames.pageBytes !== PAGE) {
      throw new RangeError(`Frames must have ${PAGE} bytes`);
    }
    this.frames = frames;
  }

  /** Makes room for pages 0 .. `pages` - 1. */
  grow(pages: number): void {
    this.pfn = longer(this.pfn, pages);
  }

  /** The frame of `page`, which is backed. */
  at(page: number): Pfn {
    return this.pfn[page]!;
  }

  /** Notes that the frame of page `from` backs page `to` from now on. */
  move(from: number, to: number): void {
    this.pfn[to] = this.pfn[from]!;
  }

  /** Takes a frame for `page`; false if there is none. */
  take(page: number): boolean {
    const pfn = this.frames.allocPages(0);
    if (pfn === NULL) return false;
    this.pfn[page] = pfn;
    this.held++;
    return true;
  }

  /** Takes one block for the 512 pages from `page` on; false if there is none. */
  takeHuge(page: number): boolean {
    const frames = this.frames;
    const order = frames.orderFor(HUGE);
    if (order >= frames.orders || frames.pagesOf(order) !== HUGE) return false;
    const first = frames.allocPages(order);
    if (first === NULL) return false;
    if (first % HUGE !== 0) {
      frames.freePages(first, order);
      return false;
    }
    this.huge.set(first, HUGE);
    this.held += HUGE;
    for (let i = 0; i < HUGE; i++) this.pfn[page + i] = first + i;
    return true;
  }

  /** Follows the frame of `page`, if it was moved. */
  relocate(page: number, moves: Relocation): void {
    const moved = moves.of(this.pfn[page]!);
    if (moved !== NULL) this.pfn[page] = moved;
  }

  /** Follows the blocks of huge pages. */
  relocateHuge(moves: Relocation): void {
    for (const [first, backing] of [...this.huge]) {
      const moved = moves.of(first);
      if (moved === NULL) continue;
      this.huge.delete(first);
      this.huge.set(moved, backing);
    }
  }

  /** Gives the frame of `page` back. */
  give(page: number): void {
    const pfn = this.pfn[page]!;
    const first = pfn - pfn % HUGE;
    const backing = this.huge.size > 0 ? this.huge.get(first) : undefined;
    if (backing === undefined) {
      this.frames.freePages(pfn, 0);
      this.held--;
    } else if (backing > 1) this.huge.set(first, backing - 1);
    else {
      this.huge.delete(first);
      this.held -= HUGE;
      this.frames.freePages(first, this.frames.orderFor(HUGE));
    }
  }
}
