/**
 * An arena: where extents come from and go to.
 *
 * Freed extents are dirty: their pages are still resident, and they are used
 * first. Purged ones, and the rests of new mappings, are retained: address
 * space without pages. Nothing is ever unmapped.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import { PAGE } from "../pages.ts";
import { HUGE_MIN, PAGE_CLASS, PAGE_CLASSES, pageClass } from "./classes.ts";
import { ExtentSet } from "./extent_set.ts";
import { NONE, State } from "./extents.ts";
import type { Memory } from "./memory.ts";
import { Path } from "./path.ts";

/** Freed extents from here on are merged with their neighbours at once. */
const MERGED_FROM = 16_384;
/** Times its length that an extent may grow by merging (5.3.1). */
const MERGED_TO = 64;
/** A dirty extent serves requests of its length over this, or more. */
const RATIO = 64;
/** Huge pages: where the series of mappings starts, and what 5.3.1 rounds to. */
const HUGE_PAGE = 2 * 2 ** 20;

/** What distinguishes arenas. */
export interface ArenaOptions {
  /** 0, or 1 for what is huge. */
  number: number;
  /** Whether the rules of 5.3.1 hold. */
  late: boolean;
  /** Whether dirty pages go back to the system. */
  decays: boolean;
}

/** An arena; each operation is O(classes + log n). */
export class Arena {
  readonly dirty: ExtentSet;
  readonly retained: ExtentSet;
  // The next mapping has this serial number, and at least this class.
  private serial = 0;
  private growth = pageClass(HUGE_PAGE);

  /** Without memory yet. */
  constructor(
    private readonly memory: Memory,
    private readonly options: ArenaOptions,
  ) {
    const common = { arena: options.number, late: options.late };
    this.dirty = new ExtentSet(memory, {
      ...common,
      state: State.DIRTY,
      ratio: RATIO,
    });
    this.retained = new ExtentSet(memory, {
      ...common,
      state: State.RETAINED,
      ratio: Infinity,
    });
  }

  /**
   * An active extent of `bytes`, whole pages, at a multiple of `alignment`, at
   * least a page; {@linkcode NONE} if the system refuses.
   */
  take(bytes: number, alignment: number): number {
    const { memory, dirty } = this;
    const found = dirty.fit(bytes, alignment);
    if (found !== NONE) {
      memory.path |= Path.DIRTY;
      return this.carve(dirty, found, bytes, alignment);
    }
    const rounded = this.options.late ? roundedUp(bytes) : bytes;
    const e = this.takeClean(rounded, alignment);
    if (e !== NONE && rounded > bytes) {
      this.soil(memory.extents.split(e, bytes));
    }
    return e;
  }

  /** Takes an active extent back. */
  give(e: number): void {
    this.memory.path |= Path.FREED;
    this.soil(e);
    this.purgeHuge();
  }

  /** The arena of huge blocks keeps no dirty extent for long. */
  purgeHuge(): void {
    const { number, decays } = this.options;
    if (number > 0 && decays) this.purgeTo(0);
  }

  /** An active extent becomes dirty, or loses its pages at once if it is long. */
  private soil(e: number): void {
    const { memory, dirty, options } = this;
    const { bytes } = memory.extents;
    if (bytes[e]! >= MERGED_FROM) {
      e = this.merge(dirty, e, options.late ? MERGED_TO * bytes[e]! : Infinity);
    }
    if (options.decays && bytes[e]! >= HUGE_MIN) this.purge(e);
    else dirty.insert(e);
  }

  /** Cuts the active extent `e` down to `bytes`. */
  shrink(e: number, bytes: number): void {
    this.memory.counters.splits++;
    this.give(this.memory.extents.split(e, bytes));
  }

  /** Lets the active extent `e` grow to `bytes` if what lies behind it is free. */
  expand(e: number, bytes: number): boolean {
    const { extents, path } = this.memory;
    const more = bytes - extents.bytes[e]!;
    const above = extents.above[e]!;
    if (above === NONE || extents.bytes[above]! < more) return false;
    const state = extents.state[above]!;
    if (state === State.ACTIVE) return false;
    const set = state === State.DIRTY ? this.dirty : this.retained;
    this.memory.path = path |
      (state === State.DIRTY ? Path.DIRTY : Path.RETAINED);
    extents.join(e, this.carve(set, above, more, PAGE));
    return true;
  }

