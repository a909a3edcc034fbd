/**
 * The chunks that a pool got from the heap below, in two orders: of arrival
 * and of address.
 *
 * Granules of 8 bytes are numbered through all chunks, in order of arrival,
 * from 1 on; 0 is no granule. There are few chunks, because each is longer
 * than the ones before; lookups are binary searches behind the last hit.
 *
 * @module
 */
import { type Address, invariant } from "../allocator.ts";

/** Bytes of a granule: objects are multiples of it. */
export const GRANULE = 8;

/** A stretch of memory that objects are cut from. */
export interface Chunk {
  /** Its first byte. */
  readonly start: Address;
  /** One past the last whole granule asked for. */
  readonly end: Address;
  /** Number of its first granule. */
  readonly first: number;
  /** Bytes of the block below, at least `end` - `start`. */
  readonly usable: number;
}

/** All chunks of a pool; a lookup is O(log chunks). */
export class Chunks {
  private readonly arrival: Chunk[] = [];
  private readonly sorted: Chunk[] = [];
  // first[i] of the i-th chunk to arrive; start[i] of the i-th by address.
  // Both are padded with Infinity to a power of two.
  private first = new Float64Array(1).fill(Infinity);
  private start = new Float64Array(1).fill(Infinity);
  /** The chunk found last; empty before. */
  private recentStart = 0;
  private recentEnd = 0;
  private recentFirst = 0;
  /** One past the last granule. */
  granules = 1;
  /** Bytes of all blocks below. */
  bytes = 0;

  /** Number of chunks. */
  get count(): number {
    return this.arrival.length;
  }

  /** Appends the block below at `start`: `bytes` asked, `usable` held. */
  add(start: Address, bytes: number, usable: number): Chunk {
    const first = this.granules;
    const chunk = { start, end: start + bytes, first, usable };
    let i = this.sorted.length;
    while (i > 0 && this.sorted[i - 1]!.start > start) i--;
    this.sorted.splice(i, 0, chunk);
    this.arrival.push(chunk);
    this.granules += bytes / GRANULE;
    this.bytes += usable;
    const length = 2 ** Math.ceil(Math.log2(this.count));
    this.first = new Float64Array(length).fill(Infinity);
    this.start = new Float64Array(length).fill(Infinity);
    this.first.set(this.arrival.map(({ first }) => first));
    this.start.set(this.sorted.map(({ start }) => start));
    return chunk;
  }

  /** The chunk that holds `address`; undefined if none does. */
  at(address: Address): Chunk | undefined {
    const chunk = this.sorted[lastUpTo(this.start, address)];
    return chunk && address >= chunk.start && address < chunk.end
      ? chunk
      : undefined;
  }

  /** The granule at `address`, not whole between granules; 0: in no chunk. */
  granuleAt(address: Address): number {
    if (!(address >= this.recentStart && address < this.recentEnd)) {
      const chunk = this.at(address);
      if (!chunk) return 0;
      this.remember(chunk);
    }
    return this.recentFirst + (address - this.recentStart) / GRANULE;
  }

  /** Address of granule `g`, which must exist. */
  addressOf(g: number): Address {
    const address = this.recentStart + (g - this.recentFirst) * GRANULE;
    if (address >= this.recentStart && address < this.recentEnd) {
      return address;
    }
    const chunk = this.arrival[lastUpTo(this.first, g)]!;
    this.remember(chunk);
    return chunk.start + (g - chunk.first) * GRANULE;
  }

  /** Every chunk in ascending order of address. */
  ascending(): readonly Chunk[] {
    return this.sorted;
  }

  /** granules - 1 = sum of (end - start) / 8; no two chunks overlap. */
  check(): void {
    let granules = 1;
    let end = -Infinity;
    for (const chunk of this.sorted) {
      invariant(chunk.start >= end, "Chunks: two overlap");
      end = chunk.start + chunk.usable;
      invariant(chunk.end <= end, "Chunks: one is longer than its block");
      granules += (chunk.end - chunk.start) / GRANULE;
    }
    invariant(granules === this.granules, "Chunks: granules do not add up");
  }

  /** Notes the chunk found last. */
  private remember({ start, end, first }: Chunk): void {
    this.recentStart = start;
    this.recentEnd = end;
    this.recentFirst = first;
  }
}

/** Index of the last of `sorted` that is <= `value`; 0 if there is none. */
function lastUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  for (let half = sorted.length >> 1; half > 0; half >>= 1) {
    if (sorted[low + half]! <= value) low += half;
  }
  return low;
}
