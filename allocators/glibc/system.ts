/**
 * Where the heap gets memory from: mappings for long requests, else the break,
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
import { Freeing } from "./free.ts";
import { BELOW_IN_USE } from "./image.ts";
import { MIN_WORDS } from "./params.ts";
import { Path } from "./path.ts";

/** What a mapping in place of the break is rounded to while contiguous. */
const FALLBACK_UNIT = 2 ** 20;
/** In the header of a mapped chunk; thresholds are compared with the header. */
const MAPPED_FLAG = 2;
/** What `mapChunk` and `allocate` return for a mapping; see `mappedAt`. */
export const MAPPED = -1;

/** Growth of the heap, and chunks that are mappings of their own. */
export class System extends Freeing {
  /** Length of each live mapping in bytes, by address of its payload. */
  protected readonly mappings: Map<Address, number> = new Map();
  /** Bytes of a mapping before its chunk, where they are not `frontBytes`. */
  protected readonly leads: Map<Address, number> = new Map();
  /** Payload of the last chunk that was mapped. */
  protected mappedAt: Address = NULL;
  /** Bytes of all live mappings. */
  protected mappedBytes = 0;
  /** Bytes before a mapped chunk: what aligns its payload. */
  protected readonly frontBytes: number = this.word === 4 &&
      this.alignWords === 4
    ? 8
    : 0;
  /** Bytes of `segmentBytes` that will never be part of a chunk. */
  protected fixedBytes = 0;
  /** Bytes between the segments below the break. */
  protected foreignBytes = 0;

  private contiguous = true;
  // A chunk is as long as its request, padded and rounded down by the mask.
  private readonly padding: number = this.geometry.word + this.geometry.align -
    1;
  private readonly mask: number = -this.geometry.align;

  /** Words of the chunk for `request` payload bytes; 0 if that is too much. */
  protected chunkWords(request: number): number {
    if (request < 2 ** 30) {
      const words = (request + this.padding & this.mask) >> this.wordShift;
      return words < MIN_WORDS ? MIN_WORDS : words;
    }
    const { word, align } = this.geometry;
    if (request >= 2 ** (8 * word - 1)) return 0;
    const padded = request + this.padding;
    return Math.floor(padded / align) * this.alignWords;
  }

  /** Serves a chunk of `bytes` by a mapping: {@linkcode MAPPED}, 0 on failure. */
  private mapChunk(bytes: number): number {
    const { word, align } = this.geometry;
    const extra = word * 2 === align ? word : word + align - 1;
    const length = pageUp(bytes + extra);
    const start = this.source.mmap(length);
    if (start === NULL) return 0;
    this.path |= Path.MMAP;
    this.mappedAt = start + this.frontBytes + 2 * word;
    this.recordMapping(this.mappedAt, length, this.frontBytes);
    this.mappedBytes += length;
    return MAPPED;
  }

  /** Bytes before the chunk of the mapping with payload at `address`. */
  protected leadOf(address: Address): number {
    return this.leads.get(address) ?? this.frontBytes;
  }

  /** Notes a mapping of `length` bytes, with `lead` bytes before its chunk. */
  protected recordMapping(
    address: Address,
    length: number,
    lead: number,
  ): void {
    this.mappings.set(address, length);
    if (lead !== this.frontBytes) this.leads.set(address, lead);
    if (this.source.lazy) {
      this.source.touch(address - 2 * this.word, 2 * this.word);
    }
  }

  /** Frees the mapping whose payload is at `address`. */
  protected unmapChunk(address: Address): void {
    const length = this.mappings.get(address)!;
    const lead = this.leadOf(address);
    const { settings } = this;
    const bytes = length - lead;
    const header = bytes + MAPPED_FLAG;
    if (
      settings.dynamic && header > settings.mmapThreshold &&
      header <= this.geometry.thresholdCeiling
    ) {
      settings.raiseThreshold(bytes);
      this.path |= Path.THRESHOLD;
    }
    this.dropMapping(address, length, lead);
  }

  /** Gives a mapping back. */
  protected dropMapping(address: Address, length: number, lead: number): void {
    this.mappings.delete(address);
    this.leads.delete(address);
    this.mappedBytes -= length;
    this.source.munmap(address - 2 * this.word - lead, length);
    this.path |= Path.MUNMAP;
  }

  /**
   * Serves a chunk of `words` for which the top is too short. Returns the
   * chunk, {@linkcode MAPPED}, or 0.
   */
  protected fromSystem(words: number): number {
    const { mmapThreshold, mmapMax } = this.settings;
    const bytes = words * this.word;
    if (bytes >= mmapThreshold && this.mappings.size < mmapMax) {
      const mapped = this.mapChunk(bytes);
      if (mapped !== 0) return mapped;
    }
    if (!this.grow(bytes)) return 0;
    return this.takeTop(words);
  }

