/**
 * The engine of every sequential-fit heap: blocks that tile an arena, holes
 * that coalesce at once, and an index that says which hole a request gets.
 *
 * A block is `header` bytes and a payload at a multiple of `align`, in all at
 * least `min`. A request takes the low end of its hole; what is left is a hole
 * again if it has `min` bytes, else it stays with the block. Only if no hole
 * fits the wilderness serves, and a hole that reaches it rejoins it. With
 * header 0 and alignment 1 this is the pure policy of the literature: M. S.
 * Johnstone and P. R. Wilson, The Memory Fragmentation Problem: Solved? (1998);
 * D. E. Knuth, The Art of Computer Programming, vol. 1, section 2.5.
 *
 * Simplified: the index lies outside of the heap; a heap with headers writes
 * the header of each block, and the links of a hole into its first `min` bytes.
 * `searchSteps` counts what the index looks at. That is the simulator's work,
 * not the walk along a free list that the policy takes in a real heap: the
 * sequential fits must not be compared by it.
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
import { type Option, powerOfTwo, whole } from "../entry.ts";
import { FreeHistogram } from "../histogram.ts";
import { checkAlignment } from "../log2.ts";
import type { PageSource } from "../pages.ts";
import { AddressTable } from "./address_table.ts";
import { ARENA, Arena } from "./arena.ts";
import { type Blocks, END, Kind } from "./blocks.ts";
import type { HoleIndex } from "./hole_tree.ts";

/** The options of every heap of this kind. */
export const FIT_OPTIONS: {
  header: Option<number>;
  align: Option<number>;
  min: Option<number>;
  arena: Option<number>;
} = {
  header: whole(8, "Bytes before each payload.", 0, 4096),
  align: powerOfTwo(16, "Payloads start at multiples of this, in bytes."),
  min: whole(
    0,
    "Smallest block in bytes; 0: 32 with a header, else align.",
    0,
    2 ** 40,
  ),
  arena: ARENA,
};

/** What the options say. */
export type FitValues = {
  readonly [key in keyof typeof FIT_OPTIONS]: number;
};

/** A heap of blocks and holes; costs what its index costs. */
export class FitHeap implements Allocator {
  readonly counters: Counters = new Counters();
  readonly census?: () => CensusRow[];
  readonly eachBinned?: (visit: ListVisitor) => void;
  private readonly source: PageSource;
  private readonly header: number;
  private readonly align: number;
  private readonly min: number;
  private readonly arena: Arena;
  private readonly blocks: Blocks;
  private readonly index: HoleIndex;
  private readonly holes = new FreeHistogram();
  /** Payload address to the node of its live block. */
  private readonly live = new AddressTable();
  /** Bytes of the live blocks, headers included. */
  private liveBytes = 0;
  /** End of the block placed last. */
  private rover: Address = 0;

  /** An empty heap over `source` whose holes lie in the index that `index` makes. */
  constructor(
    { header, align, min, arena }: FitValues,
    source: PageSource,
    index: (blocks: Blocks, counters: Counters) => HoleIndex,
  ) {
    this.source = source;
    this.header = header;
    this.align = align;
    const least = Math.max(min || (header > 0 ? 32 : align), header + 1);
    this.min = Math.ceil(least / align) * align;
    this.arena = new Arena(source, arena, align, header);
    this.blocks = this.arena.blocks;
    this.index = index(this.blocks, this.counters);
    if (!this.index.eachBinned) return;
    this.census = () => this.bins();
    this.eachBinned = (visit) =>
      this.index.eachBinned!((low, b) =>
        visit(`bin[${low}]`, this.blocks.start[b]!, this.blocks.bytes[b]!)
      );
  }

  get footprint(): number {
    return this.arena.footprint;
  }

  malloc(size: number): Address {
    const b = this.place(this.blockBytes(size));
    return b === END ? NULL : this.handOut(b);
  }

  free(address: Address, _size: number): void {
    const b = this.live.take(address);
    if (b === END) throw notLive(address);
    this.liveBytes -= this.blocks.bytes[b]!;
    this.release(b);
  }

