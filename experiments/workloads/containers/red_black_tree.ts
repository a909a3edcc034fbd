/**
 * A red-black tree of numbered nodes, as `std::map` and its kin have: links to
 * parent and children, one colour bit, no values of their own but a key.
 *
 * Every red node has black children, and every path from a node down to where
 * a child is missing has as many black nodes as any other. Erasing a node with
 * two children puts its successor in its place, so that nodes never change
 * their element. After Cormen, Leiserson, Rivest, Stein, Introduction to
 * Algorithms, 3rd ed., chapter 13.
 *
 * @module
 */
import { ensure } from "../../conformance/auditor.ts";
import { roomFor } from "./elements.ts";

// Fields of a node; a node takes eight words, half a cache line.
const LEFT = 0;
const RIGHT = 1;
const PARENT = 2;
const KEY = 3;
const COLOUR = 4;
const SHIFT = 3;

const RED = 1;
const BLACK = 0;

/** Nodes 1, 2, ...; 0 is no node. Operations are O(log n). */
export class RedBlackTree {
  // Field f of node n is #at[8 n + f], valid while n is in the tree; below, a
  // node is named by x = 8 n. Node 0 stands where a child is missing: black,
  // without children; its parent is scratch.
  #at = new Int32Array(1 << 9);
  #root = 0;
  /** The place that `seek` found: below which node, and on which side. */
  #parent = 0;
  #side = LEFT;

  /** The key of node `n`. */
  keyOf(n: number): number {
    return this.#at[(n << SHIFT) + KEY]!;
  }

  /** The first node with `key`; 0: none. */
  find(key: number): number {
    const at = this.#at;
    let found = 0;
    for (let x = this.#root; x !== 0;) {
      const k = at[x + KEY]!;
      if (k === key) found = x;
      x = k < key ? at[x + RIGHT]! : at[x + LEFT]!;
    }
    return found >> SHIFT;
  }

  /** The last node; 0: none. */
  last(): number {
    return this.#end(this.#root, RIGHT) >> SHIFT;
  }

  /** The node before `n`; 0: none. */
  previous(n: number): number {
    return this.#neighbour(n << SHIFT, LEFT, RIGHT) >> SHIFT;
  }

  /** The node after `n`; 0: none. */
  next(n: number): number {
    return this.#neighbour(n << SHIFT, RIGHT, LEFT) >> SHIFT;
  }

  /**
   * Seeks the place of a new node with `key`, behind those with the same key,
   * for `insert`. Returns the last of those; 0: none.
   */
  seek(key: number): number {
    const at = this.#at;
    let equal = 0;
    let parent = 0;
    let side = LEFT;
    for (let x = this.#root; x !== 0; x = at[x + side]!) {
      const k = at[x + KEY]!;
      if (k === key) equal = x;
      parent = x;
      side = key < k ? LEFT : RIGHT;
    }
    this.#parent = parent;
    this.#side = side;
    return equal >> SHIFT;
  }

  /** Inserts node `n` with `key` at the place just sought. */
  insert(n: number, key: number): void {
    const z = n << SHIFT;
    this.#at = roomFor(this.#at, z + COLOUR);
    const at = this.#at;
    const parent = this.#parent;
    at[z + KEY] = key;
    at[z + PARENT] = parent;
    at[z + LEFT] = at[z + RIGHT] = 0;
    at[z + COLOUR] = RED;
    if (parent === 0) this.#root = z;
    else at[parent + this.#side] = z;
    this.#mendRed(z);
  }

  /** Takes node `n` out. */
  erase(n: number): void {
    const at = this.#at;
    const z = n << SHIFT;
    let colour = at[z + COLOUR]!;
    let x: number; // takes the place that loses a node
    if (at[z + LEFT] === 0) {
      x = at[z + RIGHT]!;
      this.#replace(z, x);
    } else if (at[z + RIGHT] === 0) {
      x = at[z + LEFT]!;
      this.#replace(z, x);
    } else {
      const y = this.#end(at[z + RIGHT]!, LEFT);
      colour = at[y + COLOUR]!;
      x = at[y + RIGHT]!;
      if (at[y + PARENT] === z) at[x + PARENT] = y;
      else {
        this.#replace(y, x);
        this.#adopt(y, RIGHT, at[z + RIGHT]!);
      }
      this.#replace(z, y);
      this.#adopt(y, LEFT, at[z + LEFT]!);
      at[y + COLOUR] = at[z + COLOUR]!;
    }
    if (colour === BLACK) this.#mendBlack(x);
  }

  /** Takes all nodes out, whose links stay until they are inserted again. */
  clear(): void {
    this.#root = 0;
  }

  /** Throws an Error if order, links or colours contradict themselves. */
  check(): void {
    this.#checkSubtree(this.#root, 0);
    let key = -Infinity;
    let n = this.#end(this.#root, LEFT) >> SHIFT;
    for (; n !== 0; n = this.next(n)) {
      ensure(this.keyOf(n) >= key, `Tree: ${n} is out of order`);
      key = this.keyOf(n);
    }
  }

  /** Number of black nodes on every path down from `x`. */
  #checkSubtree(x: number, parent: number): number {
    if (x === 0) return 0;
    const at = this.#at;
    ensure(at[x + PARENT] === parent, `Tree: parent of ${x >> SHIFT}`);
    const red = at[x + COLOUR] === RED;
    ensure(
      !red || parent !== 0 && at[parent + COLOUR] === BLACK,
      `Tree: ${x >> SHIFT} and what is above it are red`,
    );
    const left = this.#checkSubtree(at[x + LEFT]!, x);
    const right = this.#checkSubtree(at[x + RIGHT]!, x);
    ensure(left === right, `Tree: black nodes below ${x >> SHIFT}`);
    return left + (red ? 0 : 1);
  }

