/**
 * Bounded memory that remembers what was written where: a page source that
 * shows lost copies, overlaps and leaks of the allocator above it.
 *
 * A tag stands for the byte at its address. Simplified: nothing is lazy.
 *
 * @module
 */
import { type Address, NULL } from "../../allocators/allocator.ts";
import { FlatSource } from "../../allocators/pages.ts";

/** A source of at most `bytes` bytes, break and mappings together. */
export class TaggedMemory extends FlatSource {
  /** Bytes held now. */
  held = 0;
  readonly #bytes: number;
  readonly #tags = new Map<Address, number>();
  // Mapped bytes by start of each mapping.
  readonly #mappings = new Map<Address, number>();
  #break = 0;

  /** Memory that refuses what would pass `bytes`. */
  constructor(bytes: number) {
    super(2 ** 46);
    this.#bytes = bytes;
  }

  /** The tag of the byte at `address`; undefined if none was written. */
  peek(address: Address): number | undefined {
    return this.#tags.get(address);
  }

  /** Writes `tag` at `address`. */
  poke(address: Address, tag: number): void {
    this.#tags.set(address, tag);
  }

  /** Whether a byte of [`from`, `to`) is held: no block's gap may hold any. */
  holdsAny(from: Address, to: Address): boolean {
    if (from < this.#break) return true;
    for (const [start, bytes] of this.#mappings) {
      if (start < to && from < start + bytes) return true;
    }
    return false;
  }

  override sbrk(increment: number): Address {
    if (this.held + increment > this.#bytes) return NULL;
    const old = super.sbrk(increment);
    if (old === NULL) return NULL;
    this.held += increment;
    this.#break = old + increment;
    return old;
  }

  override mmap(bytes: number): Address {
    if (this.held + bytes > this.#bytes) return NULL;
    const address = super.mmap(bytes);
    if (address === NULL) return NULL;
    this.held += bytes;
    this.#mappings.set(address, bytes);
    return address;
  }

  override munmap(address: Address, bytes: number): void {
    super.munmap(address, bytes);
    this.held -= bytes;
    const mapped = this.#mappings.get(address) ?? 0;
    this.#mappings.delete(address);
    if (mapped > bytes) this.#mappings.set(address + bytes, mapped - bytes);
  }

  override mremap(from: Address, oldBytes: number, newBytes: number): Address {
    if (this.held + newBytes - oldBytes > this.#bytes) return NULL;
    const to = super.mremap(from, oldBytes, newBytes);
    if (to === NULL) return NULL;
    this.held += newBytes - oldBytes;
    this.#mappings.delete(from);
    this.#mappings.set(to, newBytes);
    if (to !== from) this.move(from, to, Math.min(oldBytes, newBytes));
    return to;
  }

  override move(from: Address, to: Address, bytes: number): void {
    const moving = [...this.#tags].filter(([at]) =>
      at >= from && at < from + bytes
    );
    for (const [at, tag] of moving) this.#tags.set(at - from + to, tag);
  }
}