  /**
   * In place if the block is long enough (what is too much is cut off) or can
   * take in the hole or the wilderness right above it; else by moving.
   */
  realloc(address: Address, oldSize: number, size: number): Address {
    const b = this.nodeAt(address);
    const need = this.blockBytes(size);
    const have = this.blocks.bytes[b]!;
    if (need <= have || this.lengthen(b, need)) {
      this.trim(b, need);
      this.liveBytes += this.blocks.bytes[b]! - have;
      return address;
    }
    const moved = this.malloc(size);
    if (moved === NULL) return NULL;
    this.source.move(address, moved, oldSize);
    this.counters.bytesMoved += oldSize;
    this.free(address, oldSize);
    return moved;
  }

  /**
   * Places a block long enough to hold an aligned one anywhere in it, and cuts
   * off what is too much at both ends. Throws `RangeError` unless `alignment`
   * is a power of two.
   */
  memalign(alignment: number, size: number): Address {
    checkAlignment(alignment);
    if (alignment <= this.align) return this.malloc(size);
    const need = this.blockBytes(size);
    const b = this.place(this.index.round(need + alignment + this.min));
    if (b === END) return NULL;
    const start = this.blocks.start[b]!;
    const over = (start + this.header) % alignment;
    let lead = over === 0 ? 0 : alignment - over;
    while (lead > 0 && lead < this.min) lead += alignment;
    if (lead > 0) {
      const low = this.blocks.insert(b, start, lead, Kind.NONE);
      this.blocks.start[b] = start + lead;
      this.blocks.bytes[b]! -= lead;
      this.counters.splits++;
      this.release(low);
    }
    this.trim(b, need);
    return this.handOut(b);
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
    return {
      allocated: this.liveBytes - headers,
      metadata: headers + padding,
      cached: 0,
      ...this.holes.usage(wilderness),
      footprint,
      largestFree: Math.max(wilderness, this.index.largest()),
      largestServeable: longest,
      side: foreign,
    };
  }

  check(): void {
    const { start, bytes, next, kind } = this.blocks;
    this.arena.check();
    let live = 0, liveBytes = 0, holes = 0, holeBytes = 0;
    for (let b = next[END]!; b !== END; b = next[b]!) {
      if (kind[b] === Kind.LIVE) {
        live++;
        liveBytes += bytes[b]!;
        const payload = start[b]! + this.header;
        invariant(payload % this.align === 0, `Block ${start[b]}: alignment`);
        invariant(this.live.get(payload) === b, `Block ${start[b]}: lost`);
      } else if (kind[b] === Kind.HOLE) {
        holes++;
        holeBytes += bytes[b]!;
        invariant(bytes[b]! >= this.min, `Hole ${start[b]} is too short`);
        invariant(kind[next[b]!] !== Kind.HOLE, `Hole ${start[b]}: two touch`);
      }
    }
    invariant(live === this.live.size, "Heap: number of live blocks");
    invariant(liveBytes === this.liveBytes, "Heap: bytes of live blocks");
    invariant(holes === this.holes.blocks, "Heap: number of holes");
    invariant(holeBytes === this.holes.bytes, "Heap: bytes of holes");
    this.index.check(holes);
  }

  /** What lies in each bin, and what is in none yet. */
  private bins(): CensusRow[] {
    const rows = new Map<string, CensusRow>();
    this.eachBinned!((list, _, bytes) => {
      const row = rows.get(list) ?? { list, blocks: 0, bytes: 0 };
      row.blocks++;
      row.bytes += bytes;
      rows.set(list, row);
    });
    const { wilderness } = this.arena;
    const unreached = { list: "never reached", blocks: 1, bytes: wilderness };
    return [...rows.values(), ...wilderness > 0 ? [unreached] : []];
  }

  /** Bytes of the block that holds `size` payload bytes, of one byte at least. */
  private blockBytes(size: number): number {
    const bytes = (size > 0 ? size : 1) + this.header;
    const aligned = Math.ceil(bytes / this.align) * this.align;
    return this.index.round(aligned > this.min ? aligned : this.min);
  }

