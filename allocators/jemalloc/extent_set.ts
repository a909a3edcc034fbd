/**
 * The free extents of an arena that are in one state: a heap per class of
 * length, so that the oldest and lowest one that is long enough is found.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import { PAGE_CLASS, PAGE_CLASSES, pageClass, safeBin } from "./classes.ts";
import { type Extents, NONE, State } from "./extents.ts";
import type { Memory } from "./memory.ts";
import { PairingHeaps } from "./pairing_heaps.ts";

/** Which of an arena's free extents. */
export interface SetOptions {
  /** Number of the arena. */
  arena: number;
  /** What its extents are. */
  state: typeof State.DIRTY | typeof State.RETAINED;
  /** An extent serves requests of no less than its bin over this; Infinity: any. */
  ratio: number;
  /** As in 5.3.1: a few extents of a bin whose others are too short are tried. */
  late: boolean;
}

/** A set of free extents. */
export class ExtentSet {
  /** Bytes of all. */
  bytes = 0;
  /** A heap for each class of extents. */
  readonly bins: PairingHeaps;
  private readonly extents: Extents;

  /** Empty. */
  constructor(private readonly memory: Memory, readonly options: SetOptions) {
    this.extents = memory.extents;
    this.bins = new PairingHeaps(memory.extents, PAGE_CLASSES, options.late);
  }

  /** Puts the active extent `e` in. */
  insert(e: number): void {
    const { extents, options } = this;
    const bytes = extents.bytes[e]!;
    extents.state[e] = options.state;
    this.bins.insert(pageClass(bytes), e);
    if (options.state === State.DIRTY) extents.ages.append(options.arena, e);
    this.bytes += bytes;
    this.memory.free.add(bytes);
  }

  /** Takes `e` out; it is active then. */
  remove(e: number): void {
    const { extents, options } = this;
    const bytes = extents.bytes[e]!;
    extents.state[e] = State.ACTIVE;
    const bin = pageClass(bytes);
    const isFirst = this.bins.root[bin] === e;
    this.bins.remove(bin, e);
    if (isFirst) this.bins.settle(bin); // the next one is looked at
    if (options.state === State.DIRTY) extents.ages.remove(options.arena, e);
    this.bytes -= bytes;
    this.memory.free.remove(bytes);
  }

  /** The extent to serve `bytes` at a multiple of `alignment`; {@linkcode NONE}. */
  fit(bytes: number, alignment: number): number {
    const most = bytes + alignment - PAGE;
    const first = this.firstFit(most);
    if (first !== NONE || alignment <= PAGE) return first;
    return this.alignedFit(bytes, most, alignment);
  }

  /** The least key of an extent of at least `bytes`. */
  private firstFit(bytes: number): number {
    const { extents, bins, options: { ratio, late } } = this;
    const { root } = bins;
    const safe = safeBin(bytes);
    let best = NONE;
    if (late && pageClass(bytes) !== safe) {
      const seen = bins.walk(pageClass(bytes));
      for (let i = 0; i < seen; i++) {
        const e = bins.walked[i]!;
        if (extents.bytes[e]! < bytes) continue;
        if (best === NONE || extents.precedes(e, best)) best = e;
      }
    }
    for (let i = safe; i < PAGE_CLASSES; i++) {
      const e = root[i]!;
      if (e === NONE) continue;
      if (Math.floor(PAGE_CLASS[i]! / ratio) > bytes) break;
      if (best === NONE || extents.precedes(e, best)) {
        bins.settle(i);
        best = e;
      }
    }
    return best;
  }

  /** An extent shorter than any alignment could need that happens to lie well. */
  private alignedFit(bytes: number, most: number, alignment: number): number {
    const { bins, options: { late } } = this;
    const safe = safeBin(bytes);
    if (late && pageClass(bytes) !== safe) {
      const seen = bins.walk(pageClass(bytes));
      for (let i = 0; i < seen; i++) {
        if (this.holds(bins.walked[i]!, bytes, alignment)) {
          return bins.walked[i]!;
        }
      }
    }
    for (let i = safe, end = safeBin(most); i < end; i++) {
      const e = bins.root[i]!;
      if (e === NONE) continue;
      bins.settle(i);
      if (this.holds(e, bytes, alignment)) return e;
    }
    return NONE;
  }

  /** Whether `bytes` bytes at a multiple of `alignment` lie in `e`. */
  private holds(e: number, bytes: number, alignment: number): boolean {
    const { start, bytes: length } = this.extents;
    const from = Math.ceil(start[e]! / alignment) * alignment;
    return from + bytes <= start[e]! + length[e]!;
  }
}
