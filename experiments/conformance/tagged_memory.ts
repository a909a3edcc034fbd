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
  private readonly bytes: number;
  private readonly tags = new Map<Address, number>();
  // Mapped bytes by start of each mapping.
  private readonly mappings = new Map<Address, number>();
  /** The break. */
  private end = 0;

  /** Memory that refuses what would pass `bytes`. */
  constructor(bytes: number) {
    super(2 ** 46);
    this.bytes = bytes;
  }

  /** The tag of the byte at `address`; undefined if none was written. */
  peek(address: Address): number | undefined {
    return this.tags.get(address);
  }

  /** Writes `tag` at `address`. */
  poke(address: Address, tag: number): void {
    this.tags.set(address, tag);
  }

  /** Whether a byte of [`from`, `to`) is held: no block's gap may hold any. */
  holdsAny(from: Address, to: Address): boolean {
    if (from < this.end) return true;
    for (const [start, bytes] of this.mappings) {
      if (start < to && from < start + bytes) return true;
    }
    return false;
  }

  /** Moves the break; NULL where memory ends. */
  override sbrk(increment: number): Address {
    if (this.held + increment > this.bytes) return NULL;
    const old = super.sbrk(increment);
    if (old === NULL) return NULL;
    this.held += increment;
    this.end = old + increment;
    return old;
  }

  /** Maps `bytes`; NULL where memory ends. */
  override mmap(bytes: number): Address {
    if (this.held + bytes > this.bytes) return NULL;
    const address = super.mmap(bytes);
    if (address === NULL) return NULL;
    this.held += bytes;
    this.mappings.set(address, bytes);
    return address;
  }

  /** Unmaps the low end of a mapping, or all of it. */
  override munmap(address: Address, bytes: number): void {
    super.munmap(address, bytes);
    this.held -= bytes;
    const mapped = this.mappings.get(address) ?? 0;
    this.mappings.delete(address);
    if (mapped > bytes) this.mappings.set(address + bytes, mapped - bytes);
  }

  /** Resizes a mapping, tags included; NULL where memory ends. */
  override mremap(from: Address, oldBytes: number, newBytes: number): Address {
    if (this.held + newBytes - oldBytes > this.bytes) return NULL;
    const to = super.mremap(from, oldBytes, newBytes);
    if (to === NULL) return NULL;
    this.held += newBytes - oldBytes;
    this.mappings.delete(from);
    this.mappings.set(to, newBytes);
    if (to !== from) this.move(from, to, Math.min(oldBytes, newBytes));
    return to;
  }

  /** Moves tags along. */
  override move(from: Address, to: Address, bytes: number): void {
    for (const [at, tag] of this.tagged(from, bytes)) {
      this.tags.set(at - from + to, tag);
    }
  }

  /** The tags of `bytes` from `from` on, in time of the lesser of both. */
  private tagged(from: Address, bytes: number): [at: Address, tag: number][] {
    if (this.tags.size < bytes) {
      return [...this.tags].filter(([at]) => at >= from && at < from + bytes);
    }
    const found: [Address, number][] = [];
    for (let at = from; at < from + bytes; at++) {
      const tag = this.tags.get(at);
      if (tag !== undefined) found.push([at, tag]);
    }
    return found;
  }
}
