/**
 * Performs page requests on a page allocator, and knows what it asked for.
 *
 * @module
 */
import { NULL } from "../../allocators/allocator.ts";
import { PagedHeap } from "../../allocators/paged_heap.ts";
import type { PageAllocator, Pfn } from "../../allocators/pages.ts";
import type { Sample } from "../measures/columns.ts";
import { type Demand, measure } from "../measures/metrics.ts";
import type { Sampling } from "./replay.ts";
import { type Block, Op, type Trace } from "../traces/trace.ts";

/** Seconds without a request after which nothing changes any more. */
const MOST_SECONDS = 1000;

/** A block that its allocator only takes back as a whole. */
interface Whole {
  /** Its first page frame. */
  pfn: Pfn;
  /** Its order. */
  order: number;
  /** Pages of it that are not freed yet. */
  left: number;
}

/**
 * What a request is rounded to: whole blocks, so nothing is internal waste. A
 * snapshot finds its state.
 */
export class PageSession implements Demand {
  op = 0;
  clock = 0;
  requested = 0;
  live = 0;
  failures = 0;
  /** The page allocator that is asked. */
  readonly pages: PageAllocator;
  private readonly heap: PagedHeap;
  private readonly moved: (slot: number) => void;
  // Indexed by slot: page frame of the block (NULL: none) and its order.
  private pfn = new Int32Array(1024).fill(NULL);
  private order = new Int8Array(1024);
  // Indexed by page frame: slot of the block that begins there, if one does.
  private slot = new Int32Array(1024);
  /** By slot: the whole that its block is a part of; most are of none. */
  private readonly wholes = new Map<number, Whole>();
  /** Whole seconds of the trace that have passed. */
  private seconds = 0;

  /** Starts with no blocks; `moved` hears of slots whose blocks were moved. */
  constructor(pages: PageAllocator, moved: (slot: number) => void = () => {}) {
    this.pages = pages;
    this.moved = moved;
    this.heap = new PagedHeap(pages);
    pages.follow?.((from, to) => this.move(from, to));
  }

  /** Page frame of the block in `slot`; NULL if it has none. */
  pfnOf(slot: number): Pfn {
    return slot < this.pfn.length ? this.pfn[slot]! : NULL;
  }

  /** Order of the block in `slot`, or of the one that was refused. */
  orderOf(slot: number): number {
    return this.order[slot]!;
  }

  /** The row of this instant. */
  sample(phase = ""): Sample {
    return measure("pages", this.heap, undefined, this, phase);
  }

  /** Performs rows `from` .. `to` - 1 of `block`, a block of `trace`. */
  run(trace: Trace, block: Block, from = 0, to: number = block.length): void {
    const { op, slot, size, extra } = block;
    for (let i = from; i < to; i++) {
      const s = slot[i]!;
      if (op[i] === Op.MALLOC) {
        this.op++;
        this.alloc(s, size[i]!, extra[i]!);
      } else if (op[i] === Op.FREE) {
        this.op++;
        this.free(s);
      } else if (op[i] === Op.SPLIT) {
        this.split(s, size[i]!);
      } else if (op[i] === Op.TIME) {
        this.passTo(Math.floor(size[i]! / 1e6));
      } else if (op[i] === Op.CLIENT && this.pages.cpu !== undefined) {
        this.pages.cpu = Number(/^cpu(\d+)$/.exec(trace.names[s]!)?.[1] ?? 0);
      }
    }
  }

  /** Compacts the memory and follows the blocks; whether `order` is free now. */
  compact(order: number): boolean {
    if (!this.pages.compact) return false;
    return this.pages.compact(order, (from, to) => this.move(from, to));
  }

  private move(from: Pfn, to: Pfn): void {
    const slot = this.slot[from]!;
    this.place(slot, to);
    this.moved(slot);
  }

  private alloc(slot: number, order: number, type: number): void {
    if (slot >= this.pfn.length) this.grow(slot);
    const pfn = this.pages.allocPages(order, type);
    const bytes = 2 ** order * this.pages.pageBytes;
    this.order[slot] = order;
    this.clock += bytes;
    if (pfn === NULL) {
      this.pfn[slot] = NULL;
      this.failures++;
      return;
    }
    this.place(slot, pfn);
    this.requested += bytes;
    this.live++;
  }

  /** The block of `slot` begins at frame `pfn` from now on. */
  private place(slot: number, pfn: Pfn): void {
    if (pfn >= this.slot.length) {
      const longer = new Int32Array(Math.max(pfn + 1, 2 * this.slot.length));
      longer.set(this.slot);
      this.slot = longer;
    }
    this.slot[pfn] = slot;
    this.pfn[slot] = pfn;
  }

  private free(slot: number): void {
    const pfn = this.pfn[slot]!;
    if (pfn === NULL) return; // the request had failed
    const order = this.order[slot]!;
    if (this.wholes.size === 0 || !this.isPart(slot, order)) {
      this.pages.freePages(pfn, order);
    }
    this.pfn[slot] = NULL;
    this.requested -= 2 ** order * this.pages.pageBytes;
    this.live--;
  }

  /** The upper half of the block in `slot` goes to the slot `half`. */
  private split(slot: number, half: number): void {
    if (half >= this.pfn.length) this.grow(half);
    const pfn = this.pfn[slot]!;
    const order = this.order[slot]!;
    this.order[slot] = this.order[half] = order - 1;
    this.pfn[half] = NULL;
    if (pfn === NULL) return;
    if (this.pages.splitPages) {
      this.pages.splitPages(pfn, order, order - 1);
    } else {
      const whole = this.wholes.get(slot) ?? { pfn, order, left: 2 ** order };
      this.wholes.set(slot, whole).set(half, whole);
    }
    this.place(half, pfn + 2 ** (order - 1));
    this.live++;
  }

  /** Whether the freed block in `slot` was a part; the last part frees all. */
  private isPart(slot: number, order: number): boolean {
    const whole = this.wholes.get(slot);
    if (!whole) return false;
    this.wholes.delete(slot);
    whole.left -= 2 ** order;
    if (whole.left === 0) this.pages.freePages(whole.pfn, whole.order);
    return true;
  }

  /** Tells the page allocator of the seconds until `second`. */
  private passTo(second: number): void {
    const passed = Math.min(second - this.seconds, MOST_SECONDS);
    for (let n = 0; n < passed; n++) this.pages.second?.();
    this.seconds = second;
  }

  private grow(slot: number): void {
    const length = Math.max(slot + 1, 2 * this.pfn.length);
    const pfn = new Int32Array(length).fill(NULL);
    pfn.set(this.pfn);
    this.pfn = pfn;
    const order = new Int8Array(length);
    order.set(this.order);
    this.order = order;
  }
}

/** Replays a trace of page requests; a sample every `sampling.every` rows and at the end. */
export async function replayPages(
  trace: Trace,
  session: PageSession,
  { every, sink }: Sampling,
): Promise<void> {
  let rows = 0;
  for await (const block of trace.blocks()) {
    for (let from = 0; from < block.length;) {
      const room = every > 0 ? every - rows % every : Infinity;
      const to = Math.min(block.length, from + room);
      session.run(trace, block, from, to);
      rows += to - from;
      from = to;
      if (every > 0 && rows % every === 0) sink(session.sample());
    }
  }
  if (every === 0 || rows % every !== 0) sink(session.sample());
}