  /** The last node from `x` on along `side`. */
  #end(x: number, side: number): number {
    while (this.#at[x + side] !== 0) x = this.#at[x + side]!;
    return x;
  }

  /** The next node towards `near`: down there, else up to the first turn. */
  #neighbour(x: number, near: number, far: number): number {
    const at = this.#at;
    if (at[x + near] !== 0) return this.#end(at[x + near]!, far);
    let parent = at[x + PARENT]!;
    while (parent !== 0 && at[parent + near] === x) {
      x = parent;
      parent = at[x + PARENT]!;
    }
    return parent;
  }

  /** Makes `y` the child of `x` on `side`. */
  #adopt(x: number, side: number, y: number): void {
    this.#at[x + side] = y;
    this.#at[y + PARENT] = x;
  }

  /** Puts `y` where `z` hangs. */
  #replace(z: number, y: number): void {
    const at = this.#at;
    const parent = at[z + PARENT]!;
    if (parent === 0) this.#root = y;
    else at[parent + (at[parent + LEFT] === z ? LEFT : RIGHT)] = y;
    at[y + PARENT] = parent;
  }

  /** Turns the edge from `x` to its child on the side opposite to `near`. */
  #rotate(x: number, near: number): void {
    const at = this.#at;
    const far = LEFT + RIGHT - near;
    const y = at[x + far]!;
    this.#adopt(x, far, at[y + near]!);
    this.#replace(x, y);
    this.#adopt(y, near, x);
  }

  /** `z` is red, and its parent may be. */
  #mendRed(z: number): void {
    const at = this.#at;
    let parent = at[z + PARENT]!;
    while (at[parent + COLOUR] === RED) {
      const grand = at[parent + PARENT]!;
      const near = at[grand + LEFT] === parent ? LEFT : RIGHT;
      const far = LEFT + RIGHT - near;
      const uncle = at[grand + far]!;
      at[grand + COLOUR] = RED;
      if (at[uncle + COLOUR] === RED) {
        at[parent + COLOUR] = at[uncle + COLOUR] = BLACK;
        z = grand;
        parent = at[z + PARENT]!;
        continue;
      }
      if (at[parent + far] === z) {
        this.#rotate(parent, near);
        parent = z;
      }
      at[parent + COLOUR] = BLACK;
      this.#rotate(grand, far);
      break;
    }
    at[this.#root + COLOUR] = BLACK;
  }

  /** Paths through `x` lack a black node. */
  #mendBlack(x: number): void {
    const at = this.#at;
    while (x !== this.#root && at[x + COLOUR] === BLACK) {
      const parent = at[x + PARENT]!;
      const near = at[parent + LEFT] === x ? LEFT : RIGHT;
      const far = LEFT + RIGHT - near;
      let sibling = at[parent + far]!;
      if (at[sibling + COLOUR] === RED) {
        at[sibling + COLOUR] = BLACK;
        at[parent + COLOUR] = RED;
        this.#rotate(parent, near);
        sibling = at[parent + far]!;
      }
      const outer = at[sibling + far]!;
      const inner = at[sibling + near]!;
      if (at[outer + COLOUR] === BLACK && at[inner + COLOUR] === BLACK) {
        at[sibling + COLOUR] = RED;
        x = parent;
        continue;
      }
      if (at[outer + COLOUR] === BLACK) {
        at[inner + COLOUR] = BLACK;
        at[sibling + COLOUR] = RED;
        this.#rotate(sibling, far);
        sibling = inner;
      }
      at[sibling + COLOUR] = at[parent + COLOUR]!;
      at[parent + COLOUR] = BLACK;
      at[at[sibling + far]! + COLOUR] = BLACK;
      this.#rotate(parent, near);
      x = this.#root;
    }
    at[x + COLOUR] = BLACK;
  }
}
