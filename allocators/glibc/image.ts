/**
 * The memory of an arena as an array: one Int32 per machine word, so that
 * chunks overlay their fields as the real ones do.
 *
 * `chunk.ts` says what lies where.
 *
 * The image is the concatenation of segments: stretches of the address space
 * that the arena got in one piece. All but the last are closed by fenceposts.
 *
 * Pages become resident where malloc writes: headers, links of binned chunks.
 * Simplified: links of cached chunks are not counted; they border a header.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import type { PageSource } from "../pages.ts";
import { Chunk } from "./chunk.ts";
import type { Geometry } from "./params.ts";

const { BELOW_IN_USE, LIVE, WORDS } = Chunk;

/** Words of the bins, ahead of the first segment. */
export const BIN_WORDS = 264;
/** Words that can be read or written past the last chunk. */
const SLACK = 8;
const FIRST_LENGTH = 1 << 18;
/** Chunks are indexes of 31 bits. */
const MAX_LENGTH = 2 ** 31;
/** Words that were never written cost nothing, copies do. */
const GROWTH = 8;

/** A contiguous piece of the address space. */
export interface Segment {
  /** Its first chunk. */
  readonly first: number;
  /** First byte that the system gave. */
  readonly start: Address;
  /** Address of a payload minus `word` times its chunk. */
  readonly delta: number;
  /** Whether it is a mapping instead of a piece below the break. */
  readonly mapped: boolean;
  /** First chunk that is a fencepost; valid once a later segment exists. */
  fence: number;
  /** Last chunk that is a fencepost; likewise. */
  lastFence: number;
  /** One past the last byte; valid once a later segment exists. */
  end: Address;
}

/** The words, and where they lie in the address space. */
export class Image {
  /** Bytes of a word. */
  declare readonly word: number;
  /** log2(word). */
  declare readonly wordShift: number;
  /** Words that chunk lengths are multiples of: 2 or 4. */
  declare readonly alignWords: number;
  /** The words, see above; valid below `top` plus its length. */
  field: Int32Array<ArrayBuffer> = new Int32Array(FIRST_LENGTH);
  /** The last chunk, which borders the end of the last segment; 0: none yet. */
  top = 0;
  /** Every segment, by `first`. */
  readonly segments: Segment[] = [];

  // Of the last segment; `older` holds the others by address.
  private first = 0;
  private delta = 0;
  private readonly older: Segment[] = [];
  declare private readonly perWord: number;
  declare private readonly lazy: boolean;

  declare readonly geometry: Geometry;
  declare private readonly source: PageSource;

  /** No segment yet; what is written is told to `source`. */
  constructor(
    geometry: Geometry,
    source: PageSource,
  ) {
    this.geometry = geometry;
    this.source = source;
    this.lazy = source.lazy;
    this.word = geometry.word;
    this.wordShift = Math.log2(geometry.word);
    this.alignWords = geometry.align / geometry.word;
    this.perWord = 1 / geometry.word;
  }

  /** Length of chunk `c` in words. */
  wordsOf(c: number): number {
    return this.field[c + 1]! & WORDS;
  }

  /** Whether the chunk that starts at `c` is live or cached; not for `top`. */
  inUse(c: number): boolean {
    return (this.field[c + this.wordsOf(c) + 1]! & BELOW_IN_USE) !== 0;
  }

  /** Address of the payload of chunk `c`. */
  addressOf(c: number): Address {
    if (c >= this.first) return c * this.word + this.delta;
    return c * this.word + this.segmentOf(c).delta;
  }

  /** Tells the source that malloc wrote `words` words from `c + from` on. */
  wrote(c: number, from: number, words: number): void {
    if (this.lazy) this.tell(c, from, words);
  }

  private tell(c: number, from: number, words: number): void {
    const address = this.addressOf(c) + (from - 2) * this.word;
    this.source.touch(address, words * this.word);
  }

  /** Makes `c`, of `words` words, the top. */
  setTop(c: number, words: number): void {
    this.top = c;
    this.field[c + 1] = words | BELOW_IN_USE;
    this.wrote(c, 1, 1);
  }

  /** Changes the length of `c` and nothing else in its header. */
  setLength(c: number, words: number): void {
    const { field } = this;
    field[c + 1] = field[c + 1]! & (LIVE | BELOW_IN_USE) | words;
  }

