/**
 * What live ids have, for ids that are mostly numbered one after the other, or
 * used again: those lie side by side in an array, each at its lowest bits, so
 * that most calls look at one entry. An id whose place is taken goes to a hash
 * table, and so do long ones.
 *
 * @module
 */
import { AddressTable } from "../../allocators/freelist/address_table.ts";

/** Places of an empty table, a power of two. */
const PLACES = 1024;
/** Ids below this fit into a place. */
const MAX_NEAR = 2 ** 31;
const NONE = -1;

/** From ids, 0 .. 2^53 - 1, to 32-bit numbers but 0; O(1) on average. */
export class IdTable {
  // Place p holds an id in #near[2p] and its number in #near[2p + 1]; it is
  // free where the id is NONE. An id belongs to place id mod places. At most
  // half of the places, a power of two, are taken.
  #near = new Int32Array(2 * PLACES).fill(NONE);
  #taken = 0;
  /** The other ids. */
  readonly #far = new AddressTable();

  /** Number of ids held. */
  get size(): number {
    return this.#taken + this.#far.size;
  }

  /** The number of `id`; 0 if there is none. */
  get(id: number): number {
    const near = this.#near;
    const place = 2 * id & (near.length - 1);
    if (near[place] === id) return near[place + 1]!;
    return this.#far.size === 0 ? 0 : this.#far.get(id);
  }

  /** Notes `number`, not 0, for `id`, which must not be held yet. */
  set(id: number, number: number): void {
    const near = this.#near;
    const place = 2 * id & (near.length - 1);
    if (near[place] !== NONE || id >= MAX_NEAR) {
      return this.#far.set(id, number);
    }
    near[place] = id;
    near[place + 1] = number;
    if (4 * ++this.#taken > near.length) this.#grow();
  }

  /** Forgets `id`; returns its number, 0 if there was none. */
  take(id: number): number {
    const near = this.#near;
    const place = 2 * id & (near.length - 1);
    if (near[place] !== id) {
      return this.#far.size === 0 ? 0 : this.#far.take(id);
    }
    near[place] = NONE;
    this.#taken--;
    return near[place + 1]!;
  }

  #grow(): void {
    const old = this.#near;
    this.#near = new Int32Array(2 * old.length).fill(NONE);
    for (let place = 0; place < old.length; place += 2) {
      const id = old[place]!;
      if (id === NONE) continue;
      const to = 2 * id & (this.#near.length - 1);
      this.#near[to] = id;
      this.#near[to + 1] = old[place + 1]!;
    }
  }
}
