/**
 * The holes of a heap as a treap: a search tree by address or by length whose
 * nodes carry fixed pseudorandom priorities, largest at the root, so that its
 * shape is that of a random tree. Each node knows the longest hole below it,
 * which leads straight to the first hole that fits.
 *
 * After R. Seidel and C. Aragon, Randomized Search Trees, Algorithmica 16
 * (1996). Simplified: the tree is the simulator's own and costs the modelled
 * heap nothing. `searchSteps` counts its nodes, O(log holes) a request whatever
 * the policy, where a real heap looks at O(holes) of a list.
 *
 * @module
 */
import { type Address, type Counters, invariant } from "../allocator.ts";
import { type Blocks, END } from "./blocks.ts";
import { longer } from "../longer.ts";

/** Where a heap keeps its holes and finds one that fits. */
export interface HoleIndex {
  /** Bytes of the block that a request for a block of `bytes` gets. */
  round(bytes: number): number;
  /**
   * A hole of at least `bytes`, END if there is none; the last block was
   * placed right below `rover`.
   */
  find(bytes: number, rover: Address): number;
  /** Takes up the hole `b`. */
  insert(b: number): void;
  /** Lets go of the hole `b`. */
  remove(b: number): void;
  /** Changes the extent of the hole `b`, which passes no other hole. */
  resize(b: number, start: Address, bytes: number): void;
  /** Bytes of the longest hole; 0 if there is none. */
  largest(): number;
  /** Throws InvariantError unless it holds exactly the holes of the list. */
  check(holes: number): void;
  /**
   * Visits the holes bin by bin, the first of each first; a bin holds lengths
   * from `low` bytes on. Absent: there are no bins.
   */
  eachBinned?(visit: (low: number, b: number) => void): void;
}

/** Which hole a request gets, if any. */
export interface Policy {
  /** Order of the tree; by length means: among equals by address. */
  order: "address" | "length";
  /** As {@linkcode HoleIndex.find}. */
  pick(holes: HoleTree, bytes: number, rover: Address): number;
}

/** An ordered set of holes; every operation but `check` is O(log holes). */
export class HoleTree implements HoleIndex {
  private readonly blocks: Blocks;
  private readonly counters: Counters;
  private readonly policy: Policy;
  private readonly byLength: boolean;
  private root: number = END;
  // Indexed by node, valid for the nodes in the tree; END stands for no node.
  // child[2 b] comes before b in the order, child[2 b + 1] after it.
  private child: Int32Array<ArrayBuffer> = new Int32Array(0);
  private parent: Int32Array<ArrayBuffer> = new Int32Array(0);
  // longest[b] = max(bytes[b], longest of both children); 0 for END.
  private longest: Float64Array<ArrayBuffer> = new Float64Array(0);
  // priority[b] never changes; no parent has a smaller one than its child.
  private priority: Int32Array<ArrayBuffer> = new Int32Array(0);

  /** An empty set of holes among `blocks`. */
  constructor(blocks: Blocks, counters: Counters, policy: Policy) {
    this.blocks = blocks;
    this.counters = counters;
    this.policy = policy;
    this.byLength = policy.order === "length";
    this.grow(blocks.kind.length);
  }

  round(bytes: number): number {
    return bytes;
  }

  find(bytes: number, rover: Address): number {
    return this.policy.pick(this, bytes, rover);
  }

  largest(): number {
    return this.longest[this.root]!;
  }

  /** The first hole in the order of the tree of at least `bytes` > 0. */
  first(bytes: number): number {
    return this.firstBelow(this.root, bytes);
  }

  /** As `first`, of those that start at or above `from`, in order of address. */
  firstFrom(from: Address, bytes: number): number {
    const { start, bytes: length } = this.blocks;
    const child = this.child, longest = this.longest;
    // The last x seen with start[x] >= from where x itself or a hole after it
    // in its subtree fits: each one seen lies before those seen earlier.
    let found: number = END;
    let steps = 0;
    for (let x = this.root; x !== END; steps++) {
      if (start[x]! < from) {
        x = child[2 * x + 1]!;
        continue;
      }
      if (length[x]! >= bytes || longest[child[2 * x + 1]!]! >= bytes) {
        found = x;
      }
      x = child[2 * x]!;
    }
    this.counters.searchSteps += steps;
    if (found === END || length[found]! >= bytes) return found;
    return this.firstBelow(child[2 * found + 1]!, bytes);
  }

  insert(b: number): void {
    if (b >= this.parent.length) this.grow(this.blocks.kind.length);
    const { start, bytes } = this.blocks;
    const child = this.child, priority = this.priority;
    const key = this.byLength ? bytes : start;
    const own = key[b]!, at = start[b]!;
    let parent: number = END;
    let side = 0;
    for (let x = this.root; x !== END; x = child[2 * x + side]!) {
      const before = own < key[x]! || (own === key[x]! && at < start[x]!);
      side = before ? 0 : 1;
      parent = x;
    }
    child[2 * b] = END;
    child[2 * b + 1] = END;
    this.parent[b] = parent;
    if (parent === END) this.root = b;
    else child[2 * parent + side] = b;
    this.longest[b] = 0;
    this.lengthened(b);
    while (this.root !== b && priority[this.parent[b]!]! < priority[b]!) {
      this.rotate(b);
    }
  }

