/**
 * Blocks with an extent of their own: a page longer than the block, which
 * starts at a random cache line of the first page.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { Holds, NONE } from "./extents.ts";
import type { Lcg } from "./lcg.ts";
import type { Memory } from "./memory.ts";
import { Path } from "./path.ts";
import type { Ticker } from "./ticker.ts";

/** Bytes of a cache line: blocks lie at multiples of it, at least. */
export const LINE = 64;

/** The large blocks of a thread. */
export class Large {
  /** Drawing from `lcg`. */
  constructor(
    private readonly memory: Memory,
    private readonly lcg: Lcg,
    private readonly ticker: Ticker,
  ) {}

  /** An extent of `arena` for a block of `usable` bytes; {@linkcode NONE}. */
  take(arena: Arena, usable: number, alignment: number): number {
    const e = arena.take(usable + PAGE, Math.max(alignment, PAGE));
    if (e === NONE) return NONE;
    const { extents } = this.memory;
    this.memory.path |= Path.LARGE;
    extents.holds[e] = Holds.LARGE;
    let offset = 0;
    if (alignment < PAGE) {
      const unit = Math.max(alignment, LINE);
      offset = this.lcg.draw(Math.log2(PAGE / unit)) * unit;
    }
    extents.offset[e] = offset;
    this.ticker.tick(1, arena);
    return e;
  }

  /** Whether the block in extent `e` of `arena` can have `usable` bytes where it is. */
  resize(arena: Arena, e: number, usable: number): boolean {
    const bytes = usable + PAGE;
    const old = this.memory.extents.bytes[e]!;
    if (bytes > old) return arena.expand(e, bytes);
    if (bytes < old) arena.shrink(e, bytes);
    return true;
  }
}
