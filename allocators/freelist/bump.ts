/**
 * Bump allocation: a pointer moves up until nothing is live, then goes back to
 * the start.
 *
 * A freed block is dead until then: its bytes count as cached, and dead
 * neighbours join only in the books. `memalign` skips what lies below a
 * multiple of the alignment; it dies with the block.
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
import {
  type AllocatorEntry,
  define,
  type Environment,
  powerOfTwo,
} from "../entry.ts";
import { FreeHistogram } from "../histogram.ts";
import { checkAlignment } from "../log2.ts";
import { AddressTable } from "./address_table.ts";
import { ARENA, Arena } from "./arena.ts";
import { type Blocks, END, Kind } from "./blocks.ts";

/** A pointer; every operation is O(1). */
class Bump implements Allocator {
  readonly counters = new Counters();
  private readonly source: Environment["source"];
  private readonly align: number;
  private readonly arena: Arena;
  private readonly blocks: Blocks;
  private readonly live = new AddressTable();
  private liveBytes = 0;
  private deadBytes = 0;

  constructor(align: number, arena: number, { source }: Environment) {
    this.source = source;
    this.align = align;
    this.arena = new Arena(source, arena, align, 0);
    this.blocks = this.arena.blocks;
  }

  get footprint(): number {
    return this.arena.footprint;
  }

  malloc(size: number): Address {
    const b = this.arena.extend(this.blockBytes(size), Kind.LIVE);
    return b === END ? NULL : this.handOut(b);
  }

  memalign(alignment: number, size: number): Address {
    checkAlignment(alignment);
    const b = this.arena.extend(this.blockBytes(size), Kind.LIVE);
    if (b === END) return NULL;
    const over = this.blocks.start[b]! % alignment;
    if (over > 0) {
      const lead = alignment - over;
      if (!this.arena.lengthen(lead)) {
        this.arena.retract();
        return NULL;
      }
      this.arena.cutLead(b, lead);
    }
    return this.handOut(b);
  }

  free(address: Address, _size: number): void {
    const { bytes, prev, next, kind } = this.blocks;
    const b = this.live.take(address);
    if (b === END) throw notLive(address);
    this.liveBytes -= bytes[b]!;
    this.arena.joinLead(b);
    this.deadBytes += bytes[b]!;
    kind[b] = Kind.DEAD;
    if (kind[next[b]!] === Kind.DEAD) this.absorb(b, next[b]!);
    if (kind[prev[b]!] === Kind.DEAD) this.absorb(prev[b]!, b);
    if (this.live.size === 0) this.reset();
  }

  realloc(address: Address, oldSize: number, size: number): Address {
    return reallocByMove(this, this.source, address, oldSize, size);
  }

  usableSize(address: Address): number {
    const b = this.live.get(address);
    if (b === END) throw notLive(address);
    return this.blocks.bytes[b]!;
  }

  walk(visit: BlockVisitor): void {
    this.arena.walk(0, visit);
  }

  usage(): Usage {
    const { wilderness, padding, footprint, longest, foreign } = this.arena;
    return {
      allocated: this.liveBytes,
      metadata: padding,
      cached: this.deadBytes,
      ...new FreeHistogram().usage(wilderness),
      footprint,
      largestFree: wilderness,
      largestServeable: longest,
      side: foreign,
    };
  }

  check(): void {
    const { start, bytes, next, kind } = this.blocks;
    this.arena.check();
    const sum = { live: 0, liveBytes: 0, deadBytes: 0 };
    for (let b = next[END]!; b !== END; b = next[b]!) {
      if (kind[b] === Kind.LIVE) {
        sum.live++;
        sum.liveBytes += bytes[b]!;
        invariant(this.live.get(start[b]!) === b, `Block ${start[b]}: lost`);
      } else if (kind[b] === Kind.DEAD) {
        sum.deadBytes += bytes[b]!;
      }
    }
    invariant(sum.live === this.live.size, "Bump: number of live blocks");
    invariant(sum.liveBytes === this.liveBytes, "Bump: live bytes");
    invariant(sum.deadBytes === this.deadBytes, "Bump: dead bytes");
  }

  private blockBytes(size: number): number {
    return Math.ceil(Math.max(size, 1) / this.align) * this.align;
  }

  private handOut(b: number): Address {
    const address = this.blocks.start[b]!;
    this.live.set(address, b);
    this.liveBytes += this.blocks.bytes[b]!;
    return address;
  }

  /** Gives everything back, up to what lies below somebody else's memory. */
  private reset(): void {
    const { bytes, prev } = this.blocks;
    for (let last = prev[END]!; last !== END; last = prev[END]!) {
      if (!this.arena.retract()) return;
      this.deadBytes -= bytes[last]!;
    }
  }

  /** Joins the dead block `above` to the one below it. */
  private absorb(below: number, above: number): void {
    this.blocks.bytes[below]! += this.blocks.bytes[above]!;
    this.blocks.delete(above);
  }
}

/** A pointer that moves up until nothing is live. */
export const bump: AllocatorEntry = define({
  name: "bump",
  summary: "A pointer moves up until nothing is live.",
  source: "Wilson et al., Dynamic Storage Allocation (1995)",
  layer: "freelist",
  examples: ["bump:arena=8M"],
  options: {
    align: powerOfTwo(16, "Payloads start at multiples of this, in bytes."),
    arena: ARENA,
  },
  offers: ["memalign", "resident"],
  create: ({ align, arena }, environment) =>
    new Bump(align, arena, environment),
});
