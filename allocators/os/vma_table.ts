/**
 * The mapped segments of one address space, and the search for a gap.
 *
 * Linux keeps one VMA per mapping and a tree of gaps. Only the gaps decide
 * where the next mapping goes, so neighbours are kept as one segment here.
 *
 * @module
 */
import { type Address, invariant, NULL } from "../allocator.ts";
import { longer } from "../longer.ts";

/** Disjoint segments in address order: a lookup is O(log n), a change O(n). */
export class VmaTable {
  // Segment i < length covers starts[i] .. ends[i] - 1, in bytes, and
  // ends[i] < starts[i + 1]. Entries from length on are stale.
  private starts = new Float64Array(64);
  private ends = new Float64Array(64);
  private length = 0;

  /** Number of segments. */
  get count(): number {
    return this.length;
  }

  /** Index of the first segment that ends above `address`; `count` if none. */
  indexAbove(address: Address): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ends[middle]! > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** First byte of segment `index`; Infinity past the last. */
  start(index: number): Address {
    return index < this.length ? this.starts[index]! : Infinity;
  }

  /** The byte after segment `index`; 0 before the first. */
  end(index: number): Address {
    return index >= 0 ? this.ends[index]! : 0;
  }

  /** Whether no byte of `start` .. `end` - 1 is mapped. */
  isFree(start: Address, end: Address): boolean {
    return this.start(this.indexAbove(start)) >= end;
  }

  /** Maps `start` .. `end` - 1, whatever was there before. */
  add(start: Address, end: Address): void {
    let first = this.indexAbove(start);
    if (first > 0 && this.ends[first - 1] === start) first--;
    let after = first;
    while (this.start(after) <= end) after++;
    if (first < after) {
      start = Math.min(start, this.starts[first]!);
      end = Math.max(end, this.ends[after - 1]!);
    }
    this.splice(first, after, 1);
    this.starts[first] = start;
    this.ends[first] = end;
  }

  /** Unmaps `start` .. `end` - 1; parts that are not mapped are skipped. */
  remove(start: Address, end: Address): void {
    const first = this.indexAbove(start);
    let after = first;
    while (this.start(after) < end) after++;
    if (first === after || start === end) return;
    const below = this.starts[first]!;
    const above = this.ends[after - 1]!;
    const kept = (below < start ? 1 : 0) + (above > end ? 1 : 0);
    this.splice(first, after, kept);
    if (below < start) {
      this.starts[first] = below;
      this.ends[first] = start;
    }
    if (above > end) {
      this.starts[first + kept - 1] = end;
      this.ends[first + kept - 1] = above;
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
    for (let i = this.indexAbove(low); i <= this.length; i++) {
      const bottom = Math.max(low, this.end(i - 1));
      if (Math.min(high, this.start(i)) - bottom >= bytes) return bottom;
      if (this.start(i) >= high) break;
    }
    return NULL;
  }

  /** Throws InvariantError unless segments are ordered and never touch. */
  check(): void {
    for (let i = 0; i < this.length; i++) {
      invariant(
        this.end(i - 1) < this.starts[i]! && this.starts[i]! < this.ends[i]!,
        `Segment ${i}: ends[i - 1] < starts[i] < ends[i] fails`,
      );
    }
  }

  /** Puts `kept` stale entries in the place of `first` .. `after` - 1. */
  private splice(first: number, after: number, kept: number): void {
    const count = this.length - (after - first) + kept;
    if (count > this.starts.length) {
      this.starts = longer(this.starts, 2 * this.starts.length);
      this.ends = longer(this.ends, 2 * this.ends.length);
    }
    this.starts.copyWithin(first + kept, after, this.length);
    this.ends.copyWithin(first + kept, after, this.length);
    this.length = count;
  }
}
