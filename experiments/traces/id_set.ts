/**
 * Ids that were ever in use. Files mostly number their objects one after the
 * other: these make one range, and only others cost memory.
 *
 * @module
 */
import { AddressTable } from "../../allocators/freelist/address_table.ts";

/** Ids outside of the range that are remembered: 64 MiB at most. */
export const MAX_APART: number = 2 ** 21;

/** A set of whole numbers that only grows; `add` is O(1) on average. */
export class IdSet {
  // All ids of #low .. #high - 1 are in the set.
  #low = 0;
  #high = 0;
  /** The others, as long as there is room. */
  readonly #apart = new AddressTable();
  readonly #most: number;

  /** An empty set that remembers `most` ids apart from its range. */
  constructor(most: number = MAX_APART) {
    this.#most = most;
  }

  /** Puts `id` in. */
  add(id: number): void {
    if (id < this.#high && id >= this.#low) return;
    this.#addNew(id);
  }

  #addNew(id: number): void {
    if (id === this.#high) this.#high++;
    else if (this.#high === 0) [this.#low, this.#high] = [id, id + 1];
    else if (id === this.#low - 1) this.#low--;
    else return this.#addApart(id);
    if (this.#apart.size > 0) this.#absorb();
  }

  /** Whether `id` is in; true for any other one once ids had to be forgotten. */
  has(id: number): boolean {
    return id >= this.#low && id < this.#high || this.#apart.get(id) !== 0 ||
      this.#apart.size === this.#most;
  }

  #addApart(id: number): void {
    if (this.#apart.size < this.#most && this.#apart.get(id) === 0) {
      this.#apart.set(id, 1);
    }
  }

  /** Lengthens the range by what lies next to it. */
  #absorb(): void {
    const apart = this.#apart;
    if (apart.size === this.#most) return; // full, and known to be
    while (apart.take(this.#high) !== 0) this.#high++;
    while (apart.take(this.#low - 1) !== 0) this.#low--;
  }
}
