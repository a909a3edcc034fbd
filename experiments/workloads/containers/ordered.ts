/**
 * `std::map`, `std::multimap` and `std::set`: one node of a red-black tree per
 * element.
 *
 * `clear` goes down the tree by recursion: the right subtree of a node first,
 * then the node, then its left subtree. So nodes are freed in descending order
 * of keys, whatever the tree's shape.
 *
 * @module
 */
import type { Container } from "./container.ts";
import type { Elements } from "./elements.ts";
import { RedBlackTree } from "./red_black_tree.ts";

/** Operations are O(log n), `clear` is O(n). */
export class Ordered implements Container {
  readonly #elements: Elements;
  readonly #unique: boolean;
  /** Its nodes are the numbers of the elements. */
  readonly tree: RedBlackTree = new RedBlackTree();

  /** An empty container; `unique`: at most one element has a key. */
  constructor(elements: Elements, unique: boolean) {
    this.#elements = elements;
    this.#unique = unique;
  }

  get size(): number {
    return this.#elements.count;
  }

  insert(key: number): void {
    if (this.tree.seek(key) !== 0 && this.#unique) return;
    this.tree.insert(this.#elements.make(key), key);
  }

  erase(key: number): void {
    for (let e = this.tree.find(key); e !== 0 && this.tree.keyOf(e) === key;) {
      const next = this.#unique ? 0 : this.tree.next(e);
      this.tree.erase(e);
      this.#elements.drop(e);
      e = next;
    }
  }

  clear(): void {
    const { tree } = this;
    for (let e = tree.last(); e !== 0; e = tree.previous(e)) {
      this.#elements.drop(e);
    }
    tree.clear();
  }

  destroy(): void {
    this.clear();
  }
}
