/**
 * Segregated powers of two: the fast and wasteful allocator of 4.2BSD.
 *
 * A request takes the block freed last from the bucket of the smallest power
 * of two that holds header and payload. An empty bucket takes `page` bytes (a
 * block, if that is longer) at a page boundary and cuts them up. Blocks never
 * split, coalesce or change their bucket: what lies in the wrong bucket is
 * free and of no use. `memalign` takes a block that is longer by the alignment
 * and skips its first bytes, unless the block is aligned as it is. Chris Kingsley, 1982; as described by P. R. Wilson et
 * al., Dynamic Storage Allocation (1995).
 *
 * Simplified: payloads of `malloc` are aligned no better than `header`.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type BlockVisitor,
  type CensusRow,
  Counters,
  invariant,
  type ListVisitor,
  notLive,
  NULL,
  type Usage,
} from "../allocator.ts";
import {
  type AllocatorEntry,
  define,
  type Environment,
  powerOfTwo,
  type Values,
  whole,
} from "../entry.ts";
import { FreeHistogram } from "../histogram.ts";
import { checkAlignment, log2 } from "../log2.ts";
import { AddressTable } from "./address_table.ts";
import { ARENA, Arena } from "./arena.ts";
import { type Blocks, END, Kind } from "./blocks.ts";
import { longer } from "../longer.ts";

const OPTIONS = {
  header: whole(8, "Bytes before each payload.", 0, 4096),
  min: powerOfTwo(16, "Smallest block in bytes."),
  page: powerOfTwo(4096, "An empty bucket takes this many bytes.", 1, 2 ** 20),
  arena: ARENA,
};

/** Buckets of 1, 2, 4, .. 2^52 bytes; no block is longer. */
const BUCKETS = 53;
/** Bytes of the blocks of bucket k: a power takes longer to compute. */
const POWERS = Float64Array.from({ length: BUCKETS }, (_, k) => 2 ** k);

/** A list per power of two; every operation is O(1), a page cut up aside. */
class Kingsley implements Allocator {
  readonly counters = new Counters();
  private readonly source: Environment["source"];
  private readonly header: number;
  private readonly min: number;
  private readonly page: number;
  private readonly arena: Arena;
  private readonly blocks: Blocks;
  private readonly live = new AddressTable();
  private liveBytes = 0;
  private readonly histogram = new FreeHistogram();
  // head[k]: the block of 2^k bytes freed last, END if the bucket is empty;
  // head[BUCKETS] always is.
  private readonly head = new Int32Array(BUCKETS + 1);
  // below[b]: the free block freed before b in its bucket.
  private below = new Int32Array(1024);

  constructor(
    { header, min, page, arena }: Values<typeof OPTIONS>,
    { source }: Environment,
  ) {
    this.source = source;
    this.header = header;
    this.min = min;
    this.page = Math.max(min, page);
    this.arena = new Arena(source, arena, this.page, 0);
    this.blocks = this.arena.blocks;
  }

  get footprint(): number {
    return this.arena.footprint;
  }

  malloc(size: number): Address {
    const k = this.bucket(size);
    this.counters.searchSteps++;
    if (this.head[k] === END && !this.refill(k)) return NULL;
    const b = this.head[k]!;
    this.head[k] = this.below[b]!;
    const bytes = this.blocks.bytes[b]!;
    this.histogram.remove(bytes);
    this.blocks.kind[b] = Kind.LIVE;
    const address = this.blocks.start[b]! + this.header;
    this.live.set(address, b);
    this.liveBytes += bytes;
    this.write(b);
    return address;
  }

  memalign(alignment: number, size: number): Address {
    checkAlignment(alignment);
    const k = this.bucket(size);
    const starts = Math.min(2 ** k, this.page); // at multiples of this
    if (starts % alignment === 0 && this.header % alignment === 0) {
      return this.malloc(size);
    }
    const address = this.malloc(Math.max(size, 1) + alignment - 1);
    if (address === NULL || address % alignment === 0) return address;
    const lead = alignment - address % alignment;
    const b = this.live.take(address);
    this.live.set(address + lead, b);
    this.arena.cutLead(b, lead);
    this.liveBytes -= lead;
    this.write(b);
    return address + lead;
  }

  free(address: Address, _size: number): void {
    const b = this.live.take(address);
    if (b === END) throw notLive(address);
    this.liveBytes -= this.blocks.bytes[b]!;
    this.arena.joinLead(b);
    this.push(b);
  }

  /** In place if the bucket stays the same, else by moving. */
  realloc(address: Address, oldSize: number, size: number): Address {
    const b = this.nodeAt(address);
    const lead = this.arena.leadOf(b);
    const have = this.blocks.bytes[b]! + lead;
    if (2 ** this.bucket(size + lead) === have) return address;
    const moved = this.malloc(size);
    if (moved === NULL) return NULL;
    const bytes = Math.min(oldSize, size);
    this.source.move(address, moved, bytes);
    this.counters.bytesMoved += bytes;
    this.free(address, oldSize);
    return moved;
  }