  /** Purges dirty extents, the oldest first, until at most `limit` bytes are left. */
  purgeTo(limit: number): void {
    const { dirty, memory: { extents }, options } = this;
    const aside: number[] = [];
    while (dirty.bytes > limit) {
      const e = extents.ages.first(options.number);
      dirty.remove(e);
      const merged = this.mergeOnce(dirty, e, Infinity);
      if (merged === NONE) aside.push(e);
      else dirty.insert(merged);
    }
    for (const e of aside) this.purge(e);
  }

  /** Gives the pages of the active extent `e` back; it becomes retained. */
  private purge(e: number): void {
    const { memory } = this;
    memory.path |= Path.PURGED;
    memory.source.discard(memory.extents.start[e]!, memory.extents.bytes[e]!);
    this.retain(e);
  }

  private retain(e: number): void {
    this.retained.insert(this.merge(this.retained, e, Infinity));
  }

  /** An extent without pages: of those retained, else of a new mapping. */
  private takeClean(bytes: number, alignment: number): number {
    const { memory, retained, options } = this;
    const found = retained.fit(bytes, alignment);
    if (found !== NONE) {
      memory.path |= Path.RETAINED;
      return this.carve(retained, found, bytes, alignment);
    }
    const i = Math.max(this.growth, pageClass(bytes + alignment - PAGE));
    if (i >= PAGE_CLASSES) return NONE;
    const { extents } = memory;
    const { number } = options;
    const e = extents.announce(number);
    const start = memory.map(PAGE_CLASS[i]!);
    if (start === NULL) {
      extents.withdraw(e, number);
      return NONE;
    }
    memory.path |= Path.MAPPED;
    extents.mapped(e, start, PAGE_CLASS[i]!, this.serial, number);
    this.serial++;
    this.growth = i + 1;
    return this.cut(e, bytes, alignment, (rest) => this.retain(rest));
  }

  /** Takes `e` out of `set`; what is too much of it goes back there. */
  private carve(
    set: ExtentSet,
    e: number,
    bytes: number,
    alignment: number,
  ): number {
    set.remove(e);
    return this.cut(e, bytes, alignment, (rest) => set.insert(rest));
  }

  /** The part of `e` that was wanted; the rests below and above are `spare`. */
  private cut(
    e: number,
    bytes: number,
    alignment: number,
    spare: (rest: number) => void,
  ): number {
    const { extents, counters } = this.memory;
    const start = extents.start[e]!;
    const lead = Math.ceil(start / alignment) * alignment - start;
    const wanted = lead > 0 ? extents.split(e, lead) : e;
    const tail = extents.bytes[wanted]! > bytes
      ? extents.split(wanted, bytes)
      : NONE;
    if (lead > 0) spare(e);
    if (tail !== NONE) spare(tail);
    counters.splits += (lead > 0 ? 1 : 0) + (tail !== NONE ? 1 : 0);
    return wanted;
  }

  /** Merges `e` with neighbours in `set` while they have at most `most` bytes together. */
  private merge(set: ExtentSet, e: number, most: number): number {
    for (let merged = e; merged !== NONE;) {
      e = merged;
      merged = this.mergeOnce(set, e, most);
    }
    return e;
  }

  /** As {@linkcode merge} with one neighbour, rather the upper; {@linkcode NONE} if there is none. */
  private mergeOnce(set: ExtentSet, e: number, most: number): number {
    const { extents, counters } = this.memory;
    const { above, below, bytes, state } = extents;
    const upper = above[e]!;
    const lower = below[e]!;
    const fits = (other: number) =>
      other !== NONE && state[other] === set.options.state &&
      bytes[e]! + bytes[other]! <= most;
    const other = fits(upper) ? upper : fits(lower) ? lower : NONE;
    if (other === NONE) return NONE;
    set.remove(other);
    this.memory.path |= Path.MERGED;
    counters.coalesces++;
    if (other === upper) {
      extents.join(e, upper);
      return e;
    }
    extents.join(lower, e);
    return lower;
  }
}

/** What 5.3.1 takes of clean memory for `bytes`: a class, or whole huge pages. */
function roundedUp(bytes: number): number {
  return Math.min(
    PAGE_CLASS[pageClass(bytes)]!,
    Math.ceil(bytes / HUGE_PAGE) * HUGE_PAGE,
  );
}
