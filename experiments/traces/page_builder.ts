/**
 * Builds traces of page requests in memory, as `.pages` files have them.
 *
 * @module
 */
import { Op, Slots, type Trace, TraceBuilder } from "./trace.ts";

/** `alloc` returns the slot of the block. */
export class PageTraceBuilder {
  readonly #trace = new TraceBuilder();
  readonly #slots = new Slots();

  /** Appends a request for 2^`order` pages of migratetype `type`. */
  alloc(order: number, type: number): number {
    const slot = this.#slots.take();
    this.#trace.append(Op.MALLOC, slot, order, type);
    return slot;
  }

  /** Appends the free of a live slot. */
  free(slot: number): void {
    this.#trace.append(Op.FREE, slot, 0, 0);
    this.#slots.give(slot);
  }

  /** The finished trace. */
  build(name: string): Trace {
    return this.#trace.build(name);
  }
}
