/**
 * The memory that a heap carves: blocks in address order, and the wilderness
 * above the last of them.
 *
 * A fixed arena is taken whole by one `sbrk`, and there is no heap if that is
 * refused; its wilderness is the part never reached or reached no more. A growing arena ends where its last block ends:
 * every extension is one `sbrk`, every retreat checks the break and moves it
 * back, so that the footprint is the literature's heap size.
 *
 * Somebody else may move the break in between. What then lies between two of
 * our blocks is a foreign block: never merged, not part of the footprint; and
 * nothing below it is given back.
 *
 * @module
 */
import {
  type Address,
  type BlockVisitor,
  invariant,
  NULL,
} from "../allocator.ts";
import { type Option, whole } from "../entry.ts";
import type { PageSource } from "../pages.ts";
import { Blocks, END, Kind } from "./blocks.ts";

/** The option of every heap with an arena. */
export const ARENA: Option<number> = whole(
  0,
  "Bytes of a fixed arena; 0: it grows.",
  0,
  2 ** 46,
);

/** Blocks and wilderness; every operation is O(1). */
export class Arena {
  /** The blocks, from the base to the top. */
  readonly blocks: Blocks = new Blocks();
  /** Bytes taken and used only to align what follows. */
  padding = 0;
  /** Bytes between our blocks that are somebody else's. */
  foreign = 0;
  /** The longest block that it could ever hold; Infinity if it grows. */
  readonly longest: number;

  private readonly source: PageSource;
  private readonly align: number;
  private readonly shift: number;
  private readonly grows: boolean;
  // A fixed arena is base .. base + fixed - 1.
  private readonly base: Address = 0;
  private readonly fixed: number;
  /** Where the last block ends; NULL without blocks. */
  private top = NULL;
  /** Bytes of our own blocks. */
  private used = 0;

  /**
   * Blocks start `shift` bytes below a multiple of `align`, if all lengths
   * asked for are multiples of `align`. `fixed` bytes; 0: the arena grows.
   * Throws `RangeError` if `source` refuses so many.
   */
  constructor(
    source: PageSource,
    fixed: number,
    align: number,
    shift: number,
  ) {
    this.source = source;
    this.align = align;
    this.shift = shift;
    this.fixed = fixed;
    this.grows = fixed === 0;
    this.longest = Infinity;
    if (this.grows) return;
    this.base = source.sbrk(fixed);
    if (this.base === NULL) {
      throw new RangeError(`There is no memory for an arena of ${fixed} bytes`);
    }
    const room = Math.max(0, this.fixed - this.pad(this.base));
    this.longest = room - room % align;
  }

  /** Bytes held from the layer below. */
  get footprint(): number {
    return this.grows ? this.used : this.fixed;
  }

  /** Bytes of the wilderness that are held already. */
  get wilderness(): number {
    return this.footprint - this.used;
  }

  /** Appends a block of `bytes`; its node, or END if there is no room. */
  extend(bytes: number, kind: number): number {
    let start = this.take(bytes);
    if (start === NULL) return END;
    if (start !== this.top) {
      if (start < this.top) {
        this.give(bytes);
        throw new RangeError(`The break was moved down into the heap`);
      }
      const pad = this.pad(start);
      if (pad > 0 && this.take(pad) === NULL) {
        this.give(bytes);
        return END;
      }
      if (this.top !== NULL) this.append(start - this.top, Kind.FOREIGN);
      this.top = start;
      if (pad > 0) this.append(pad, Kind.PAD);
      start += pad;
    }
    return this.append(bytes, kind);
  }

  /** Lengthens the last block by `bytes`; false if that cannot be done. */
  lengthen(bytes: number): boolean {
    if (!this.ownsBreak() || this.take(bytes) === NULL) return false;
    this.blocks.bytes[this.blocks.prev[END]!]! += bytes;
    this.top += bytes;
    return true;
  }

  /**
   * Lets the last block rejoin the wilderness, and what then is of no use: its
   * padding, and a foreign block at the end. False if it is not at the break.
   */
  retract(): boolean {
    if (!this.ownsBreak()) return false;
    const bytes = this.remove();
    this.give(bytes + (this.last() === Kind.PAD ? this.remove() : 0));
    if (this.last() === Kind.FOREIGN) this.remove();
    if (this.last() === Kind.NONE) this.top = NULL;
    return true;
  }

