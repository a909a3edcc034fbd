/**
 * Doubly linked lists of page frames, threaded through two arrays: no memory
 * per block, and a page is on one list at most.
 *
 * @module
 */
import { invariant, NULL } from "../allocator.ts";
import type { Pfn } from "../pages.ts";

/** A fixed number of lists over a growing number of pages; all O(1). */
export class PageLists {
  // Rings: node n < lists is the head of list n, node lists + pfn is a page.
  // Links of a page are valid while it is on a list; those of a head always.
  #next: Int32Array<ArrayBuffer>;
  #prev: Int32Array<ArrayBuffer>;
  readonly #heads: number;
  /** One entry per list: pages on it. */
  readonly length: Int32Array;

  /** `lists` empty lists, no pages yet. */
  constructor(lists: number) {
    this.#heads = lists;
    this.length = new Int32Array(lists);
    this.#next = Int32Array.from({ length: lists }, (_, n) => n);
    this.#prev = this.#next.slice();
  }

  /** Makes room for pages below `pages`. O(pages). */
  grow(pages: number): void {
    const next = new Int32Array(this.#heads + pages);
    next.set(this.#next);
    this.#next = next;
    const prev = new Int32Array(this.#heads + pages);
    prev.set(this.#prev);
    this.#prev = prev;
  }

  /** The page at the head; NULL if the list is empty. */
  first(list: number): Pfn {
    const node = this.#next[list]!;
    return node === list ? NULL : node - this.#heads;
  }

  /** The page at the tail; NULL if the list is empty. */
  last(list: number): Pfn {
    const node = this.#prev[list]!;
    return node === list ? NULL : node - this.#heads;
  }

  /** Puts `pfn` at the head. */
  push(list: number, pfn: Pfn): void {
    this.#insert(list, list, this.#next[list]!, pfn);
  }

  /** Puts `pfn` at the tail. */
  append(list: number, pfn: Pfn): void {
    this.#insert(list, this.#prev[list]!, list, pfn);
  }

  /** Takes `pfn` off the list it is on. */
  remove(list: number, pfn: Pfn): void {
    const node = pfn + this.#heads;
    const next = this.#next[node]!;
    const prev = this.#prev[node]!;
    this.#next[prev] = next;
    this.#prev[next] = prev;
    this.length[list]!--;
  }

  /** The pages from head to tail. */
  *items(list: number): Generator<Pfn> {
    for (let n = this.#next[list]!; n !== list; n = this.#next[n]!) {
      yield n - this.#heads;
    }
  }

  /** Throws InvariantError unless every list is a ring of `length` pages. */
  check(): void {
    for (let list = 0; list < this.#heads; list++) {
      let n = list;
      for (let i = this.length[list]!; i >= 0; i--) {
        const next = this.#next[n]!;
        // prev(next(n)) = n
        invariant(this.#prev[next] === n, `List ${list}: prev is wrong`);
        n = next;
      }
      invariant(n === list, `List ${list}: length is wrong`);
    }
  }

  #insert(list: number, before: number, after: number, pfn: Pfn): void {
    const node = pfn + this.#heads;
    this.#next[node] = after;
    this.#prev[node] = before;
    this.#next[before] = node;
    this.#prev[after] = node;
    this.length[list]!++;
  }
}
