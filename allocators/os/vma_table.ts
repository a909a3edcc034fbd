/**
 * The mapped segments of one address space, and the search for a gap.
 *
 * Linux keeps one VMA per mapping and a tree of gaps. Only the gaps decide
 * where the next mapping goes, so neighbours are kept as one segment here.
 *
 * @module
 */
import { type Address, invariant, NULL } from "../allocator.ts";

/** Disjoint segments in address order: a lookup is O(log n), a change O(n). */
export class VmaTable {
  // Segment i < count covers start[i] .. end[i] - 1, in bytes, and
  // end[i] < start[i + 1]. Entries from count on are stale.
  #start = new Float64Array(64);
  #end = new Float64Array(64);
  #count = 0;

  /** Number of segments. */
  get count(): number {
    return this.#count;
  }

  /** Index of the first segment that ends above `address`; `count` if none. */
  indexAbove(address: Address): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#end[middle]! > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** First byte of segment `index`; Infinity past the last. */
  start(index: number): Address {
    return index < this.#count ? this.#start[index]! : Infinity;
  }

  /** The byte after segment `index`; 0 before the first. */
  end(index: number): Address {
    return index >= 0 ? this.#end[index]! : 0;
  }

  /** Whether no byte of `start` .. `end` - 1 is mapped. */
  isFree(start: Address, end: Address): boolean {
    return this.start(this.indexAbove(start)) >= end;
  }

  /** Maps `start` .. `end` - 1, whatever was there before. */
  add(start: Address, end: Address): void {
    let first = this.indexAbove(start);
    if (first > 0 && this.#end[first - 1] === start) first--;
    let after = first;
    while (this.start(after) <= end) after++;
    if (first < after) {
      start = Math.min(start, this.#start[first]!);
      end = Math.max(end, this.#end[after - 1]!);
    }
    this.#splice(first, after, 1);
    this.#start[first] = start;
    this.#end[first] = end;
  }

  /** Unmaps `start` .. `end` - 1; parts that are not mapped are skipped. */
  remove(start: Address, end: Address): void {
    const first = this.indexAbove(start);
    let after = first;
    while (this.start(after) < end) after++;
    if (first === after || start === end) return;
    const below = this.#start[first]!;
    const above = this.#end[after - 1]!;
    const kept = (below < start ? 1 : 0) + (above > end ? 1 : 0);
    this.#splice(first, after, kept);
    if (below < start) {
      this.#start[first] = below;
      this.#end[first] = start;
    }
    if (above > end) {
      this.#start[first + kept - 1] = end;
      this.#end[first + kept - 1] = above;
    }
  }

  /** The highest address of `bytes` free bytes in `low` .. `high` - 1. */
  highestGap(bytes: number, low: Address, high: Address): Address {
    let top = high;
    for (let i = this.indexAbove(high - 1); i >= 0; i--) {
      top = Math.min(high, this.start(i));
      const bottom = Math.max(low, this.end(i - 1));
      if (top - bottom >= bytes) return top - bytes;
    }
    return NULL;
  }

  /** The lowest address of `bytes` free bytes in `low` .. `high` - 1. */
  lowestGap(bytes: number, low: Address, high: Address): Address {
    for (let i = this.indexAbove(low); i <= this.#count; i++) {
      const bottom = Math.max(low, this.end(i - 1));
      if (Math.min(high, this.start(i)) - bottom >= bytes) return bottom;
      if (this.start(i) >= high) break;
    }
    return NULL;
  }

  /** Throws InvariantError unless segments are ordered and never touch. */
  check(): void {
    for (let i = 0; i < this.#count; i++) {
      invariant(
        this.end(i - 1) < this.#start[i]! && this.#start[i]! < this.#end[i]!,
        `Segment ${i}: end[i - 1] < start[i] < end[i] fails`,
      );
    }
  }

  /** Puts `kept` stale entries in the place of `first` .. `after` - 1. */
  #splice(first: number, after: number, kept: number): void {
    const count = this.#count - (after - first) + kept;
    if (count > this.#start.length) {
      this.#start = lengthened(this.#start);
      this.#end = lengthened(this.#end);
    }
    this.#start.copyWithin(first + kept, after, this.#count);
    this.#end.copyWithin(first + kept, after, this.#count);
    this.#count = count;
  }
}

function lengthened(array: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * array.length);
  longer.set(array);
  return longer;
}