  /** Cuts the first `bytes` of the block `b` off as its lead. */
  cutLead(b: number, bytes: number): void {
    const { blocks } = this;
    blocks.insert(b, blocks.start[b]!, bytes, Kind.LEAD);
    blocks.start[b]! += bytes;
    blocks.bytes[b]! -= bytes;
    this.padding += bytes;
  }

  /** Bytes of the lead of the block `b`; 0 if it has none. */
  leadOf(b: number): number {
    if (this.padding === 0) return 0; // without a look at the blocks
    const { prev, kind, bytes } = this.blocks;
    return kind[prev[b]!] === Kind.LEAD ? bytes[prev[b]!]! : 0;
  }

  /** The block `b` takes its lead back, if it has one. */
  joinLead(b: number): void {
    const lead = this.leadOf(b);
    if (lead === 0) return;
    const { blocks } = this;
    blocks.delete(blocks.prev[b]!);
    blocks.start[b]! -= lead;
    blocks.bytes[b]! += lead;
    this.padding -= lead;
  }

  /** Visits blocks (`header` bytes of each live one are metadata) and wilderness. */
  walk(header: number, visit: BlockVisitor): void {
    this.blocks.walk(header, visit);
    if (this.wilderness > 0) {
      visit(this.base + this.used, this.wilderness, "free");
    }
  }

  /** used + foreign = top - base; sums are those of the blocks. */
  check(): void {
    const { blocks } = this;
    blocks.check();
    const sum = [0, 0, 0, 0, 0, 0, 0];
    for (let b = blocks.next[END]!; b !== END; b = blocks.next[b]!) {
      sum[blocks.kind[b]!]! += blocks.bytes[b]!;
      invariant(
        blocks.kind[b] !== Kind.LEAD ||
          blocks.kind[blocks.next[b]!] === Kind.LIVE,
        `Block ${blocks.start[b]}: a lead of nothing`,
      );
    }
    const all = sum.reduce((a, b) => a + b);
    invariant(all - sum[Kind.FOREIGN]! === this.used, "Arena: used bytes");
    invariant(sum[Kind.FOREIGN] === this.foreign, "Arena: foreign bytes");
    const padding = sum[Kind.PAD]! + sum[Kind.LEAD]!;
    invariant(padding === this.padding, "Arena: padding");
    const first = blocks.next[END]!;
    const top = first === END ? NULL : blocks.start[first]! + all;
    invariant(top === this.top, "Arena: top is not the end of the last block");
  }

  private append(bytes: number, kind: number): number {
    if (kind === Kind.FOREIGN) this.foreign += bytes;
    else if (kind === Kind.PAD) this.padding += bytes;
    this.top += bytes;
    return this.blocks.insert(END, this.top - bytes, bytes, kind);
  }

  /** The kind of the last block; NONE without blocks. */
  private last(): number {
    return this.blocks.kind[this.blocks.prev[END]!]!;
  }

  /** Takes the last block off; returns its bytes. */
  private remove(): number {
    const { blocks } = this;
    const last = blocks.prev[END]!;
    const bytes = blocks.bytes[last]!;
    const kind = this.last();
    if (kind === Kind.FOREIGN) this.foreign -= bytes;
    else if (kind === Kind.PAD) this.padding -= bytes;
    this.top -= bytes;
    blocks.delete(last);
    return bytes;
  }

  /** Bytes from `start` to the next place where a block may start. */
  private pad(start: Address): number {
    const over = (start + this.shift) % this.align;
    return over === 0 ? 0 : this.align - over;
  }

  private ownsBreak(): boolean {
    return !this.grows || this.source.sbrk(0) === this.top;
  }

  /** Takes `bytes` of the wilderness; where they start, or NULL. */
  private take(bytes: number): Address {
    if (!this.grows && bytes > this.wilderness) return NULL;
    const start = this.grows ? this.source.sbrk(bytes) : this.base + this.used;
    if (start !== NULL) this.used += bytes;
    return start;
  }

  private give(bytes: number): void {
    this.used -= bytes;
    if (this.grows) this.source.sbrk(-bytes);
  }
}
