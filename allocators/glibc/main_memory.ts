/**
 * Where main's memory comes from: mappings for long requests, else the break,
 * else a mapping in place of the break.
 *
 * If the memory does not continue the top (somebody else moved the break, or
 * it is a mapping), a new segment begins: the old top is closed by two
 * fenceposts and what is left of it is freed.
 *
 * Simplified: situations in which the real library aborts the process throw
 * `RangeError`.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import { PAGE, pageUp } from "../pages.ts";
import type { Arena, Memory } from "./arena.ts";
import { Chunk } from "./chunk.ts";
import type { Image } from "./image.ts";
import { Path } from "./path.ts";
import type { Process } from "./process.ts";

const { BELOW_IN_USE, MIN_WORDS, MAPPED } = Chunk;
const { BRK, BRK_BY_MMAP, MMAP, TRIMMED } = Path;

/** Least length of a mapping in place of the break, or what it is rounded to. */
const FALLBACK_UNIT = 2 ** 20;

/** The break, as far as it is main's. */
export class MainMemory implements Memory {
  systemBytes = 0;
  fixedBytes = 0;
  foreignBytes = 0;
  private contiguous = true;
  declare private readonly process: Process;
  declare private readonly image: Image;
  declare private readonly word: number;

  declare private readonly arena: Arena;

  /** No memory yet. */
  constructor(arena: Arena) {
    this.arena = arena;
    this.process = arena.process;
    this.image = arena.image;
    this.word = arena.process.word;
  }

  serve(words: number): number {
    const { mappings } = this.process;
    const bytes = words * this.word;
    if (mappings.serves(bytes) && mappings.map(bytes)) {
      this.process.path |= MMAP;
      return MAPPED;
    }
    return this.grow(bytes) ? this.arena.takeTop(words) : 0;
  }

  afterFree(): void {
    const { trimThreshold, topPad } = this.process.settings;
    if (this.topBytes >= trimThreshold) this.trim(topPad);
  }

  /**
   * Lowers the break so that the top keeps `pad` bytes and a little more.
   * With a top of minimal length it raises it instead, as the real one does.
   */
  trim(pad: number): void {
    const { process, image } = this;
    const { source, settings: { growthUnit } } = process;
    const { top } = image;
    const topBytes = this.topBytes;
    const available = topBytes - MIN_WORDS * this.word - 1;
    if (process.unsigned(available) <= process.unsigned(pad)) return;
    const release = Math.floor((available - pad) / growthUnit) * growthUnit;
    if (top === 0 || release === 0) return;
    if (source.sbrk(0) !== image.topEnd) return;
    if (release < 0) image.reserve(top, (topBytes - release) / this.word);
    if (source.sbrk(-release) === NULL) return;
    process.path |= TRIMMED;
    this.systemBytes -= release;
    this.process.segmentBytes -= release;
    image.setTop(top, (topBytes - release) / this.word);
  }

  get dirtyEnd(): Address {
    return this.image.topEnd;
  }

  private get topBytes(): number {
    return this.image.wordsOf(this.image.top) * this.word;
  }

  /** Makes the top long enough for `bytes`, or fails. */
  private grow(bytes: number): boolean {
    const { image, process } = this;
    const { source } = process;
    const { top } = image;
    const oldEnd = image.topEnd;
    const oldBytes = this.topBytes;
    if (top !== 0 && oldEnd % PAGE !== 0) {
      throw aborts("the heap does not end on a page");
    }
    let size = this.growth(bytes, oldBytes);
    let start = size > 0 ? source.sbrk(size) : NULL;
    let mapped = false;
    if (start !== NULL) {
      process.path |= BRK;
    } else {
      size = this.fallbackLength(bytes, size, oldBytes);
      const enough = size > bytes || process.version.fallback === "request";
      start = enough ? source.mmap(size) : NULL;
      if (start === NULL) return false;
      process.path |= BRK_BY_MMAP;
      this.contiguous = false;
      mapped = true;
    }
    this.systemBytes += size;
    if (start === oldEnd && !mapped) {
      image.reserve(top, (oldBytes + size) / this.word);
      this.process.segmentBytes += size;
      image.setTop(top, (oldBytes + size) / this.word);
    } else {
      this.beginSegment(start, size, mapped);
    }
    return true;
  }