  /** The live chunk whose payload is at `address`; 0 if there is none. */
  chunkAt(address: Address): number {
    const c = ((address - this.delta) * this.perWord) | 0;
    if (
      c >= this.first && c < this.top && this.field[c + 1]! < 0 &&
      c * this.word + this.delta === address
    ) return c;
    return this.older.length > 0 ? this.olderChunkAt(address) : 0;
  }

  /** Address one past the top, {@linkcode NULL} before there is one. */
  get topEnd(): Address {
    if (this.top === 0) return NULL;
    return this.addressOf(this.top + this.wordsOf(this.top) - 2);
  }

  /**
   * Makes room for `words` words from chunk `c` on, or throws `RangeError`:
   * a typed array would swallow what is written past its end.
   */
  reserve(c: number, words: number): void {
    const need = c + words + SLACK;
    if (need <= this.field.length) return;
    const roomy = Math.min(MAX_LENGTH, GROWTH * this.field.length);
    const longer = wordsOrNone(Math.max(need, roomy)) ?? wordsOrNone(need);
    if (!longer) {
      throw new RangeError(`Cannot hold a heap of ${need * this.word} bytes`);
    }
    this.copyChunks(longer);
    this.field = longer;
  }

  /**
   * Opens a segment at `start` whose first chunk, the new top, is `words` long
   * and has its header at `aligned` >= `start`.
   */
  openSegment(
    start: Address,
    aligned: Address,
    words: number,
    mapped: boolean,
  ): void {
    const last = this.segments.at(-1);
    if (last) this.rememberOlder(last);
    const end = this.top === 0 ? BIN_WORDS : this.top + this.wordsOf(this.top);
    const first = Math.ceil(end / 4) * 4;
    this.reserve(first, words);
    const delta = aligned + 2 * this.word - first * this.word;
    this.segments.push({
      first,
      start,
      delta,
      mapped,
      fence: 0,
      lastFence: 0,
      end: NULL,
    });
    this.first = first;
    this.delta = delta;
    this.top = first;
    this.field[first + 1] = words | BELOW_IN_USE;
    this.wrote(first, 1, 1);
  }

  /** The last segment is gone; the one before it is open again. */
  dropSegment(): void {
    this.segments.pop();
    const last = this.segments.at(-1)!;
    this.older.splice(this.older.indexOf(last), 1);
    last.fence = last.lastFence = 0;
    this.first = last.first;
    this.delta = last.delta;
  }

  /** Copies what chunks use, not the payloads between: those stay untouched. */
  private copyChunks(to: Int32Array): void {
    const { field } = this;
    to.set(field.subarray(0, BIN_WORDS));
    for (const { first, fence, lastFence } of this.segments) {
      const end = fence === 0 ? this.top : fence;
      for (let c = first; c <= end;) {
        const words = field[c + 1]! & WORDS;
        const used = Math.min(words, 6);
        for (let i = c; i < c + used; i++) to[i] = field[i]!;
        c += words;
      }
      for (let i = fence; i < lastFence + 2; i++) to[i] = field[i]!;
    }
  }

  private rememberOlder(segment: Segment): void {
    let i = this.older.length;
    while (i > 0 && this.older[i - 1]!.start > segment.start) i--;
    this.older.splice(i, 0, segment);
  }

  /** The segment of chunk `c`: the last one with `first` <= c. */
  segmentOf(c: number): Segment {
    const { segments } = this;
    let low = 0;
    let high = segments.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (segments[middle]!.first <= c) low = middle;
      else high = middle;
    }
    return segments[low]!;
  }

  private olderChunkAt(address: Address): number {
    let low = 0;
    let high = this.older.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.older[middle]!.start <= address) low = middle;
      else high = middle;
    }
    const { first, fence, delta } = this.older[low]!;
    const c = (address - delta) / this.word;
    return Number.isInteger(c) && c >= first && c < fence &&
        this.field[c + 1]! < 0
      ? c
      : 0;
  }
}

/** Zeroed words; undefined where there is no room for them. */
function wordsOrNone(length: number): Int32Array<ArrayBuffer> | undefined {
  if (length > MAX_LENGTH) return undefined;
  try {
    return new Int32Array(length);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