  remove(b: number): void {
    const child = this.child, priority = this.priority;
    while (child[2 * b] !== END && child[2 * b + 1] !== END) {
      const l = child[2 * b]!, r = child[2 * b + 1]!;
      this.rotate(priority[l]! > priority[r]! ? l : r);
    }
    const parent = this.parent[b]!;
    this.replace(b, child[2 * b]! + child[2 * b + 1]!); // one of them is END
    this.shortened(parent, this.blocks.bytes[b]!);
  }

  resize(b: number, start: Address, bytes: number): void {
    const blocks = this.blocks;
    if (this.byLength) this.remove(b);
    const before = blocks.bytes[b]!;
    blocks.start[b] = start;
    blocks.bytes[b] = bytes;
    if (this.byLength) this.insert(b);
    else if (bytes > before) this.lengthened(b);
    else this.shortened(b, before);
  }

  check(holes: number): void {
    const { start, bytes } = this.blocks;
    const key = this.byLength ? bytes : start;
    let count = 0;
    let last: number = END;
    const visit = (b: number, parent: number): number => {
      if (b === END) return 0;
      invariant(this.parent[b] === parent, `Hole ${start[b]}: parent`);
      invariant(
        parent === END || this.priority[parent]! >= this.priority[b]!,
        `Hole ${start[b]}: priority above its parent's`,
      );
      const before = visit(this.child[2 * b]!, b);
      invariant(
        last === END || key[last]! < key[b]! ||
          (key[last] === key[b] && start[last]! < start[b]!),
        `Hole ${start[b]}: out of order`,
      );
      last = b;
      count++;
      const after = visit(this.child[2 * b + 1]!, b);
      const longest = Math.max(before, bytes[b]!, after);
      invariant(longest === this.longest[b], `Hole ${start[b]}: longest`);
      return longest;
    };
    visit(this.root, END);
    invariant(count === holes, "Holes: some are not in the tree");
  }

  /** As `first`, in the subtree of `x`. */
  private firstBelow(x: number, bytes: number): number {
    const length = this.blocks.bytes;
    const child = this.child, longest = this.longest;
    if (longest[x]! < bytes) return END;
    let steps = 1;
    for (;; steps++) {
      const before = child[2 * x]!;
      if (longest[before]! >= bytes) x = before;
      else if (length[x]! >= bytes) break;
      else x = child[2 * x + 1]!;
    }
    this.counters.searchSteps += steps;
    return x;
  }

  /** Makes `b` the parent of its parent; the order stays. */
  private rotate(b: number): void {
    const child = this.child;
    const p = this.parent[b]!;
    const side = child[2 * p] === b ? 0 : 1;
    const middle = child[2 * b + 1 - side]!;
    this.replace(p, b);
    child[2 * b + 1 - side] = p;
    child[2 * p + side] = middle;
    this.parent[p] = b;
    this.parent[middle] = p;
    this.longest[b] = this.longest[p]!;
    this.longest[p] = this.longestOf(p);
  }

  /** Puts `b` where `old` is in its parent. */
  private replace(old: number, b: number): void {
    const child = this.child;
    const parent = this.parent[old]!;
    this.parent[b] = parent;
    if (parent === END) this.root = b;
    else child[2 * parent + (child[2 * parent] === old ? 0 : 1)] = b;
  }

  /** Corrects `longest` from `b` up after `b` became longer. */
  private lengthened(b: number): void {
    const longest = this.longest, parent = this.parent;
    const bytes = this.blocks.bytes[b]!;
    for (; b !== END && longest[b]! < bytes; b = parent[b]!) {
      longest[b] = bytes;
    }
  }

  /** Corrects `longest` from `b` up after a hole of `bytes` there went or shrank. */
  private shortened(b: number, bytes: number): void {
    const longest = this.longest, parent = this.parent;
    for (; b !== END && longest[b] === bytes; b = parent[b]!) {
      const left = this.longestOf(b);
      if (left === bytes) return;
      longest[b] = left;
    }
  }

  private longestOf(b: number): number {
    const before = this.longest[this.child[2 * b]!]!;
    const after = this.longest[this.child[2 * b + 1]!]!;
    const own = this.blocks.bytes[b]!;
    const below = before > after ? before : after;
    return own > below ? own : below;
  }

  private grow(length: number): void {
    this.child = longer(this.child, 2 * length);
    this.parent = longer(this.parent, length);
    this.longest = longer(this.longest, length);
    const before = this.priority.length;
    this.priority = longer(this.priority, length);
    for (let b = before; b < length; b++) this.priority[b] = scramble(b);
  }
}

/** An integer hash: every bit of `x` changes about half of the result's bits. */
function scramble(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
