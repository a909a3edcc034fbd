/**
 * Slabs: extents cut into blocks of one small class.
 *
 * Blocks come from the current slab of a class, the lowest first; when it is
 * used up, from the first slab of a heap of those with a free block (the oldest
 * and lowest one, nearly always), else from a new one. A slab goes when its last
 * block is freed.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { REGIONS, SLAB_BYTES, SMALL, SMALL_CLASSES } from "./classes.ts";
import { MAP_WORDS, MOST_REGIONS, NONE } from "./extents.ts";
import type { Memory } from "./memory.ts";
import { PairingHeaps } from "./pairing_heaps.ts";
import { Path } from "./path.ts";

/** The slabs of one arena; each operation is O(log slabs). */
export class Slabs {
  /** The slab of each class that blocks are taken from; {@linkcode NONE}. */
  readonly current: Int32Array = new Int32Array(SMALL_CLASSES);
  /** Other slabs with a free block, by class; full ones are in no heap. */
  readonly nonfull: PairingHeaps;
  /** Free blocks, by class. */
  readonly free: Float64Array = new Float64Array(SMALL_CLASSES);

  /** None yet; `late` as in 5.3.1. */
  constructor(
    private readonly memory: Memory,
    private readonly arena: Arena,
    late: boolean,
  ) {
    this.nonfull = new PairingHeaps(memory.extents, SMALL_CLASSES, late);
  }

  /** Makes a slab of class `c` with a free block the current one; {@linkcode NONE}. */
  next(c: number): number {
    const { current, nonfull, memory: { extents } } = this;
    let slab = current[c]!;
    if (slab !== NONE && extents.free[slab]! > 0) return slab;
    slab = nonfull.removeFirst(c);
    if (slab === NONE) slab = this.make(c);
    current[c] = slab;
    return slab;
  }

  /** The slab of class `c` that is used next, if there is one; {@linkcode NONE}. */
  preferred(c: number): number {
    const slab = this.current[c]!;
    return slab === NONE ? this.nonfull.settle(c) : slab;
  }

  /** The lowest free block of `slab`, of class `c`, as slab x {@linkcode MOST_REGIONS} + number. */
  takeBlock(c: number, slab: number): number {
    const { extents, free } = this.memory;
    const { map } = extents;
    let word = slab * MAP_WORDS;
    while (map[word] === 0) word++;
    const bits = map[word]!;
    map[word] = bits & (bits - 1);
    extents.free[slab]!--;
    this.free[c]!--;
    free.remove(SMALL[c]!);
    const region = 32 * (word - slab * MAP_WORDS) + 31 -
      Math.clz32(bits & -bits);
    return slab * MOST_REGIONS + region;
  }

  /** Marks a block of class `c` as free; whether its slab has to be given up then. */
  freeBlock(c: number, block: number): boolean {
    const { current, nonfull, memory: { extents, free } } = this;
    const slab = Math.floor(block / MOST_REGIONS);
    const region = block % MOST_REGIONS;
    extents.map[slab * MAP_WORDS + (region >> 5)]! |= 1 << (region & 31);
    const count = ++extents.free[slab]!;
    this.free[c]!++;
    free.add(SMALL[c]!);
    if (count === REGIONS[c]!) {
      if (current[c] === slab) current[c] = NONE;
      else if (count > 1) nonfull.remove(c, slab);
      return true;
    }
    if (count === 1 && current[c] !== slab) this.lower(c, slab);
    return false;
  }

  /** Gives up a slab of class `c` without live or cached blocks. */
  dissolve(c: number, slab: number): void {
    const { memory, arena } = this;
    memory.path |= Path.SLAB_GONE;
    for (let i = 0; i < REGIONS[c]!; i++) memory.free.remove(SMALL[c]!);
    this.free[c]! -= REGIONS[c]!;
    arena.give(slab);
  }

  /** A slab that was full has a free block: it is current if it lies lower. */
  private lower(c: number, slab: number): void {
    const { current, nonfull, memory: { extents } } = this;
    const old = current[c]!;
    if (old === NONE || !extents.precedes(slab, old)) {
      nonfull.insert(c, slab);
      return;
    }
    current[c] = slab;
    if (extents.free[old]! > 0) nonfull.insert(c, old);
  }

  private make(c: number): number {
    const { memory, arena } = this;
    const slab = arena.take(SLAB_BYTES[c]!, PAGE);
    if (slab === NONE) return NONE;
    memory.path |= Path.NEW_SLAB;
    const { extents } = memory;
    const regions = REGIONS[c]!;
    extents.holds[slab] = c;
    extents.free[slab] = regions;
    const word = slab * MAP_WORDS;
    for (let i = 0; i < MAP_WORDS; i++) {
      const bits = Math.min(Math.max(regions - 32 * i, 0), 32);
      extents.map[word + i] = 2 ** bits - 1;
    }
    for (let i = 0; i < regions; i++) memory.free.add(SMALL[c]!);
    this.free[c]! += regions;
    return slab;
  }
}
