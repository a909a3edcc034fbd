/**
 * A heap that is the break and nothing else: every request moves it up, and
 * only its top can be given back.
 *
 * `malloc` appends a block with a header to the heap. `free` marks the block;
 * when the topmost block is freed, it goes back with all free blocks right
 * below it in one call. A free block is never used again: low memory waits for
 * higher memory. It is the reason why malloc keeps a pool.
 *
 * Somebody else may move the break in between: what lies between two of our
 * blocks is foreign, and nothing below it is given back while it is there.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  Counters,
  invariant,
  notLive,
  NULL,
  reallocByMove,
  type Usage,
} from "../allocator.ts";
import { type AllocatorEntry, define } from "../entry.ts";
import { FreeHistogram } from "../histogram.ts";
import { longer } from "../longer.ts";
import type { PageSource } from "../pages.ts";

/** Bytes before a payload: how long the block is, and whether it is live. */
const HEADER = 16;
/** Payloads start at, and blocks are multiples of, this many bytes. */
const ALIGN = 16;

/** What a block is; PAD aligns the break after a foreign block. */
const Kind = { LIVE: 0, FREE: 1, PAD: 2, FOREIGN: 3 } as const;

/** A stack of blocks up to the break; `free` is O(log blocks). */
export class RawBrk implements Allocator {
  readonly counters: Counters = new Counters();
  // Block i < count is start[i] .. start[i + 1] - 1, the last one ends at the
  // top. kind[i] is a Kind. Entries from count on are stale.
  private start = new Float64Array(1024);
  private kind = new Uint8Array(1024);
  private count = 0;
  /** Where the last block ends; NULL without blocks. */
  private top = NULL;
  private readonly histogram = new FreeHistogram();
  // Bytes of the blocks of each kind.
  private readonly bytes = [0, 0, 0, 0];
  private live = 0;
  private readonly source: PageSource;

  /** An empty heap at the break of `source`. */
  constructor(source: PageSource) {
    this.source = source;
  }

  malloc(size: number): Address {
    const bytes = HEADER + Math.max(ALIGN, Math.ceil(size / ALIGN) * ALIGN);
    let start = this.source.sbrk(bytes);
    if (start === NULL) return NULL;
    if (start !== this.top) {
      if (start < this.top) {
        throw new RangeError("The break was moved down into the heap");
      }
      const pad = Math.ceil(start / ALIGN) * ALIGN - start;
      if (pad > 0 && this.source.sbrk(pad) === NULL) {
        this.source.sbrk(-bytes);
        return NULL;
      }
      if (this.top !== NULL) {
        this.push(this.top, start - this.top, Kind.FOREIGN);
      }
      if (pad > 0) this.push(start, pad, Kind.PAD);
      start += pad;
    }
    this.push(start, bytes, Kind.LIVE);
    this.live++;
    this.source.touch(start, HEADER);
    return start + HEADER;
  }

  free(address: Address): void {
    const i = this.liveAt(address);
    const bytes = this.length(i);
    this.source.touch(this.start[i]!, HEADER);
    this.kind[i] = Kind.FREE;
    this.bytes[Kind.LIVE]! -= bytes;
    this.bytes[Kind.FREE]! += bytes;
    this.histogram.add(bytes);
    this.live--;
    if (i === this.count - 1 && this.source.sbrk(0) === this.top) {
      this.retreat();
    }
  }

  realloc(address: Address, oldSize: number, size: number): Address {
    return reallocByMove(this, this.source, address, oldSize, size);
  }

  usableSize(address: Address): number {
    return this.length(this.liveAt(address)) - HEADER;
  }

  walk(visit: BlockVisitor): void {
    for (let i = 0; i < this.count; i++) {
      const start = this.start[i]!;
      const bytes = this.length(i);
      switch (this.kind[i]) {
        case Kind.LIVE:
          visit(start, HEADER, "meta");
          visit(start + HEADER, bytes - HEADER, "live");
          break;
        case Kind.FREE:
          visit(start, bytes, "free");
          break;
        case Kind.PAD:
          visit(start, bytes, "meta");
          break;
        default:
          visit(start, bytes, "foreign");
      }
    }
  }

  /** Lengths > 0; sums by kind hold; the last block is ours and not free. */
  check(): void {
    const sum = [0, 0, 0, 0];
    for (let i = 0; i < this.count; i++) {
      invariant(this.length(i) > 0, `Block ${i}: length <= 0`);
      sum[this.kind[i]!]! += this.length(i);
    }
    invariant(`${sum}` === `${this.bytes}`, `Bytes by kind: ${sum}`);
    invariant(this.histogram.bytes === sum[Kind.FREE], "Histogram: free bytes");
    invariant(
      this.count === 0 || this.kind[this.count - 1]! < Kind.PAD,
      "The last block is neither live nor free",
    );
  }

  usage(): Usage {
    let largestFree = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.kind[i] === Kind.FREE) {
        largestFree = Math.max(largestFree, this.length(i));
      }
    }
    return {
      allocated: this.bytes[Kind.LIVE]! - this.live * HEADER,
      metadata: this.live * HEADER + this.bytes[Kind.PAD]!,
      cached: 0,
      footprint: this.footprint,
      largestFree,
      ...this.histogram.usage(),
      largestServeable: Infinity,
      side: this.bytes[Kind.FOREIGN]!,
    };
  }

  get footprint(): number {
    return this.bytes[Kind.LIVE]! + this.bytes[Kind.FREE]! +
      this.bytes[Kind.PAD]!;
  }

  /** Gives back what is free at the top, in one call. */
  private retreat(): void {
    const top = this.top;
    while (this.count > 0) {
      const kind = this.kind[this.count - 1]!;
      if (kind === Kind.LIVE || kind === Kind.FOREIGN) break;
      this.pop();
    }
    this.source.sbrk(this.top - top);
    if (this.kind[this.count - 1] === Kind.FOREIGN) this.pop();
    if (this.count === 0) this.top = NULL;
  }

  private push(start: Address, bytes: number, kind: number): void {
    if (this.count === this.start.length) {
      this.start = longer(this.start, 2 * this.count);
      this.kind = longer(this.kind, 2 * this.count);
    }
    this.start[this.count] = start;
    this.kind[this.count++] = kind;
    this.bytes[kind]! += bytes;
    this.top = start + bytes;
  }

  private pop(): void {
    const i = this.count - 1;
    const bytes = this.length(i);
    this.bytes[this.kind[i]!]! -= bytes;
    if (this.kind[i] === Kind.FREE) this.histogram.remove(bytes);
    this.top = this.start[i]!;
    this.count = i;
  }

  private length(i: number): number {
    const end = i + 1 < this.count ? this.start[i + 1]! : this.top;
    return end - this.start[i]!;
  }

  /** Index of the live block with its payload at `address`. */
  private liveAt(address: Address): number {
    const start = address - HEADER;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.start[middle]! < start) low = middle + 1;
      else high = middle;
    }
    if (
      low < this.count && this.start[low] === start &&
      this.kind[low] === Kind.LIVE
    ) return low;
    throw notLive(address);
  }
}

/** The entry of the registry. */
export const rawBrk: AllocatorEntry = define({
  name: "raw_brk",
  summary: "A system call per request: every malloc moves the break.",
  source: "brk(2)",
  layer: "os",
  options: {},
  offers: ["resident"],
  create: (_, { source }) => new RawBrk(source),
});