  usableSize(address: Address): number {
    return this.blocks.bytes[this.nodeAt(address)]! - this.header;
  }

  walk(visit: BlockVisitor): void {
    this.arena.walk(this.header, visit);
  }

  usage(): Usage {
    const headers = this.header * this.live.size;
    const { wilderness, padding, footprint, longest, foreign } = this.arena;
    const k = this.head.findLastIndex((b) => b !== END);
    return {
      allocated: this.liveBytes - headers,
      metadata: headers + padding,
      cached: 0,
      ...this.histogram.usage(wilderness),
      footprint,
      largestFree: Math.max(wilderness, k < 0 ? 0 : 2 ** k),
      largestServeable: 2 ** Math.floor(Math.log2(longest)),
      side: foreign,
    };
  }

  census(): CensusRow[] {
    const rows: CensusRow[] = [];
    this.head.forEach((head, k) => {
      let blocks = 0;
      for (let b = head; b !== END; b = this.below[b]!) blocks++;
      if (blocks > 0) {
        rows.push({ list: `bucket ${2 ** k}`, blocks, bytes: blocks * 2 ** k });
      }
    });
    return rows;
  }

  eachBinned(visit: ListVisitor): void {
    this.head.forEach((head, k) => {
      for (let b = head; b !== END; b = this.below[b]!) {
        visit(`bucket ${2 ** k}`, this.blocks.start[b]!, 2 ** k);
      }
    });
  }

  check(): void {
    const { start, bytes, next, kind } = this.blocks;
    this.arena.check();
    let live = 0, liveBytes = 0, free = 0;
    for (let b = next[END]!; b !== END; b = next[b]!) {
      if (kind[b] === Kind.LIVE) {
        live++;
        liveBytes += bytes[b]!;
        const payload = start[b]! + this.header;
        invariant(this.live.get(payload) === b, `Block ${start[b]}: lost`);
      } else if (kind[b] === Kind.HOLE) free++;
    }
    let listed = 0;
    this.head.forEach((head, k) => {
      for (let b = head; b !== END; b = this.below[b]!) {
        invariant(bytes[b] === 2 ** k, `Bucket ${2 ** k}: a wrong length`);
        invariant(kind[b] === Kind.HOLE, `Bucket ${2 ** k}: not free`);
        invariant(++listed <= free, `Bucket ${2 ** k}: a cycle`);
      }
    });
    invariant(listed === free, "Buckets: a free block is in none");
    invariant(free === this.histogram.blocks, "Buckets: number of free blocks");
    invariant(live === this.live.size, "Buckets: number of live blocks");
    invariant(liveBytes === this.liveBytes, "Buckets: live bytes");
  }

  /**
   * k of the smallest block of 2^k bytes that holds `size` payload bytes;
   * BUCKETS if none does.
   */
  private bucket(size: number): number {
    const bytes = Math.max(Math.max(size, 1) + this.header, this.min);
    if (bytes > POWERS[BUCKETS - 1]!) return BUCKETS;
    const k = log2(bytes);
    return POWERS[k]! < bytes ? k + 1 : k;
  }

  private nodeAt(address: Address): number {
    const b = this.live.get(address);
    if (b === END) throw notLive(address);
    return b;
  }

  /** Puts new blocks of 2^`k` bytes into their bucket, the lowest on top. */
  private refill(k: number): boolean {
    if (k === BUCKETS) return false;
    const bytes = POWERS[k]!;
    const whole = Math.max(bytes, this.page);
    const b = this.arena.extend(whole, Kind.HOLE);
    if (b === END) return false;
    const blocks = this.blocks;
    const base = blocks.start[b]!;
    blocks.bytes[b] = bytes;
    let above = blocks.next[b]!;
    for (let at = base + whole - bytes; at > base; at -= bytes) {
      above = blocks.insert(above, at, bytes, Kind.HOLE);
      this.push(above);
    }
    this.push(b);
    return true;
  }

  private push(b: number): void {
    const bytes = this.blocks.bytes[b]!;
    const k = log2(bytes);
    if (b >= this.below.length) {
      this.below = longer(this.below, this.blocks.kind.length);
    }
    this.blocks.kind[b] = Kind.HOLE;
    this.below[b] = this.head[k]!;
    this.head[k] = b;
    this.histogram.add(bytes);
    this.write(b);
  }

  /** The header holds the bucket of a live block, the next of a free one. */
  private write(b: number): void {
    if (this.header > 0 && this.source.lazy) {
      this.source.touch(this.blocks.start[b]!, this.header);
    }
  }
}

/** Segregated powers of two without coalescing. */
export const kingsley: AllocatorEntry = define({
  name: "kingsley",
  summary: "A list per power of two; blocks never split or coalesce.",
  source: "Wilson et al., Dynamic Storage Allocation (1995)",
  layer: "freelist",
  examples: ["kingsley:header=0:min=1"],
  options: OPTIONS,
  offers: ["memalign", "census", "eachBinned", "resident"],
  create: (values, environment) => new Kingsley(values, environment),
});
