/**
 * Doubly linked lists of small integers (page frames, slabs), threaded through
 * one array: no object per element, and an element is on one list at most.
 *
 * @module
 */
import { invariant, NULL } from "./allocator.ts";
import { longer } from "./longer.ts";

/** A fixed number of lists over a growing range of elements; all O(1). */
export class IndexLists {
  // Rings: node n < lists is the head of list n, node lists + i is element i.
  // link[2n] is the next node and link[2n + 1] the previous one. The links of
  // an element are valid while it is on a list; those of a head always.
  private link: Int32Array<ArrayBuffer>;
  private readonly heads: number;
  /** One entry per list: elements on it. */
  readonly length: Int32Array;

  /** `lists` empty lists, no elements yet. */
  constructor(lists: number) {
    this.heads = lists;
    this.length = new Int32Array(lists);
    this.link = Int32Array.from({ length: 2 * lists }, (_, i) => i >> 1);
  }

  /** Makes room for the elements below `size`. O(size). */
  grow(size: number): void {
    if (2 * (this.heads + size) <= this.link.length) return;
    this.link = longer(this.link, 2 * (this.heads + size));
  }

  /** The element at the head; NULL if the list is empty. */
  first(list: number): number {
    const node = this.link[2 * list]!;
    return node === list ? NULL : node - this.heads;
  }

  /** The element at the tail; NULL if the list is empty. */
  last(list: number): number {
    const node = this.link[2 * list + 1]!;
    return node === list ? NULL : node - this.heads;
  }

  /** Puts `element` at the head. */
  push(list: number, element: number): void {
    this.insert(list, list, this.link[2 * list]!, element);
  }

  /** Puts `element` at the tail. */
  append(list: number, element: number): void {
    this.insert(list, this.link[2 * list + 1]!, list, element);
  }

  /** Takes `element` off the list it is on. */
  remove(list: number, element: number): void {
    const link = this.link;
    const node = element + this.heads;
    const next = link[2 * node]!;
    const prev = link[2 * node + 1]!;
    link[2 * prev] = next;
    link[2 * next + 1] = prev;
    this.length[list]!--;
  }

  /** The elements from head to tail. */
  *items(list: number): Generator<number> {
    const link = this.link;
    for (let n = link[2 * list]!; n !== list; n = link[2 * n]!) {
      yield n - this.heads;
    }
  }

  /** Throws InvariantError unless every list is a ring of `length` elements. */
  check(): void {
    for (let list = 0; list < this.heads; list++) {
      let n = list;
      for (let i = this.length[list]!; i >= 0; i--) {
        const next = this.link[2 * n]!;
        // prev(next(n)) = n
        invariant(
          this.link[2 * next + 1] === n,
          `List ${list}: prev is wrong`,
        );
        n = next;
      }
      invariant(n === list, `List ${list}: length is wrong`);
    }
  }

  private insert(
    list: number,
    before: number,
    after: number,
    element: number,
  ): void {
    const link = this.link;
    const node = element + this.heads;
    link[2 * node] = after;
    link[2 * node + 1] = before;
    link[2 * before] = node;
    link[2 * after + 1] = node;
    this.length[list]!++;
  }
}
