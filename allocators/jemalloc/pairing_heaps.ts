/**
 * Pairing heaps of extents, ordered by key, in the very form that jemalloc
 * gives them: 5.3.1 walks them breadth first.
 *
 * A node has a first child and siblings. The siblings of the root are a list of
 * nodes that still wait to be merged; the root is the least of all the same.
 *
 * But 5.3.0 removes a root without children without merging what waits, whose
 * first node becomes the root. What is inserted then is the root if it precedes
 * that one, though it may not precede the others, and is the first to be removed.
 *
 * Source: jemalloc 5.3, observed; M. L. Fredman, R. Sedgewick, D. D. Sleator
 * and R. E. Tarjan, "The pairing heap", Algorithmica 1 (1986).
 *
 * @module
 */
import { type Extents, NONE } from "./extents.ts";

/** Nodes that a walk looks at. */
const WALKED = 32;

/** Heaps over one set of extents, each in one heap at most. */
export class PairingHeaps {
  /** The first of each heap, the least once what waits is merged; {@linkcode NONE}. */
  readonly root: Int32Array;
  /** What the last `walk` found. */
  readonly walked: Int32Array = new Int32Array(WALKED);
  // Insertions into the waiting list since it was last merged, by heap.
  private readonly waiting: Int32Array;

  /** `count` empty heaps; `late` as 5.3.1 has them. */
  constructor(
    private readonly extents: Extents,
    count: number,
    private readonly late: boolean,
  ) {
    this.root = new Int32Array(count);
    this.waiting = new Int32Array(count);
  }

  /** Puts `e` into heap `h`; O(1) amortized. */
  insert(h: number, e: number): void {
    const { child, next, previous } = this.extents;
    const root = this.root[h]!;
    child[e] = next[e] = previous[e] = NONE;
    if (root === NONE) {
      this.root[h] = e;
      return;
    }
    if (this.extents.precedes(e, root)) {
      child[e] = root;
      previous[root] = e;
      this.root[h] = e;
      this.waiting[h] = 0;
      return;
    }
    this.wait(root, e);
    const count = ++this.waiting[h]! - (this.late ? 0 : 1);
    for (let zeros = trailingZeros(count); zeros > 0; zeros--) {
      const first = next[root]!;
      const second = first === NONE ? NONE : next[first]!;
      if (second === NONE) break;
      const rest = next[second]!;
      next[first] = next[second] = NONE;
      const merged = this.merge(first, second);
      next[root] = rest;
      if (rest !== NONE) previous[rest] = root;
      this.wait(root, merged);
      if (rest === NONE) break;
    }
  }

  /** Takes `e` out of heap `h`; O(log n) amortized. */
  remove(h: number, e: number): void {
    const { child, next, previous } = this.extents;
    if (this.root[h] === e) {
      if (!this.late && child[e] === NONE) {
        const first = this.root[h] = next[e]!;
        if (first !== NONE) previous[first] = NONE;
        return;
      }
      this.settle(h);
      if (this.root[h] === e) {
        this.root[h] = this.rounds(child[e]!);
        return;
      }
    }
    const before = previous[e]!;
    const after = next[e]!;
    let instead = this.rounds(child[e]!);
    if (instead === NONE) instead = after;
    else {
      next[instead] = after;
      if (after !== NONE) previous[after] = instead;
    }
    if (child[before] === e) child[before] = instead;
    else next[before] = instead;
    if (instead !== NONE) previous[instead] = before;
  }

  /** Takes the first node out of heap `h`; {@linkcode NONE}. */
  removeFirst(h: number): number {
    const first = this.settle(h);
    if (first !== NONE) this.root[h] = this.rounds(this.extents.child[first]!);
    return first;
  }

  /** Merges what waits with the tree; the first node, {@linkcode NONE}. */
  settle(h: number): number {
    const { next } = this.extents;
    const root = this.root[h]!;
    if (root === NONE) return NONE;
    this.waiting[h] = 0;
    const waiting = next[root]!;
    if (waiting === NONE) return root;
    next[root] = NONE;
    return this.root[h] = this.merge(root, this.rounds(waiting));
  }

  /** How many nodes of heap `h` are in `walked` now: the first ones, breadth first. */
  walk(h: number): number {
    const { child, next } = this.extents;
    const { walked } = this;
    const root = this.root[h]!;
    if (root === NONE) return 0;
    walked[0] = root;
    let count = 1;
    for (let i = 0; i < count && count < WALKED; i++) {
      const e = walked[i]!;
      if (child[e] !== NONE) walked[count++] = child[e]!;
      if (next[e] !== NONE && count < WALKED) walked[count++] = next[e]!;
    }
    return count;
  }

  /** Every node of heap `h`. */
  *all(h: number): Generator<number> {
    const { child, next } = this.extents;
    const pending = [this.root[h]!];
    for (let e = pending.pop()!; e !== undefined; e = pending.pop()!) {
      if (e === NONE) continue;
      yield e;
      pending.push(child[e]!, next[e]!);
    }
  }

  /** Puts `e` in front of what waits beside `root`. */
  private wait(root: number, e: number): void {
    const { next, previous } = this.extents;
    const first = next[root]!;
    next[e] = first;
    if (first !== NONE) previous[first] = e;
    previous[e] = root;
    next[root] = e;
  }

  /** Makes `lower` the first child of `upper`. */
  private link(upper: number, lower: number): void {
    const { child, next, previous } = this.extents;
    const first = child[upper]!;
    next[lower] = first;
    if (first !== NONE) previous[first] = lower;
    previous[lower] = upper;
    child[upper] = lower;
  }

  /** One of two trees, which have no siblings, with the other below it. */
  private merge(a: number, b: number): number {
    if (this.extents.precedes(a, b)) {
      this.link(a, b);
      return a;
    }
    this.link(b, a);
    return b;
  }

  /** Merges a list of siblings into one tree without any: in pairs, then in turns. */
  private rounds(first: number): number {
    if (first === NONE) return NONE;
    const { next, previous } = this.extents;
    let head = NONE;
    let tail = NONE;
    const append = (e: number) => {
      next[e] = previous[e] = NONE;
      if (tail === NONE) head = e;
      else next[tail] = e;
      tail = e;
    };
    for (let a = first; a !== NONE;) {
      const b = next[a]!;
      if (b === NONE) {
        append(a);
        break;
      }
      const rest = next[b]!;
      append(this.merge(a, b));
      a = rest;
    }
    while (next[head] !== NONE) {
      const a = head;
      const b = next[a]!;
      head = next[b]!;
      if (head === NONE) tail = NONE;
      append(this.merge(a, b));
    }
    return head;
  }
}

/** Zeros behind the last one of the binary digits of `n`; none if `n` is 0. */
function trailingZeros(n: number): number {
  return n === 0 ? 0 : 31 - Math.clz32(n & -n);
}