  /** Cuts a chunk of `words` from the top; 0 if that is too short. */
  protected takeTop(words: number): number {
    const c = this.top;
    const rest = this.wordsOf(c) - words;
    if (rest < MIN_WORDS) return 0;
    this.path |= Path.TOP;
    this.counters.splits++;
    this.image[c + 1] = words | BELOW_IN_USE;
    this.setTop(c + words, rest);
    return c;
  }

  /** Makes the top long enough for `bytes`, or fails. */
  private grow(bytes: number): boolean {
    const { top } = this;
    const oldEnd = this.topEnd;
    const oldBytes = this.wordsOf(top) * this.word;
    if (top !== 0 && oldEnd % PAGE !== 0) {
      throw aborts("the heap does not end on a page");
    }
    const need = bytes + this.settings.topPad + MIN_WORDS * this.word;
    let size = this.signed(
      pageUp(this.contiguous ? need - oldBytes : need),
    );
    let start = size > 0 ? this.source.sbrk(size) : NULL;
    let mapped = false;
    if (start !== NULL) {
      this.path |= Path.BRK;
    } else {
      size = this.fallbackLength(size, oldBytes);
      start = size > bytes ? this.source.mmap(size) : NULL;
      if (start === NULL) return false;
      this.path |= Path.BRK_BY_MMAP;
      this.contiguous = false;
      mapped = true;
    }
    this.systemBytes += size;
    if (start === oldEnd && !mapped) {
      this.reserve(top, (oldBytes + size) / this.word);
      this.segmentBytes += size;
      this.setTop(top, (oldBytes + size) / this.word);
    } else {
      this.beginSegment(start, size, mapped);
    }
    return true;
  }

  /** Length of the mapping to ask for where the break refused `size`. */
  private fallbackLength(size: number, oldBytes: number): number {
    let length = size;
    if (this.contiguous) {
      length = Math.ceil((size + oldBytes) / FALLBACK_UNIT) * FALLBACK_UNIT;
    }
    if (length < 0) length += 2 ** (8 * this.word);
    return Math.max(PAGE, length);
  }

  private beginSegment(start: Address, size: number, mapped: boolean): void {
    const { word, geometry: { align }, top } = this;
    const oldBytes = this.wordsOf(top) * word;
    const oldEnd = this.topEnd;
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
      if (this.source.sbrk(correction) === NULL) {
        end = this.source.sbrk(0);
      } else {
        end += correction;
        this.systemBytes += correction;
      }
    } else if (!mapped) {
      if (misaligned > 0 && align === 2 * word) {
        throw aborts("the break is not aligned");
      }
      end = this.source.sbrk(0);
    }
    const below = this.segments.findLast((segment) => !segment.mapped);
    if (!mapped && below) {
      const belowEnd = below === this.segments.at(-1) ? oldEnd : below.end;
      this.foreignBytes += start - belowEnd;
    }
    const remainder = this.addressOf(this.lastRemainder);
    const words = Math.floor((end - aligned) / (2 * word)) * 2;
    this.openSegment(start, aligned, words, mapped);
    this.lastRemainder = this.indexAt(remainder) ?? this.lastRemainder;
    this.segmentBytes += aligned - start + words * word;
    this.fixedBytes += aligned - start + word;
    if (top !== 0) this.close(top, oldBytes / word, oldEnd);
  }

  /** Puts fenceposts at the end of the old top and frees what is left. */
  private close(c: number, words: number, end: Address): void {
    const { image } = this;
    const rest = (words - 4) & -this.alignWords;
    image[c + 1] = rest | BELOW_IN_USE;
    image[c + rest + 1] = 2 | BELOW_IN_USE;
    image[c + rest + 3] = 2 | BELOW_IN_USE;
    const freed = rest >= MIN_WORDS;
    this.wrote(c, words - 4, 4);
    const segment = this.segments.at(-2)!;
    segment.fence = freed ? c + rest : c;
    segment.end = end;
    this.fixedBytes += (words - 1 - (freed ? rest : 0)) * this.word;
    if (freed) this.release(c, rest);
  }

  /** Where a chunk with payload at `address` would be in the last segment. */
  private indexAt(address: Address): number | undefined {
    const { first, delta } = this.segments.at(-1)!;
    const c = (address - delta) / this.word;
    return Number.isInteger(c) && c >= first ? c : undefined;
  }

  /** `size` as the machine's signed long. */
  private signed(size: number): number {
    const modulus = 2 ** (8 * this.word);
    if (size >= modulus / 2) return size - modulus;
    return size < -modulus / 2 ? size + modulus : size;
  }
}

function aborts(reason: string): RangeError {
  return new RangeError(`The real malloc aborts here: ${reason}`);
}
