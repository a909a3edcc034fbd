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
  // link[2n] is the next node and link[2n + 1] the previous one. The links of
  // a page are valid while it is on a list; those of a head always.
  #link: Int32Array<ArrayBuffer>;
  readonly #heads: number;
  /** One entry per list: pages on it. */
  readonly length: Int32Array;

  /** `lists` empty lists, no pages yet. */
  constructor(lists: number) {
    this.#heads = lists;
    this.length = new Int32Array(lists);
    this.#link = Int32Array.from({ length: 2 * lists }, (_, i) => i >> 1);
  }

  /** Makes room for pages below `pages`. O(pages). */
  grow(pages: number): void {
    const link = new Int32Array(2 * (this.#heads + pages));
    link.set(this.#link);
    this.#link = link;
  }

  /** The page at the head; NULL if the list is empty. */
  first(list: number): Pfn {
    const node = this.#link[2 * list]!;
    return node === list ? NULL : node - this.#heads;
  }

  /** The page at the tail; NULL if the list is empty. */
  last(list: number): Pfn {
    const node = this.#link[2 * list + 1]!;
    return node === list ? NULL : node - this.#heads;
  }

  /** Puts `pfn` at the head. */
  push(list: number, pfn: Pfn): void {
    this.#insert(list, list, this.#link[2 * list]!, pfn);
  }

  /** Puts `pfn` at the tail. */
  append(list: number, pfn: Pfn): void {
    this.#insert(list, this.#link[2 * list + 1]!, list, pfn);
  }

  /** Takes `pfn` off the list it is on. */
  remove(list: number, pfn: Pfn): void {
    const link = this.#link;
    const node = pfn + this.#heads;
    const next = link[2 * node]!;
    const prev = link[2 * node + 1]!;
    link[2 * prev] = next;
    link[2 * next + 1] = prev;
    this.length[list]!--;
  }

  /** The pages from head to tail. */
  *items(list: number): Generator<Pfn> {
    const link = this.#link;
    for (let n = link[2 * list]!; n !== list; n = link[2 * n]!) {
      yield n - this.#heads;
    }
  }

  /** Throws InvariantError unless every list is a ring of `length` pages. */
  check(): void {
    for (let list = 0; list < this.#heads; list++) {
      let n = list;
      for (let i = this.length[list]!; i >= 0; i--) {
        const next = this.#link[2 * n]!;
        // prev(next(n)) = n
        invariant(
          this.#link[2 * next + 1] === n,
          `List ${list}: prev is wrong`,
        );
        n = next;
      }
      invariant(n === list, `List ${list}: length is wrong`);
    }
  }

  #insert(list: number, before: number, after: number, pfn: Pfn): void {
    const link = this.#link;
    const node = pfn + this.#heads;
    link[2 * node] = after;
    link[2 * node + 1] = before;
    link[2 * before] = node;
    link[2 * after + 1] = node;
    this.length[list]!++;
  }
}
