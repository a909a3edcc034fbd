/**
 * What a heap answered to a request, and why, in words: it is looked at before
 * and after.
 *
 * @module
 */
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import { Op } from "../traces/trace.ts";
import { addressText, blocksOf, type Seen } from "./heap_line.ts";
import { freedHow, servedBecause } from "./reasons.ts";
import type { Session } from "./replay.ts";

/** Requests that hand an object out. */
export const ASKS: readonly number[] = [
  Op.MALLOC,
  Op.CALLOC,
  Op.MEMALIGN,
  Op.REALLOC,
];

/** The program whose requests are seen. */
export type Asking = Pick<Session, "addressOf" | "failures">;

/** Sees one request after the other; each look is O(blocks). */
export class Witness {
  /** The heap when it was last looked at. */
  seen: readonly Seen[] = [];
  readonly #name: string;
  readonly #heap: Allocator;
  readonly #session: Asking;
  // Before the request: the heap, the object's address, requests refused.
  #before: readonly Seen[] = [];
  #address = NULL;
  #failures = 0;

  /** Of the heap of an entry called `name`, used by `session`. */
  constructor(name: string, heap: Allocator, session: Asking) {
    this.#name = name;
    this.#heap = heap;
    this.#session = session;
  }

  /** Looks at the heap before a request about the object in `slot`. */
  before(slot: number): void {
    this.#before = blocksOf(this.#heap);
    this.#address = slot >= 0 ? this.#session.addressOf(slot) : NULL;
    this.#failures = this.#session.failures;
  }

  /** Looks at the heap after the request `op`: what was answered, and why. */
  answer(op: number, slot: number): string {
    this.seen = blocksOf(this.#heap);
    const around = {
      name: this.#name,
      heap: this.#heap,
      before: this.#before,
      after: this.seen,
    };
    if (op === Op.FREE) {
      return this.#address === NULL
        ? "nothing to free"
        : freedHow(around, this.#address);
    }
    if (!ASKS.includes(op)) return "done";
    const address = this.#session.addressOf(slot);
    if (address !== NULL) {
      return `at ${addressText(address)}: ${servedBecause(around, address)}`;
    }
    if (this.#session.failures === this.#failures) { // realloc to 0 bytes
      return this.#address === NULL ? "NULL" : freedHow(around, this.#address);
    }
    if (this.#address !== NULL) {
      return "NULL: there is no room; the old block stays, its pointer is lost";
    }
    const { explain } = this.#heap;
    return `NULL: ${explain?.call(this.#heap) || "no room"}`;
  }
}
