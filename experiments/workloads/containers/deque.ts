/**
 * `std::deque`: arrays of 512 bytes, and a map that points to them.
 *
 * An array is requested when the last one has no room beyond the element being
 * appended, and freed when its last element goes. When an end of the map is
 * reached, the pointers move to its middle if more than half of it is unused,
 * else into a longer map. `clear` keeps the first array and the map.
 *
 * @module
 */
import type { Container } from "./container.ts";
import { type Elements, roomFor } from "./elements.ts";
import type { Word } from "./layout.ts";

/** Bytes of an array, unless one element is longer. */
const ARRAY_BYTES = 512;
/** Shortest map, in pointers. */
const MIN_MAP = 8;

/** Operations at the ends are O(1) on average. */
export class Deque implements Container {
  readonly #elements: Elements;
  readonly #word: Word;
  /** Elements of an array. */
  readonly #perArray: number;
  readonly #arrayBytes: number;

  // slot[i]: slot of the array at map position i; valid in #front .. #back.
  #slot: Int32Array<ArrayBuffer>;
  #map = -1;
  #mapLength = MIN_MAP;
  /** Map positions of the first and the last array. */
  #front = 0;
  #back = 0;
  /** Index in its array of the first element, and of the one past the last. */
  #first = 0;
  #after = 0;
  // Ring of elements in order: size entries from #head on, modulo its length.
  #ring = new Int32Array(64);
  #head = 0;

  /** An empty deque, which has a map and an array, of elements of `elementBytes`. */
  constructor(elements: Elements, elementBytes: number, word: Word) {
    this.#elements = elements;
    this.#word = word;
    this.#perArray = Math.max(1, Math.floor(ARRAY_BYTES / elementBytes));
    this.#arrayBytes = this.#perArray * elementBytes;
    this.#slot = new Int32Array(this.#mapLength);
    this.#map = elements.nodes.malloc(this.#mapLength * word);
    this.#front = this.#back = (this.#mapLength - 1) >> 1;
    this.#newArray(this.#back);
  }

  get size(): number {
    return this.#elements.count;
  }

  insert(key: number): void {
    const at = this.size;
    const e = this.#make(key);
    this.#ring[(this.#head + at) & (this.#ring.length - 1)] = e;
    if (this.#after < this.#perArray - 1) {
      this.#after++;
      return;
    }
    if (this.#back + 1 === this.#mapLength) this.#reserveMap(0);
    this.#newArray(++this.#back);
    this.#after = 0;
  }

  /** Inserts in front of all others. */
  pushFront(key: number): void {
    const e = this.#make(key);
    this.#head = (this.#head - 1) & (this.#ring.length - 1);
    this.#ring[this.#head] = e;
    if (this.#first > 0) {
      this.#first--;
      return;
    }
    if (this.#front === 0) this.#reserveMap(1);
    this.#newArray(--this.#front);
    this.#first = this.#perArray - 1;
  }

  erase(_key: number): void {
    if (this.size === 0) return;
    this.#elements.drop(this.#ring[this.#head]!);
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    if (++this.#first < this.#perArray) return;
    this.#elements.nodes.free(this.#slot[this.#front++]!);
    this.#first = 0;
  }

  /** Erases the last element, if any. */
  popBack(): void {
    if (this.size === 0) return;
    const last = (this.#head + this.size - 1) & (this.#ring.length - 1);
    if (this.#after === 0) {
      this.#elements.nodes.free(this.#slot[this.#back--]!);
      this.#after = this.#perArray;
    }
    this.#after--;
    this.#elements.drop(this.#ring[last]!);
  }

  clear(): void {
    this.#dropAll();
    this.#freeArrays(this.#front + 1);
    this.#back = this.#front;
    this.#after = this.#first;
  }

  destroy(): void {
    this.#dropAll();
    this.#freeArrays(this.#front);
    this.#elements.nodes.free(this.#map);
  }

  /** Full arrays are emptied first, then the first one, then the last. */
  #dropAll(): void {
    const { size } = this;
    const one = this.#front === this.#back;
    const middle = one ? size : this.#perArray - this.#first;
    const last = one ? size : size - this.#after;
    this.#drop(middle, last);
    this.#drop(0, middle);
    this.#drop(last, size);
  }

  /** Drops the elements `from` .. `to` - 1, counted from the front. */
  #drop(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const at = (this.#head + i) & (this.#ring.length - 1);
      this.#elements.drop(this.#ring[at]!);
    }
  }

  /** Frees the arrays at map positions from `first` on, in this order. */
  #freeArrays(first: number): void {
    for (let i = first; i <= this.#back; i++) {
      this.#elements.nodes.free(this.#slot[i]!);
    }
  }

  #make(key: number): number {
    const { size } = this;
    if (size === this.#ring.length) {
      const longer = new Int32Array(2 * size);
      longer.set(this.#ring.subarray(this.#head));
      longer.set(this.#ring.subarray(0, this.#head), size - this.#head);
      this.#ring = longer;
      this.#head = 0;
    }
    return this.#elements.make(key);
  }

  /** Requests the array at map position `i`. */
  #newArray(i: number): void {
    const { nodes } = this.#elements;
    this.#slot[i] = nodes.malloc(this.#arrayBytes);
    nodes.write(this.#map, i * this.#word, this.#word);
  }

  /** Makes room for one more array: behind, or in front if `shift` is 1. */
  #reserveMap(shift: 0 | 1): void {
    const arrays = this.#back - this.#front + 2;
    const { nodes } = this.#elements;
    const old = this.#map;
    const longer = this.#mapLength <= 2 * arrays;
    if (longer) {
      this.#mapLength = 2 * this.#mapLength + 2;
      this.#slot = roomFor(this.#slot, this.#mapLength - 1);
      this.#map = nodes.malloc(this.#mapLength * this.#word);
    }
    const front = ((this.#mapLength - arrays) >> 1) + shift;
    const pointers = this.#back + 1 - this.#front;
    nodes.write(this.#map, front * this.#word, pointers * this.#word);
    this.#slot.copyWithin(front, this.#front, this.#back + 1);
    this.#back += front - this.#front;
    this.#front = front;
    if (longer) nodes.free(old);
  }
}
