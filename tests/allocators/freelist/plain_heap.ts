/**
 * The sequential fits and TLSF once more, written as plainly as they read:
 * holes in an array by address, every search a loop over all of them.
 *
 * @module
 */

/** The holes of a heap, lowest first; entry i of each array is hole i. */
export interface Holes {
  start: number[];
  bytes: number[];
  /** When the hole got its present extent. */
  since: number[];
}

/** Index of the hole that a request for `need` bytes gets; -1 if none. */
export type Choice = (holes: Holes, need: number, rover: number) => number;

/** Index of the first hole from `from` on with `bytes` >= need; -1 if none. */
function firstFrom({ bytes }: Holes, from: number, need: number): number {
  for (let i = from; i < bytes.length; i++) if (bytes[i]! >= need) return i;
  return -1;
}

/** Width of the bin of a length in units: 32 bins per doubling. */
function binWidth(units: number): number {
  return units < 32 ? 1 : 2 ** Math.floor(Math.log2(units)) / 32;
}

/** Up to the next length, in units, at which a bin begins. */
export function roundUp(units: number): number {
  return Math.ceil(units / binWidth(units)) * binWidth(units);
}

/** Down to the length, in units, at which the bin begins. */
function roundDown(units: number): number {
  return Math.floor(units / binWidth(units)) * binWidth(units);
}

/** The rules, by name. */
export const CHOICES: Record<string, Choice> = {
  first_fit: (holes, need) => firstFrom(holes, 0, need),
  best_fit({ bytes }, need) {
    let best = -1;
    for (let i = 0; i < bytes.length; i++) {
      const fits = bytes[i]! >= need;
      if (fits && (best < 0 || bytes[i]! < bytes[best]!)) best = i;
    }
    return best;
  },
  next_fit(holes, need, rover) {
    const from = holes.start.findIndex((start) => start >= rover);
    const ahead = from < 0 ? -1 : firstFrom(holes, from, need);
    return ahead >= 0 ? ahead : firstFrom(holes, 0, need);
  },
  worst_fit({ bytes }, need) {
    let worst = 0;
    for (let i = 1; i < bytes.length; i++) {
      if (bytes[i]! > bytes[worst]!) worst = i;
    }
    return bytes.length > 0 && bytes[worst]! >= need ? worst : -1;
  },
};

/** The latest hole of the lowest bin at or above that of `need`, in units of `align`. */
export function goodFit(align: number): Choice {
  return ({ bytes, since }, need) => {
    let good = -1;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i]! < need) continue;
      const order = good < 0
        ? -1
        : roundDown(bytes[i]! / align) - roundDown(bytes[good]! / align);
      if (order < 0 || (order === 0 && since[i]! > since[good]!)) good = i;
    }
    return good;
  };
}

/** A heap that only mallocs and frees, and searches everything. */
export class PlainHeap {
  /** The holes, lowest first. */
  readonly holes: Holes = { start: [], bytes: [], since: [] };
  /** Where the last live block ends. */
  top: number;
  /** Requests that left a remainder. */
  splits = 0;
  #rover = 0;
  #clock = 0;
  readonly #live = new Map<number, { start: number; bytes: number }>();
  readonly #base: number;

  /** An arena of `arena` bytes from 0 on; 0: it grows. */
  constructor(
    readonly options: {
      header: number;
      align: number;
      min: number;
      arena: number;
    },
    readonly choose: Choice,
    readonly round: (bytes: number) => number = (bytes) => bytes,
  ) {
    const { header, align } = options;
    this.#base = (align - header % align) % align;
    this.top = this.#base;
  }

  /** The address of a block, -1 if there is no room. */
  malloc(size: number): number {
    const { header, align, min, arena } = this.options;
    const units = Math.ceil((Math.max(size, 1) + header) / align);
    const need = this.round(Math.max(min, units * align));
    const { start, bytes } = this.holes;
    const i = this.choose(this.holes, need, this.#rover);
    let at = this.top;
    let got = need;
    if (i < 0) {
      if (arena > 0 && this.top + need > arena) return -1;
      this.top += need;
    } else {
      at = start[i]!;
      const rest = bytes[i]! - need;
      if (rest >= min) {
        this.#set(i, 1, at + need, rest);
        this.splits++;
      } else {
        got = bytes[i]!;
        this.#set(i, 1);
      }
    }
    this.#rover = at + got;
    this.#live.set(at + header, { start: at, bytes: got });
    return at + header;
  }

  /** Takes a block back. */
  free(address: number): void {
    const block = this.#live.get(address)!;
    this.#live.delete(address);
    const { start, bytes } = this.holes;
    let i = start.findIndex((s) => s > block.start);
    if (i < 0) i = start.length;
    let from = block.start;
    let end = from + block.bytes;
    let joined = 0;
    if (i < start.length && start[i] === end) {
      end += bytes[i]!;
      joined++;
    }
    if (i > 0 && start[i - 1]! + bytes[i - 1]! === from) {
      i--;
      from = start[i]!;
      joined++;
    }
    if (end === this.top) {
      this.top = from;
      this.#set(i, joined);
    } else this.#set(i, joined, from, end - from);
  }

  /** Replaces `count` holes from `i` on by one, or by none. */
  #set(i: number, count: number, start?: number, bytes?: number): void {
    const { holes } = this;
    const put = (list: number[], value?: number) =>
      value === undefined
        ? list.splice(i, count)
        : list.splice(i, count, value);
    put(holes.start, start);
    put(holes.bytes, bytes);
    put(holes.since, start === undefined ? undefined : ++this.#clock);
  }
}
