/**
 * The tcache: the freed chunks that a thread keeps for itself, a few of each
 * length, whatever arena they are from. They count as in use for their
 * neighbours. Its table is a chunk of a heap itself.
 *
 * A bin of one length is a stack; a bin of several lengths (2.43) is sorted by
 * length and may hold mappings.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import type { Arena } from "./arena.ts";
import { Chunk } from "./chunk.ts";
import { TCACHE_BINS } from "./params.ts";
import type { Process } from "./process.ts";

const { MIN_WORDS } = Chunk;

/** A chunk of a bin of several lengths. */
export interface Kept {
  /** Bytes of the chunk. */
  readonly bytes: number;
  /** Where it is; undefined for a mapping. */
  readonly arena: Arena | undefined;
  /** The chunk; or 0. */
  readonly chunk: number;
  /** Payload of a mapping. */
  readonly address: Address;
}

/** The state of a tcache. */
export const enum State {
  /** It has no table yet: the next request makes it. */
  DUE,
  /** It has no table yet: the first chunk that it could take makes it. */
  NONE,
  /** It has no table: now, or for ever. */
  OFF,
  /** It is in use. */
  ON,
}

/** The tcache of one thread; every operation on a stack is O(1). */
export class Tcache {
  declare state: State;
  // Stack i holds held[i] chunks of MIN_WORDS + i * alignWords words, the newest
  // last: chunk[i * depth + k] of arena number owner[i * depth + k], k < held[i];
  // valid for i < bins.
  readonly held: Int32Array<ArrayBuffer> = new Int32Array(TCACHE_BINS);
  declare readonly chunk: Int32Array<ArrayBuffer>;
  declare readonly owner: Int32Array<ArrayBuffer>;
  /** Chunks a stack can hold. */
  declare readonly depth: number;
  /** Chunks a bin can hold now: 0 unless it is on. */
  room = 0;
  /** Lengths with a bin of their own. */
  declare readonly bins: number;
  /** Its table: a chunk of `tableArena`, or a mapping with its payload here. */
  table = 0;
  declare tableArena: Arena | undefined;
  tableMapping: Address = NULL;
  /** Bins of several lengths, by log2 of the bytes; none until one is used. */
  readonly sorted = new Map<number, Kept[]>();
  // log2 of the words that lengths are multiples of.
  declare private readonly shift: number;
  declare private readonly limitWords: number;

  declare private readonly process: Process;

  /** An empty one of a thread of `process`. */
  constructor(process: Process) {
    const { settings, word, geometry, version } = process;
    this.process = process;
    this.state = version.tcacheFirst ? State.DUE : State.NONE;
    this.bins = settings.tcacheBins;
    this.depth = settings.tcacheCount;
    this.chunk = new Int32Array(TCACHE_BINS * this.depth);
    this.owner = new Int32Array(TCACHE_BINS * this.depth);
    this.shift = Math.log2(geometry.align / word);
    this.limitWords = settings.tcacheLimit / word;
  }

  /** Index of the stack for chunks of `words`. */
  indexOf(words: number): number {
    return (words - MIN_WORDS) >> this.shift;
  }

  /** Whether stack `i` exists and can take one more chunk. */
  takes(i: number): boolean {
    return i < this.bins && this.held[i]! < this.room;
  }

  /** Pushes chunk `c` of `arena` onto stack `i`. */
  push(arena: Arena, c: number, i: number): void {
    const at = i * this.depth + this.held[i]!;
    this.chunk[at] = c;
    this.owner[at] = arena.number;
    this.held[i]!++;
  }

  /** Pops the newest chunk of stack `i`, which is not empty. */
  pop(i: number): number {
    const { process } = this;
    const at = i * this.depth + --this.held[i]!;
    if (!process.alone) process.from = process.arenas[this.owner[at]!]!;
    return this.chunk[at]!;
  }

  /** Takes the newest chunk of stack `i` whose payload is a multiple of `alignment`; 0: none. */
  popAligned(i: number, alignment: number): number {
    const { chunk, owner, process } = this;
    const first = i * this.depth;
    const end = first + this.held[i]!;
    for (let at = end - 1; at >= first; at--) {
      const c = chunk[at]!;
      const arena = process.arenas[owner[at]!]!;
      if (arena.image.addressOf(c) % alignment !== 0) continue;
      chunk.copyWithin(at, at + 1, end);
      owner.copyWithin(at, at + 1, end);
      this.held[i]!--;
      process.from = arena;
      return c;
    }
    return 0;
  }

  /** Whether chunks of `words` belong into a bin of several lengths. */
  isSorted(words: number): boolean {
    return words <= this.limitWords && this.indexOf(words) >= TCACHE_BINS;
  }

  /** Whether chunks of `words` go through the tcache at all. */
  covers(words: number): boolean {
    return words <= this.limitWords;
  }

  /** Puts a chunk into its bin of several lengths; false if that is full. */
  keep(kept: Kept): boolean {
    const key = Math.floor(Math.log2(kept.bytes));
    const bin = this.sorted.get(key) ?? [];
    if (bin.length >= this.room) return false;
    let at = 0;
    while (at < bin.length && bin[at]!.bytes < kept.bytes) at++;
    bin.splice(at, 0, kept);
    this.sorted.set(key, bin);
    return true;
  }

  /** Takes the first chunk of just `bytes` at a multiple of `alignment`; undefined if there is none. */
  takeKept(bytes: number, alignment = 1): Kept | undefined {
    const bin = this.sorted.get(Math.floor(Math.log2(bytes))) ?? [];
    const at = bin.findIndex((kept) =>
      kept.bytes === bytes && payloadOf(kept) % alignment === 0
    );
    return at < 0 ? undefined : bin.splice(at, 1)[0];
  }

  /** Visits every chunk, stacks from the shortest on, each from its newest. */
  each(visit: (arena: Arena, c: number, words: number) => void): void {
    for (let i = 0; i < this.bins; i++) {
      const first = i * this.depth;
      for (let at = first + this.held[i]! - 1; at >= first; at--) {
        const arena = this.process.arenas[this.owner[at]!]!;
        visit(arena, this.chunk[at]!, MIN_WORDS + (i << this.shift));
      }
    }
    for (const bin of this.sorted.values()) {
      for (const { arena, chunk } of bin) {
        if (arena) visit(arena, chunk, arena.image.wordsOf(chunk));
      }
    }
  }

  /** The payload of every mapping that it keeps. */
  *mappings(): Generator<Address> {
    for (const bin of this.sorted.values()) {
      for (const { arena, address } of bin) if (!arena) yield address;
    }
  }

  /** Forgets all chunks. */
  clear(): void {
    this.held.fill(0);
    this.sorted.clear();
  }
}

/** Payload of a chunk of a bin of several lengths. */
export function payloadOf({ arena, chunk, address }: Kept): Address {
  return arena ? arena.image.addressOf(chunk) : address;
}