  /** A live block of `need` bytes or a little more; END if there is no room. */
  private place(need: number): number {
    const hole = this.index.find(need, this.rover);
    if (hole === END) return this.grow(need);
    const { start, bytes } = this.blocks;
    const at = start[hole]!;
    const rest = bytes[hole]! - need;
    if (rest < this.min) {
      this.unlink(hole);
      this.blocks.kind[hole] = Kind.LIVE;
      return hole;
    }
    this.resize(hole, at + need, rest);
    this.counters.splits++;
    return this.blocks.insert(hole, at, need, Kind.LIVE);
  }

  private grow(need: number): number {
    // A hole on top lay below somebody else's memory, which may be gone now.
    this.lower();
    return this.arena.extend(need, Kind.LIVE);
  }

  private handOut(b: number): Address {
    const start = this.blocks.start[b]!;
    const bytes = this.blocks.bytes[b]!;
    this.live.set(start + this.header, b);
    this.liveBytes += bytes;
    this.rover = start + bytes;
    this.write(b, this.header);
    return start + this.header;
  }

  /** Makes a hole of the block `b`, joined with the holes beside it. */
  private release(b: number): void {
    const blocks = this.blocks;
    const { start, bytes, kind } = blocks;
    const below = blocks.prev[b]!, above = blocks.next[b]!;
    let hole = b;
    if (kind[below] === Kind.HOLE) {
      let joined = bytes[below]! + bytes[b]!;
      if (kind[above] === Kind.HOLE) {
        joined += bytes[above]!;
        this.absorb(above);
      }
      this.resize(below, start[below]!, joined);
      hole = below;
    } else if (kind[above] === Kind.HOLE) {
      this.resize(above, start[b]!, bytes[b]! + bytes[above]!);
      hole = above;
    }
    if (hole !== b) {
      blocks.delete(b);
      this.counters.coalesces++;
    } else {
      kind[b] = Kind.HOLE;
      this.holes.add(bytes[b]!);
      this.index.insert(b);
    }
    if (above === END) this.lower();
    else this.write(hole, this.min);
  }

  /** A hole on top rejoins the wilderness, if nothing foreign is above. */
  private lower(): void {
    const last = this.blocks.prev[END]!;
    if (this.blocks.kind[last] !== Kind.HOLE) return;
    this.unlink(last);
    if (this.arena.retract()) return;
    this.holes.add(this.blocks.bytes[last]!);
    this.index.insert(last);
  }

  /** Makes the live block `b` at least `need` bytes long, if what follows it allows. */
  private lengthen(b: number, need: number): boolean {
    const { bytes, kind, next } = this.blocks;
    const above = next[b]!;
    const missing = need - bytes[b]!;
    if (above === END) return this.arena.lengthen(missing);
    if (kind[above] !== Kind.HOLE || bytes[above]! < missing) return false;
    bytes[b]! += bytes[above]!;
    this.absorb(above);
    return true;
  }

  /** Cuts the live block `b` to `need` bytes, if what is left can be a hole. */
  private trim(b: number, need: number): void {
    const { start, bytes, next } = this.blocks;
    const rest = bytes[b]! - need;
    if (rest < this.min) return;
    bytes[b] = need;
    this.counters.splits++;
    const end = start[b]! + need;
    this.release(this.blocks.insert(next[b]!, end, rest, Kind.NONE));
  }

  /** The bytes of the hole `b` become its neighbour's. */
  private absorb(b: number): void {
    this.unlink(b);
    this.blocks.delete(b);
    this.counters.coalesces++;
  }

  private unlink(b: number): void {
    this.holes.remove(this.blocks.bytes[b]!);
    this.index.remove(b);
  }

  private resize(b: number, start: Address, bytes: number): void {
    this.holes.remove(this.blocks.bytes[b]!);
    this.holes.add(bytes);
    this.index.resize(b, start, bytes);
  }

  /** The heap writes the first `bytes` of the block `b`. */
  private write(b: number, bytes: number): void {
    if (this.header > 0 && this.source.lazy) {
      this.source.touch(this.blocks.start[b]!, bytes);
    }
  }

  private nodeAt(address: Address): number {
    const b = this.live.get(address);
    if (b === END) throw notLive(address);
    return b;
  }
}