  /** Bytes to move the break by, as a signed number. */
  private growth(bytes: number, oldBytes: number): number {
    const { process } = this;
    const { topPad, growthUnit } = process.settings;
    const need = bytes + topPad + MIN_WORDS * this.word;
    const size = pageUp(this.contiguous ? need - oldBytes : need);
    if (growthUnit === PAGE) return process.signed(size);
    const end = process.source.sbrk(0) + size;
    return process.signed(
      size + Math.ceil(end / growthUnit) * growthUnit - end,
    );
  }

  /** Length of the mapping to ask for where the break refused `size`. */
  private fallbackLength(
    bytes: number,
    size: number,
    oldBytes: number,
  ): number {
    const { process } = this;
    switch (process.version.fallback) {
      case "whole MiB": {
        let length = size;
        if (this.contiguous) {
          length = Math.ceil((size + oldBytes) / FALLBACK_UNIT) * FALLBACK_UNIT;
        }
        return Math.max(PAGE, process.unsigned(length));
      }
      case "need": {
        const length = this.contiguous ? pageUp(size + oldBytes) : size;
        return Math.max(FALLBACK_UNIT, process.unsigned(length));
      }
      case "request": {
        const { topPad } = process.settings;
        const length = pageUp(bytes + topPad + MIN_WORDS * this.word);
        return Math.max(FALLBACK_UNIT, process.unsigned(length));
      }
    }
  }

  private beginSegment(start: Address, size: number, mapped: boolean): void {
    const { word, image, arena, process } = this;
    const { source, geometry: { align } } = process;
    const { top } = image;
    const oldBytes = this.topBytes;
    const oldEnd = image.topEnd;
    const misaligned = (start + 2 * word) % align;
    const aligned = misaligned > 0 ? start + align - misaligned : start;
    let end = start + size;
    if (this.contiguous) {
      if (top !== 0) {
        if (start < oldEnd) throw aborts("the break fell below the heap's end");
        this.systemBytes += start - oldEnd;
      }
      const least = end + aligned - start + oldBytes;
      const correction = pageUp(least) - end;
      if (source.sbrk(correction) === NULL) {
        end = source.sbrk(0);
      } else {
        end += correction;
        this.systemBytes += correction;
      }
    } else if (!mapped) {
      if (misaligned > 0 && align === 2 * word) {
        throw aborts("the break is not aligned");
      }
      end = source.sbrk(0);
    }
    const below = image.segments.findLast((segment) => !segment.mapped);
    if (!mapped && below) {
      const belowEnd = below === image.segments.at(-1) ? oldEnd : below.end;
      this.foreignBytes += start - belowEnd;
    }
    const remainder = image.addressOf(arena.lastRemainder);
    const words = Math.floor((end - aligned) / (2 * word)) * 2;
    image.openSegment(start, aligned, words, mapped);
    arena.lastRemainder = this.indexAt(remainder) ?? arena.lastRemainder;
    this.process.segmentBytes += aligned - start + words * word;
    this.fixedBytes += aligned - start + word;
    if (top !== 0) this.close(top, oldBytes / word, oldEnd);
  }

  /** Puts fenceposts at the end of the old top and frees what is left. */
  private close(c: number, words: number, end: Address): void {
    const { image } = this;
    const { field } = image;
    const rest = (words - 4) & -image.alignWords;
    field[c + 1] = rest | BELOW_IN_USE;
    field[c + rest + 1] = 2 | BELOW_IN_USE;
    field[c + rest + 3] = 2 | BELOW_IN_USE;
    const freed = rest >= MIN_WORDS;
    image.wrote(c, words - 4, 4);
    const segment = image.segments.at(-2)!;
    segment.fence = freed ? c + rest : c;
    segment.lastFence = c + rest + 2;
    segment.end = end;
    this.fixedBytes += (words - 1 - (freed ? rest : 0)) * this.word;
    if (freed) this.arena.releaseOwn(c, rest);
  }

  /** Where a chunk with payload at `address` would be in the last segment. */
  private indexAt(address: Address): number | undefined {
    const { first, delta } = this.image.segments.at(-1)!;
    const c = (address - delta) / this.word;
    return Number.isInteger(c) && c >= first ? c : undefined;
  }
}

function aborts(reason: string): RangeError {
  return new RangeError(`The real malloc aborts here: ${reason}`);
}
