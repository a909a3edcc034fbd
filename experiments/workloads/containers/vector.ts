/**
 * `std::vector`: one array, replaced by one twice as long when it is full. The
 * new array is there before the old one is freed; the capacity never shrinks.
 *
 * @module
 */
import type { Container } from "./container.ts";
import { type Elements, roomFor } from "./elements.ts";

/** An element is announced as written when it begins another so many bytes. */
const WRITE_STEP = 4096;

/** Appending is O(1) on average. */
export class Vector implements Container {
  readonly #elements: Elements;
  readonly #elementBytes: number;
  // Elements in order, valid below the size.
  #order = new Int32Array(64);
  #capacity = 0;
  #array = -1;

  /** An empty vector, which has no array, of elements of `elementBytes`. */
  constructor(elements: Elements, elementBytes: number) {
    this.#elements = elements;
    this.#elementBytes = elementBytes;
  }

  get size(): number {
    return this.#elements.count;
  }

  insert(key: number): void {
    const at = this.size;
    const e = this.#elements.make(key);
    if (at === this.#capacity) this.#grow();
    this.#order = roomFor(this.#order, at);
    this.#order[at] = e;
    const offset = at * this.#elementBytes;
    if (offset % WRITE_STEP < this.#elementBytes) {
      this.#elements.nodes.write(this.#array, offset, this.#elementBytes);
    }
  }

  erase(_key: number): void {
    if (this.size > 0) this.#elements.drop(this.#order[this.size - 1]!);
  }

  clear(): void {
    const { size } = this;
    for (let i = 0; i < size; i++) this.#elements.drop(this.#order[i]!);
  }

  destroy(): void {
    this.clear();
    if (this.#array >= 0) this.#elements.nodes.free(this.#array);
    this.#array = -1;
    this.#capacity = 0;
  }

  #grow(): void {
    const { nodes } = this.#elements;
    const bytes = this.#capacity * this.#elementBytes;
    this.#capacity = Math.max(1, 2 * this.#capacity);
    const longer = nodes.malloc(this.#capacity * this.#elementBytes);
    nodes.write(longer, 0, bytes);
    if (this.#array >= 0) nodes.free(this.#array);
    this.#array = longer;
  }
}
