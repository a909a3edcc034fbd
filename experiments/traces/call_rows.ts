/**
 * Calls with addresses as rows: which slot the block at an address has.
 *
 * A recorder that sees every call must show a block's allocation before its
 * free. Others see only part: of calls within the C library, before recording
 * began, or of the parent before it forked, they know nothing. There the free
 * of an unknown block is left out, and counted; its `realloc` is malloc; and a
 * block at a live address shows that the one before has been freed.
 *
 * @module
 */
import { AddressTable } from "../../allocators/freelist/address_table.ts";
import { MAX_OBJECTS } from "./objects.ts";
import { type Block, Op, Slots } from "./trace.ts";

/** A row of a {@linkcode Block}. */
type Row = [
  op: number,
  slot: number,
  size: number,
  extra: number,
  site: number,
];

/** Takes one call after the other; most make one row, none more than two. */
export abstract class CallRows {
  /** Where rows go. */
  readonly block: Block;
  /** Calls left out so far, as they concern blocks that are not known. */
  leftOut = 0;
  /** Number of the line being parsed. */
  protected line = 0;
  readonly #partial: boolean;
  /** Slot + 1 of every live address. */
  readonly #live = new AddressTable();
  readonly #slots = new Slots();
  /** Live addresses of blocks whose size is not known. */
  readonly #unsized = new AddressTable();
  /** The second row of a call, while there is no room for it. */
  #second: Row | undefined;

  /** `partial`: whether the recorder sees only part of the calls. */
  constructor(partial: boolean, block: Block) {
    this.#partial = partial;
    this.block = block;
  }

  /** Throws `SyntaxError` with file and line. */
  protected abstract fail(expected: string): never;

  /** `op` gave a block at `address`; 0: it was refused, and is left out. */
  protected allocated(
    op: number,
    address: number,
    size: number,
    extra: number,
    site = 0,
  ): void {
    if (address === 0) return;
    this.#unsized.take(address);
    const held = this.#live.get(address);
    if (held !== 0) {
      if (!this.#partial) this.fail("the address of no live block");
      this.push(Op.FREE, held - 1, 0, 0);
      this.#second = [op, held - 1, size, extra, site];
      return;
    }
    if (this.#live.size === MAX_OBJECTS) {
      this.fail(`at most ${MAX_OBJECTS} live blocks`);
    }
    const slot = this.#slots.take();
    this.#live.set(address, slot + 1);
    this.push(op, slot, size, extra, site);
  }

  /**
   * realloc of the block at `old`, 0 being NULL, to `size` gave one at
   * `address`; 0: it was refused, unless `size` is 0.
   */
  protected reallocated(old: number, address: number, size: number): void {
    if (address === 0) {
      if (size === 0 && old !== 0) this.freed(old);
      return;
    }
    const held = old === 0 ? 0 : this.#live.take(old);
    if (held === 0) {
      if (old !== 0) this.#checkKnown(old);
      this.allocated(Op.MALLOC, address, size, 0);
      return;
    }
    const other = this.#live.take(address);
    if (other !== 0 && !this.#partial) {
      this.fail("the address of no live block");
    }
    this.#live.set(address, held);
    if (other === 0) this.push(Op.REALLOC, held - 1, size, 0);
    else {
      this.#slots.give(other - 1);
      this.push(Op.FREE, other - 1, 0, 0);
      this.#second = [Op.REALLOC, held - 1, size, 0, 0];
    }
  }

  /** The block at `address` was freed; 0 is NULL. */
  protected freed(address: number): void {
    if (address === 0) return this.push(Op.FREE, -1, 0, 0);
    const held = this.#live.take(address);
    if (held === 0) {
      this.#checkKnown(address);
      this.leftOut++;
      return;
    }
    this.#slots.give(held - 1);
    this.push(Op.FREE, held - 1, 0, 0);
  }

  /** A block was given at `address`, if none is live there: of unknown size. */
  protected unsized(address: number): void {
    if (address === 0 || this.#live.get(address) !== 0) return;
    if (this.#unsized.size === MAX_OBJECTS) {
      this.fail(`at most ${MAX_OBJECTS} live blocks`);
    }
    this.#unsized.set(address, 1);
    this.leftOut++;
  }

  /** The block at `address` ends; fails if it must be known and is not. */
  #checkKnown(address: number): void {
    if (this.#unsized.take(address) === 0 && !this.#partial) {
      this.fail("the address of a live block");
    }
  }

  /** `op`, a mark, says `size`. */
  protected marked(op: number, size: number): void {
    if (size > Number.MAX_SAFE_INTEGER) this.fail("a number below 2^53");
    this.push(op, -1, size, 0);
  }

  /** Appends the row for which there was no room, if there is one. */
  protected flush(): void {
    if (!this.#second || this.block.full) return;
    this.push(...this.#second);
    this.#second = undefined;
  }

  /** Appends a row that comes from the line being parsed. */
  protected push(
    op: number,
    slot: number,
    size: number,
    extra: number,
    site = 0,
  ): void {
    this.block.line[this.block.length] = this.line;
    this.block.push(op, slot, size, extra, site);
  }
}
