/**
 * What lies between the blocks of a program, now and then: cached, the
 * allocator's own, somebody else's, free.
 *
 * A look costs as much as the heap has blocks, so no more blocks are looked at
 * than half the operations and 500,000, spread over the trace; of too many looks
 * every second one is dropped. Live blocks are known exactly from elsewhere.
 *
 * Simplified: between two looks what the first one saw is taken to last, and
 * what was live then to be free once it is live no more.
 *
 * @module
 */
import type { Allocator, BlockKind } from "../../allocators/allocator.ts";
import type { Extents } from "./folds.ts";

/** Most looks that are kept. */
const LOOKS = 256;
/** Blocks looked at in all: so many, and so many for each operation. */
const BLOCKS = 500_000;
const BLOCKS_PER_OPERATION = 0.5;

/** What a pixel can show of what is not live, by code; 0: nothing. */
export const BETWEEN: readonly (BlockKind | "")[] = [
  "",
  "free",
  "foreign",
  "meta",
  "cached",
];

const FREE = BETWEEN.indexOf("free");
const CACHED = BETWEEN.indexOf("cached");

/** A look: pieces of memory in the order of `walk`, neighbours of a kind in one. */
interface Look {
  op: number;
  count: number;
  from: Float64Array<ArrayBuffer>;
  to: Float64Array<ArrayBuffer>;
  /** Index in {@linkcode BETWEEN}. */
  kind: Uint8Array<ArrayBuffer>;
}

/** Looks at a heap over time. */
export class Looks {
  private looks: Look[] = [];
  private wait = 0;
  /** Blocks looked at. */
  private spent = 0;
  private least: number;
  /** Blocks that may be looked at for each operation. */
  private readonly rate: number;
  private readonly extents: Extents;

  /** None yet, of a heap that serves `operations`; what is seen is told to `extents`. */
  constructor(operations: number, extents: Extents) {
    this.least = Math.ceil(operations / LOOKS);
    this.rate = BLOCKS_PER_OPERATION + BLOCKS / Math.max(1, operations);
    this.extents = extents;
  }

  /** Whether it is time, after `op` operations. */
  due(op: number): boolean {
    return op >= this.wait;
  }

  /** Looks at `heap` after `op` operations. */
  look(op: number, heap: Pick<Allocator, "walk">): void {
    let blocks = 0;
    let count = 0;
    const from: number[] = [];
    const to: number[] = [];
    const kinds: number[] = [];
    heap.walk((start, bytes, kind) => {
      blocks++;
      if (bytes === 0) return;
      const code = BETWEEN.indexOf(kind === "live" ? "free" : kind);
      this.extents.add(start, bytes);
      if (count > 0 && to[count - 1] === start && kinds[count - 1] === code) {
        to[count - 1] = start + bytes;
        return;
      }
      from.push(start);
      to.push(start + bytes);
      kinds.push(code);
      count++;
    });
    this.looks.push({
      op,
      count,
      from: Float64Array.from(from),
      to: Float64Array.from(to),
      kind: Uint8Array.from(kinds),
    });
    if (this.looks.length > LOOKS) {
      this.looks = this.looks.filter((_, i) => i % 2 === 0);
      this.least *= 2;
    }
    this.spent += blocks;
    this.wait = Math.max(op + this.least, (this.spent + blocks) / this.rate);
  }

  /** Replaces addresses by what `place` makes of them. */
  fold(place: (addresses: Float64Array) => void): void {
    for (const { from, to } of this.looks) {
      const lengths = to.map((end, i) => end - from[i]!);
      place(from);
      to.set(from.map((start, i) => start + lengths[i]!));
    }
  }

  /**
   * Codes of {@linkcode BETWEEN} for the pixels of a picture, row by row from
   * `y0` up. `ops[x]` = operations done at column x; a pixel is as high as
   * `step`. A pixel is of the kind that has most of it, where free counts only if
   * nothing is cached.
   */
  paint(
    ops: ArrayLike<number>,
    height: number,
    y0: number,
    step: number,
  ): Uint8Array<ArrayBuffer> {
    const width = ops.length;
    const pixels = new Uint8Array(width * height);
    let at = -1;
    let line = new Uint8Array(height);
    for (let x = 0; x < width; x++) {
      const before = at;
      while (
        at + 1 < this.looks.length && this.looks[at + 1]!.op <= ops[x]!
      ) at++;
      if (at < 0) continue;
      if (at !== before) line = lineOf(this.looks[at]!, height, y0, step);
      for (let y = 0; y < height; y++) pixels[y * width + x] = line[y]!;
    }
    return pixels;
  }
}

/** A column of pixels. */
function lineOf(
  { count, from, to, kind }: Look,
  height: number,
  y0: number,
  step: number,
): Uint8Array<ArrayBuffer> {
  const codes = BETWEEN.length;
  const shares = new Float64Array(height * codes);
  for (let i = 0; i < count; i++) {
    const low = Math.max(0, (from[i]! - y0) / step);
    const high = Math.min(height, (to[i]! - y0) / step);
    const code = kind[i]!;
    for (let y = Math.floor(low); y < high; y++) {
      shares[y * codes + code]! += Math.min(high, y + 1) - Math.max(low, y);
    }
  }
  const line = new Uint8Array(height);
  for (let y = 0; y < height; y++) {
    const of = (code: number) => shares[y * codes + code]!;
    let most = CACHED;
    for (let code = 1; code < codes; code++) {
      const counts = code !== FREE || of(CACHED) === 0;
      if (counts && of(code) > of(most)) most = code;
    }
    if (of(most) > 0) line[y] = most;
  }
  return line;
}
