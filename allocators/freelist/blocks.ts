/**
 * The blocks of a heap, of whatever use, as one doubly linked list in address
 * order: what boundary tags tell a real heap about its neighbours.
 *
 * A block is named by a small integer, its node, so that memory is
 * proportional to the number of blocks and not to their bytes.
 *
 * @module
 */
import { type BlockKind, type BlockVisitor, invariant } from "../allocator.ts";
import { longer } from "../longer.ts";

/** The node before the first block and after the last. */
export const END = 0;

/** What the bytes of a block are used for. */
export const Kind = {
  /** Of {@linkcode END}, and of a block about to be freed. */
  NONE: 0,
  /** A header and its payload. */
  LIVE: 1,
  /** Free, and both neighbours are not. */
  HOLE: 2,
  /** Freed, but never to be used again. */
  DEAD: 3,
  /** Skipped so that the block behind it is aligned. */
  PAD: 4,
  /** Between two of our own, but somebody else's. */
  FOREIGN: 5,
  /** Skipped within what the block behind it was given, so that it is aligned. */
  LEAD: 6,
} as const;

const KINDS: readonly BlockKind[] = [
  "foreign",
  "live",
  "free",
  "cached",
  "meta",
  "foreign",
  "meta",
];

/** A list of blocks; each operation is O(1). */
export class Blocks {
  // Indexed by node, valid for the nodes on the list. They are replaced by
  // longer ones when `insert` runs out of nodes.
  /** First byte of the block. */
  start: Float64Array<ArrayBuffer> = new Float64Array(1024);
  /** Bytes of the block, at least 1. */
  bytes: Float64Array<ArrayBuffer> = new Float64Array(1024);
  /** The block below; of END: the last. */
  prev: Int32Array<ArrayBuffer> = new Int32Array(1024);
  /** The block above; of END: the first. */
  next: Int32Array<ArrayBuffer> = new Int32Array(1024);
  /** A {@linkcode Kind}. */
  kind: Uint8Array<ArrayBuffer> = new Uint8Array(1024);

  // Nodes from `fresh` on were never used; those given back hang on `spare`,
  // linked through `next`.
  private fresh = END + 1;
  private spare: number = END;

  /** Puts a new block right before block `above`; returns its node. */
  insert(above: number, start: number, bytes: number, kind: number): number {
    const node = this.node();
    const below = this.prev[above]!;
    this.start[node] = start;
    this.bytes[node] = bytes;
    this.kind[node] = kind;
    this.prev[node] = below;
    this.next[node] = above;
    this.next[below] = node;
    this.prev[above] = node;
    return node;
  }

  /** Takes a block off the list; its node may be reused. */
  delete(node: number): void {
    const below = this.prev[node]!;
    const above = this.next[node]!;
    this.next[below] = above;
    this.prev[above] = below;
    this.next[node] = this.spare;
    this.spare = node;
  }

  /** Visits all blocks; of a live one, `header` bytes as metadata first. */
  walk(header: number, visit: BlockVisitor): void {
    const { start, bytes, next, kind } = this;
    for (let b = next[END]!; b !== END; b = next[b]!) {
      const own = kind[b] === Kind.LIVE ? header : 0;
      if (own > 0) visit(start[b]!, own, "meta");
      visit(start[b]! + own, bytes[b]! - own, KINDS[kind[b]!]!);
    }
  }

  /** The list leaves no gap: start + bytes = start of next. */
  check(): void {
    const { start, bytes, prev, next } = this;
    for (let b = next[END]!; b !== END; b = next[b]!) {
      const above = next[b]!;
      invariant(bytes[b]! >= 1, `Block ${start[b]} is empty`);
      invariant(prev[above] === b, `Block ${start[b]} is linked one way`);
      invariant(
        above === END || start[b]! + bytes[b]! === start[above],
        `Block ${start[b]} does not touch the next`,
      );
    }
  }

  private node(): number {
    if (this.spare !== END) {
      const node = this.spare;
      this.spare = this.next[node]!;
      return node;
    }
    if (this.fresh === this.kind.length) this.grow(2 * this.fresh);
    return this.fresh++;
  }

  private grow(length: number): void {
    this.start = longer(this.start, length);
    this.bytes = longer(this.bytes, length);
    this.prev = longer(this.prev, length);
    this.next = longer(this.next, length);
    this.kind = longer(this.kind, length);
  }
}
