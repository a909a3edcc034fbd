/**
 * Requests that move the ends of a chunk: realloc and memalign.
 *
 * realloc grows into the top or a free chunk above, else moves; what is left
 * over is freed like any chunk. memalign allocates more than needed and frees
 * the bytes before and after the aligned chunk.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import { PAGE } from "../pages.ts";
import type { Arena } from "./arena.ts";
import { Chunk } from "./chunk.ts";
import { Path } from "./path.ts";
import type { Process } from "./process.ts";
import type { Threads } from "./threads.ts";

const { BELOW_IN_USE, MIN_WORDS, MAPPED } = Chunk;
const { IN_PLACE, MOVED, MREMAP, MUNMAP, REFUSED, SPLIT, TOP } = Path;

/** Frees a part of a chunk. */
type Free = (arena: Arena, c: number, words: number) => void;

const freeOwn: Free = (arena, c, words) => arena.releaseOwn(c, words);
const freeAtOnce: Free = (arena, c, words) => arena.coalesce(c, words);
const freeAsUsual: Free = (arena, c, words) => arena.release(c, words);

/** Resizing and aligning, in whatever arena the chunk is. */
export class Resizing {
  /** Whether realloc leaves some blocks as they are that are a little too long. */
  readonly sparesTails: boolean;
  private readonly freeEnd: Free;

  /** For the blocks of `process`; `malloc` serves a block that has to move. */
  constructor(
    private readonly process: Process,
    private readonly threads: Threads,
    private readonly malloc: (size: number) => Address,
  ) {
    this.sparesTails = process.version.tcacheForAll;
    this.freeEnd = process.version.alignedEndsCoalesce
      ? freeAtOnce
      : freeAsUsual;
  }

  /** Whether realloc leaves a block with `spare` bytes to spare as it is. */
  isSpare(spare: number, mapped: boolean): boolean {
    const { word, version } = this.process;
    return spare >= 0 && (
      spare < 2 * word || mapped && !version.mappedHeadroom && spare <= PAGE
    );
  }

  /** Resizes the live chunk `c` of `arena` to `words`; its payload, or NULL. */
  resize(arena: Arena, c: number, words: number, size: number): Address {
    const { process } = this;
    const { image } = arena;
    let have = image.wordsOf(c);
    if (have < words) {
      const next = c + have;
      const nextWords = image.wordsOf(next);
      const both = have + nextWords;
      if (next === image.top && both >= words + MIN_WORDS) {
        process.path |= IN_PLACE | TOP;
        image.setLength(c, words);
        image.setTop(c + words, both - words);
        return image.addressOf(c);
      }
      if (next !== image.top && both >= words && !image.inUse(next)) {
        process.path |= IN_PLACE;
        arena.bins.unlink(next, nextWords);
        have = both;
      } else {
        const fresh = this.fresh(arena, words);
        if (fresh === 0 && this.threads.threaded) {
          return this.moveTo(this.malloc(size), arena, c, have);
        }
        if (fresh !== next) {
          return this.moveTo(this.handOut(fresh), arena, c, have);
        }
        process.path |= IN_PLACE;
        have += image.wordsOf(fresh);
      }
    }
    if (have - words < MIN_WORDS) {
      image.setLength(c, have);
      image.field[c + have + 1]! |= BELOW_IN_USE;
    } else {
      arena.cutTail(c, have, words, freeOwn);
    }
    return image.addressOf(c);
  }

  /** Resizes the mapped chunk at `address` to `words`; its payload, or NULL. */
  resizeMapping(address: Address, words: number, size: number): Address {
    const { process: { word, mappings }, process } = this;
    const bytes = words * word;
    const moved = mappings.resize(address, bytes);
    if (moved !== NULL) {
      if (moved !== address) process.path |= MREMAP;
      return moved;
    }
    const usable = mappings.usable(address);
    if (usable + word >= bytes) return address;
    const to = this.malloc(size);
    if (to === NULL) return NULL;
    this.copy(address, to, usable);
    mappings.drop(address);
    process.path |= MUNMAP;
    return to;
  }

  /**
   * Serves a chunk of `words`, 0 for too many, whose payload is a multiple of
   * `alignment`.
   */
  allocateAligned(alignment: number, words: number, size: number): Address {
    const { process, threads } = this;
    const { mappings, word, version } = process;
    const shortest = MIN_WORDS * word;
    const request = words * word + alignment + shortest;
    const whole = words === 0 ? 0 : process.chunkWords(request);
    const asked = process.signed(size);
    const bytes = asked + alignment + shortest;
    let c = whole === 0
      ? threads.refuse(bytes, asked)
      : threads.serve(whole, bytes, asked);
    const arena = process.from;
    if (c === 0) return this.handOut(0);
    const address = c === MAPPED ? mappings.last : arena.image.addressOf(c);
    let aligned = Math.ceil(address / alignment) * alignment;
    const least = c === MAPPED && version.mappedHeadroom ? 0 : shortest;
    if (aligned !== address && aligned - address < least) aligned += alignment;
    if (c === MAPPED) {
      if (aligned !== address) mappings.shift(address, aligned);
      return aligned;
    }
    if (aligned !== address) {
      c = this.cutLead(arena, c, (aligned - address) / word);
    }
    const have = arena.image.wordsOf(c);
    const kept = version.alignedEndsCoalesce ? MIN_WORDS - 1 : MIN_WORDS;
    if (have - words > kept) arena.cutTail(c, have, words, this.freeEnd);
    return this.handOut(c);
  }

  /** Gives what a request was served with to the program; its payload, or NULL. */
  handOut(c: number): Address {
    if (c > 0) return this.process.from.handOut(c);
    if (c === MAPPED) return this.process.mappings.last;
    this.process.path |= REFUSED;
    return NULL;
  }

  /** The search of `arena` for a block that moves. */
  private fresh(arena: Arena, words: number): number {
    const { process } = this;
    process.from = arena;
    // The search is asked for a request that is padded to this length, and
    // that can be too much where the user's was not.
    const request = words * process.word - process.geometry.align + 1;
    return process.chunkWords(request) > 0 ? arena.search.allocate(words) : 0;
  }

  /** Frees the first `lead` words of `c`; returns the rest. */
  private cutLead(arena: Arena, c: number, lead: number): number {
    const { image } = arena;
    const rest = image.wordsOf(c) - lead;
    this.process.counters.splits++;
    this.process.path |= SPLIT;
    image.field[c + lead + 1] = rest | BELOW_IN_USE;
    image.setLength(c, lead);
    this.freeEnd(arena, c, lead);
    return c + lead;
  }

  /** Moves the contents of chunk `c` to the block at `to`; c stays if that is NULL. */
  private moveTo(
    to: Address,
    arena: Arena,
    c: number,
    have: number,
  ): Address {
    if (to === NULL) return NULL;
    const { process } = this;
    process.path |= MOVED;
    this.copy(arena.image.addressOf(c), to, (have - 1) * process.word);
    arena.releaseOwn(c, arena.takeBack(c));
    return to;
  }

  private copy(from: Address, to: Address, bytes: number): void {
    this.process.counters.bytesMoved += bytes;
    this.process.source.move(from, to, bytes);
  }
}
