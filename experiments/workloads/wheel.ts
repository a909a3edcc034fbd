/**
 * Deaths in order of time: objects that are due at a tick are freed at it.
 *
 * @module
 */
import type { TraceBuilder } from "../traces/trace.ts";

/** Buckets of the timing wheel; a power of two. */
const WHEEL = 2 ** 12;

/** Frees every object when it is due: a timing wheel, O(1) per object. */
export class Wheel {
  readonly #trace: TraceBuilder;
  // first[t % WHEEL]: slot of an object that is due at t or whole turns later;
  // next[slot]: another in its bucket; -1: none. due[slot]: tick of its death.
  readonly #first = new Int32Array(WHEEL).fill(-1);
  #next = new Int32Array(1024);
  #due = new Float64Array(1024);

  /** Frees in `trace`. */
  constructor(trace: TraceBuilder) {
    this.#trace = trace;
  }

  /** The object in `slot` dies at tick `due`, not yet turned to. */
  add(slot: number, due: number): void {
    if (slot >= this.#due.length) this.#grow();
    const bucket = due % WHEEL;
    this.#due[slot] = due;
    this.#next[slot] = this.#first[bucket]!;
    this.#first[bucket] = slot;
  }

  /** Frees what is due at `now`; the rest of the bucket waits another turn. */
  turn(now: number): void {
    let slot = this.#first[now % WHEEL]!;
    this.#first[now % WHEEL] = -1;
    while (slot >= 0) {
      const next = this.#next[slot]!;
      if (this.#due[slot]! === now) this.#trace.free(slot);
      else this.add(slot, this.#due[slot]!);
      slot = next;
    }
  }

  #grow(): void {
    const next = new Int32Array(2 * this.#next.length);
    next.set(this.#next);
    this.#next = next;
    const due = new Float64Array(2 * this.#due.length);
    due.set(this.#due);
    this.#due = due;
  }
}
