/**
 * `std::list`: a doubly linked ring of nodes around a sentinel in the list
 * object itself. Elements are freed one by one, from the front.
 *
 * @module
 */
import type { Container } from "./container.ts";
import { type Elements, roomFor } from "./elements.ts";

/** Every operation but `clear` is O(1). */
export class List implements Container {
  readonly #elements: Elements;
  // Neighbours of element e in the ring; 0 is the sentinel.
  #next = new Int32Array(64);
  #previous = new Int32Array(64);

  /** An empty list. */
  constructor(elements: Elements) {
    this.#elements = elements;
  }

  get size(): number {
    return this.#elements.count;
  }

  insert(key: number): void {
    this.#link(this.#elements.make(key), 0);
  }

  /** Inserts in front of all others. */
  pushFront(key: number): void {
    this.#link(this.#elements.make(key), this.#next[0]!);
  }

  erase(_key: number): void {
    if (this.size > 0) this.#drop(this.#next[0]!);
  }

  /** Erases the last element, if any. */
  popBack(): void {
    if (this.size > 0) this.#drop(this.#previous[0]!);
  }

  clear(): void {
    while (this.size > 0) this.#drop(this.#next[0]!);
  }

  destroy(): void {
    this.clear();
  }

  /** Links `e` in before `next`. */
  #link(e: number, next: number): void {
    this.#next = roomFor(this.#next, e);
    this.#previous = roomFor(this.#previous, e);
    const previous = this.#previous[next]!;
    this.#next[e] = next;
    this.#previous[e] = previous;
    this.#next[previous] = e;
    this.#previous[next] = e;
  }

  #drop(e: number): void {
    const next = this.#next[e]!;
    const previous = this.#previous[e]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#elements.drop(e);
  }
}
