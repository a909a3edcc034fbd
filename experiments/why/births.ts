/**
 * When and where live objects were allocated. A `realloc` is a birth: where an
 * object got its present length is where it is held.
 *
 * @module
 */
import { longer } from "../../allocators/longer.ts";
import { isMark } from "../replay/replay.ts";
import { type Block, Op } from "../traces/trace.ts";
import { isRequest } from "./facts.ts";

/** Follows a trace; memory is O(live objects + times). */
export class Births {
  /** Operations so far. */
  op = 0;
  // By slot, valid for slots that hold an object: the number of the operation
  // that allocated it, from 1 on, and its site (0: not known).
  #birth: Float64Array<ArrayBuffer> = new Float64Array(1024);
  #site: Int32Array<ArrayBuffer> = new Int32Array(1024);
  /** Slots from here on were never used. */
  slots = 0;
  /** What was resident when it was recorded, as last measured. */
  recorded: { op: number; bytes: number } | undefined;
  readonly #times: { op: number; microseconds: number }[] = [];

  /** The operation that allocated the object in `slot`. */
  birthOf(slot: number): number {
    return this.#birth[slot]!;
  }

  /** The site of that operation; 0: not known. */
  siteOf(slot: number): number {
    return this.#site[slot]!;
  }

  /** Microseconds by operation `op`, as last measured; undefined: never. */
  timeOf(op: number): number | undefined {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = low + high >> 1;
      if (this.#times[middle]!.op < op) low = middle + 1;
      else high = middle;
    }
    return this.#times[low - 1]?.microseconds;
  }

  /** Reads rows `from` .. `to` - 1 of `block`. */
  rows(block: Block, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const code = block.op[i]!;
      if (isMark(code)) {
        if (code === Op.TIME) {
          this.#times.push({ op: this.op, microseconds: block.size[i]! });
        } else if (code === Op.RESIDENT) {
          this.recorded = { op: this.op, bytes: block.size[i]! };
        }
        continue;
      }
      this.op++;
      if (!isRequest(code)) continue;
      const slot = block.slot[i]!;
      if (slot >= this.#birth.length) this.#grow(slot);
      if (slot >= this.slots) this.slots = slot + 1;
      this.#birth[slot] = this.op;
      this.#site[slot] = block.site[i]!;
    }
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, 2 * this.#birth.length);
    this.#birth = longer(this.#birth, length);
    this.#site = longer(this.#site, length);
  }
}
