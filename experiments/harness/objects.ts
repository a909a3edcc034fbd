/**
 * The objects of a trace while it is read: which slot and how many bytes each
 * live id has. Memory is O(objects live at once), whatever the ids are.
 *
 * After `realloc(p, 0)` a program holds NULL. Its id is then neither live nor
 * new: it may be freed, which does nothing, and allocated again.
 *
 * @module
 */
import { IdTable, MAX_ENTRIES } from "./id_table.ts";
import { Slots } from "./trace.ts";

/** Objects that may be live at once. */
export const MAX_OBJECTS: number = MAX_ENTRIES;

/** Live objects by id, 0 .. 2^53 - 1; every call is O(1) on average. */
export class Objects {
  // Slot s of a live id; ~s < 0 of an id that holds NULL.
  readonly #ids = new IdTable();
  readonly #slots = new Slots();
  // Bytes of the object in each slot; valid while it is live.
  #sizes = new Float64Array(1024);

  /** Whether there is no room for one more. */
  get full(): boolean {
    return this.#ids.size === MAX_OBJECTS;
  }

  /** Slot of the new object `id` of `size` bytes; -1 if `id` is live. */
  allocate(id: number, size: number): number {
    const ids = this.#ids;
    const place = ids.find(id);
    let slot: number;
    if (place < 0) {
      slot = this.#slots.take();
      ids.insert(~place, id, slot);
      if (slot === this.#sizes.length) this.#grow();
    } else {
      slot = ~ids.value(place);
      if (slot < 0) return -1;
      ids.setValue(place, slot);
    }
    this.#sizes[slot] = size;
    return slot;
  }

  /** Slot of `id` after realloc to `size`; of a new object if it is not live. */
  reallocate(id: number, size: number): number {
    const place = this.#ids.find(id);
    const slot = place < 0 ? -1 : this.#ids.value(place);
    if (slot < 0) return this.allocate(id, size);
    if (size === 0) this.#ids.setValue(place, ~slot);
    this.#sizes[slot] = size;
    return slot;
  }

  /** The slot that `id` gives back; -1 if it has none. */
  free(id: number): number {
    const place = this.#ids.find(id);
    if (place < 0) return -1;
    const value = this.#ids.value(place);
    const slot = value < 0 ? ~value : value;
    this.#ids.remove(place);
    this.#slots.give(slot);
    return slot;
  }

  /** Slot of `id`; negative if it is not live. */
  slotOf(id: number): number {
    const place = this.#ids.find(id);
    return place < 0 ? -1 : this.#ids.value(place);
  }

  /** Bytes of the live object in `slot`. */
  sizeOf(slot: number): number {
    return this.#sizes[slot]!;
  }

  #grow(): void {
    const longer = new Float64Array(2 * this.#sizes.length);
    longer.set(this.#sizes);
    this.#sizes = longer;
  }
}
