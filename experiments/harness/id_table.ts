/**
 * A map from numbers to slots in two typed arrays: open addressing with linear
 * probing. Removal moves later entries up, so that a long trace leaves no
 * tombstones (D. E. Knuth, The Art of Computer Programming, vol. 3, 2nd ed.,
 * section 6.4, Algorithm R). Eight consecutive keys share a cache line, as ids
 * that are numbered one after the other are used together.
 *
 * @module
 */

/** Entries a table can hold. */
export const MAX_ENTRIES: number = 2 ** 26;

/** Marks a place without a key. */
const EMPTY = -1;
/** log2 of the number of consecutive keys that lie together. */
const GROUP_BITS = 3;
/** Places per entry, at least. */
const SPACIOUSNESS = 4;
/** 2^32 divided by the golden ratio: spreads any arithmetic series. */
const SPREAD = 0x9e3779b1;

/** Keys 0 .. 2^53 - 1 with Int32 values; every call is O(1) on average. */
export class IdTable {
  // keys[i] is EMPTY or a key, and values[i] is valid in the second case. No
  // place is EMPTY from where a key belongs (#home) to where it lies.
  #keys = new Float64Array(1024).fill(EMPTY);
  #values = new Int32Array(1024);
  /** 32 - log2(number of groups). */
  #shift = 32 - 10 + GROUP_BITS;
  /** Number of entries. */
  size = 0;

  /** Place of `key`; if it has none, ~i < 0 where `insert` may put it at i. */
  find(key: number): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    for (let i = this.#home(key);; i = i + 1 & mask) {
      const k = keys[i]!;
      if (k === key) return i;
      if (k === EMPTY) return ~i;
    }
  }

  /** Value of the entry at `place`. */
  value(place: number): number {
    return this.#values[place]!;
  }

  /** Changes the value of the entry at `place`. */
  setValue(place: number, value: number): void {
    this.#values[place] = value;
  }

  /**
   * Adds an entry at the `place` that `find` has just named. Places found
   * before are void afterwards.
   *
   * Throws `RangeError` if there are {@linkcode MAX_ENTRIES} others.
   */
  insert(place: number, key: number, value: number): void {
    if (this.size === MAX_ENTRIES) {
      throw new RangeError(`Cannot hold more than ${MAX_ENTRIES} entries`);
    }
    this.#keys[place] = key;
    this.#values[place] = value;
    this.size++;
    if (SPACIOUSNESS * this.size > this.#keys.length) this.#grow();
  }

  /** Removes the entry at `place`. Places found before are void afterwards. */
  remove(place: number): void {
    const keys = this.#keys;
    const mask = keys.length - 1;
    let hole = place;
    for (let i = hole + 1 & mask; keys[i] !== EMPTY; i = i + 1 & mask) {
      const home = this.#home(keys[i]!);
      if ((i - home & mask) < (i - hole & mask)) continue; // home is past hole
      keys[hole] = keys[i]!;
      this.#values[hole] = this.#values[i]!;
      hole = i;
    }
    keys[hole] = EMPTY;
    this.size--;
  }

  /** Where `key` belongs. */
  #home(key: number): number {
    const bits = (key | 0) ^ (key / 2 ** 32 | 0);
    const group = Math.imul(bits >>> GROUP_BITS, SPREAD) >>> this.#shift;
    return group << GROUP_BITS | bits & (1 << GROUP_BITS) - 1;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(2 * keys.length).fill(EMPTY);
    this.#values = new Int32Array(2 * keys.length);
    this.#shift--;
    for (let j = 0; j < keys.length; j++) {
      if (keys[j] === EMPTY) continue;
      const i = ~this.find(keys[j]!);
      this.#keys[i] = keys[j]!;
      this.#values[i] = values[j]!;
    }
  }
}
