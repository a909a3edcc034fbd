/**
 * The objects of a trace while it is read: which slot and how many bytes each
 * live id has. Memory is O(objects live at once), whatever the ids are.
 *
 * After `realloc(p, 0)` a program holds NULL. Its id is then neither live nor
 * new: it may be freed, which does nothing, and allocated again. An id that was
 * never allocated holds NULL as well.
 *
 * @module
 */
import { IdSet } from "./id_set.ts";
import { IdTable } from "./id_table.ts";
import { Slots } from "./trace.ts";

/** Objects that may be live at once. */
export const MAX_OBJECTS: number = 2 ** 26;

/** Live objects by id, 0 .. 2^53 - 1; every call is O(1) on average. */
export class Objects {
  // Slot + 1 of a live id; the negative of that if the id holds NULL.
  readonly #ids = new IdTable();
  readonly #slots = new Slots();
  /** Ids that were ever allocated. */
  readonly #ever = new IdSet();
  // Bytes of the object in each slot; valid while it is live.
  #sizes = new Float64Array(1024);

  /** Whether there is no room for one more. */
  get full(): boolean {
    return this.#ids.size === MAX_OBJECTS;
  }

  /**
   * Slot of the new object `id` of `size` bytes; -1 if `id` is live or there is
   * no room for one more.
   */
  allocate(id: number, size: number): number {
    const held = this.#ids.get(id);
    if (held > 0) return -1;
    const slot = held < 0 ? -this.#ids.take(id) - 1 : this.#slots.take();
    if (slot === this.#sizes.length && !this.#grow()) {
      this.#slots.give(slot);
      return -1;
    }
    this.#ever.add(id);
    this.#ids.set(id, slot + 1);
    this.#sizes[slot] = size;
    return slot;
  }

  /** Slot of `id` after realloc to `size`; of a new object if it is not live. */
  reallocate(id: number, size: number): number {
    const held = this.#ids.get(id);
    if (held <= 0) return this.allocate(id, size);
    if (size === 0) this.#ids.set(id, -this.#ids.take(id));
    this.#sizes[held - 1] = size;
    return held - 1;
  }

  /** The slot that `id` gives back; -1 if it has none. */
  free(id: number): number {
    const slot = Math.abs(this.#ids.take(id)) - 1;
    if (slot >= 0) this.#slots.give(slot);
    return slot;
  }

  /** Whether `id` was ever allocated. */
  isKnown(id: number): boolean {
    return this.#ever.has(id);
  }

  /** Slot of `id`; negative if it is not live. */
  slotOf(id: number): number {
    return this.#ids.get(id) - 1;
  }

  /** Slot of `id` if it is live and has at least `bytes`; else -1. */
  accessed(id: number, bytes: number): number {
    const slot = this.#ids.get(id) - 1;
    return slot >= 0 && bytes <= this.#sizes[slot]! ? slot : -1;
  }

  /** Bytes of the live object in `slot`. */
  sizeOf(slot: number): number {
    return this.#sizes[slot]!;
  }

  /** Room for one more size; false if there are too many. */
  #grow(): boolean {
    if (this.#sizes.length === MAX_OBJECTS) return false;
    const longer = new Float64Array(2 * this.#sizes.length);
    longer.set(this.#sizes);
    this.#sizes = longer;
    return true;
  }
}
