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
import { BELOW_IN_USE, LIVE, WORDS } from "./image.ts";
import { MIN_WORDS } from "./params.ts";
import { Path } from "./path.ts";
import { Search } from "./search.ts";
import { MAPPED } from "./system.ts";

/** Resizing and aligning, on top of the search. */
export class Resizing extends Search {
  /** Chunks of the segments that the program holds. */
  protected liveBlocks = 0;

  /** Marks what `allocate` returned as the program's; its payload, or NULL. */
  protected handOut(c: number): Address {
    if (c > 0) {
      this.image[c + 1]! |= LIVE;
      this.liveBlocks++;
      return this.addressOf(c);
    }
    if (c === MAPPED) return this.mappedAt;
    this.path |= Path.REFUSED;
    return NULL;
  }

  /** The program gives `c` back; the chunk's words. */
  protected takeBack(c: number): number {
    const header = this.image[c + 1]!;
    this.image[c + 1] = header & ~LIVE;
    this.liveBlocks--;
    return header & WORDS;
  }

  /** Resizes the live chunk `c` to `words`; its payload, or NULL. */
  protected resize(c: number, words: number): Address {
    let have = this.wordsOf(c);
    if (have < words) {
      const next = c + have;
      const nextWords = this.wordsOf(next);
      const both = have + nextWords;
      if (next === this.top && both >= words + MIN_WORDS) {
        this.path |= Path.IN_PLACE | Path.TOP;
        this.setLength(c, words);
        this.setTop(c + words, both - words);
        return this.addressOf(c);
      }
      if (next !== this.top && both >= words && !this.inUse(next)) {
        this.path |= Path.IN_PLACE;
        this.unlink(next, nextWords);
        have = both;
      } else {
        // The search is asked for a request that is padded to this length,
        // and that can be too much where the user's was not.
        const request = words * this.word - this.geometry.align + 1;
        const fresh = this.chunkWords(request) > 0 ? this.allocate(words) : 0;
        if (fresh !== next) return this.moveTo(fresh, c, have);
        this.path |= Path.IN_PLACE;
        have += this.wordsOf(fresh);
      }
    }
    if (have - words < MIN_WORDS) {
      this.setLength(c, have);
      this.image[c + have + 1]! |= BELOW_IN_USE;
    } else {
      this.cutTail(c, have, words);
    }
    return this.addressOf(c);
  }

  /** Resizes the mapped chunk at `address` to `words`; its payload, or NULL. */
  protected resizeMapping(address: Address, words: number): Address {
    const { word } = this;
    const bytes = words * word;
    const length = this.mappings.get(address)!;
    const lead = this.leadOf(address);
    const newLength = Math.ceil((bytes + lead + word) / PAGE) * PAGE;
    if (newLength === length) return address;
    const front = lead + 2 * word;
    const start = this.source.mremap(address - front, length, newLength);
    if (start !== NULL) {
      this.path |= Path.MREMAP;
      this.mappings.delete(address);
      this.leads.delete(address);
      this.recordMapping(start + front, newLength, lead);
      this.mappedBytes += newLength - length;
      return start + front;
    }
    const have = length - lead;
    if (have - word >= bytes) return address;
    const moved = this.handOut(this.allocate(words));
    if (moved === NULL) return NULL;
    this.copy(address, moved, have - 2 * word);
    this.dropMapping(address, length, lead);
    return moved;
  }

  /** Serves a chunk of `words` whose payload is a multiple of `alignment`. */
  protected allocateAligned(alignment: number, words: number): Address {
    const shortest = MIN_WORDS * this.word;
    const whole = this.chunkWords(words * this.word + alignment + shortest);
    let c = whole === 0 ? 0 : this.allocate(whole);
    if (c === 0) return this.handOut(0);
    const address = c === MAPPED ? this.mappedAt : this.addressOf(c);
    let aligned = Math.ceil(address / alignment) * alignment;
    if (aligned !== address && aligned - address < shortest) {
      aligned += alignment;
    }
    if (c === MAPPED) {
      const lead = this.leadOf(address) + aligned - address;
      const length = this.mappings.get(address)!;
      this.mappings.delete(address);
      this.recordMapping(aligned, length, lead);
      return aligned;
    }
    if (aligned !== address) {
      c = this.cutLead(c, (aligned - address) / this.word);
    }
    const have = this.wordsOf(c);
    if (have > words + MIN_WORDS) this.cutTail(c, have, words);
    return this.handOut(c);
  }

  /** Frees the first `lead` words of `c`; returns the rest. */
  private cutLead(c: number, lead: number): number {
    const { image } = this;
    const rest = this.wordsOf(c) - lead;
    this.counters.splits++;
    this.path |= Path.SPLIT;
    image[c + lead + 1] = rest | BELOW_IN_USE;
    this.setLength(c, lead);
    this.release(c, lead);
    return c + lead;
  }

  /** Frees what chunk `c` of `have` words has beyond `words`. */
  private cutTail(c: number, have: number, words: number): void {
    const { image } = this;
    this.counters.splits++;
    this.path |= Path.SPLIT;
    this.setLength(c, words);
    image[c + words + 1] = (have - words) | BELOW_IN_USE;
    image[c + have + 1]! |= BELOW_IN_USE;
    this.release(c + words, have - words);
  }

  /** Moves the contents of chunk `c` to `fresh`; c stays if that is 0. */
  private moveTo(fresh: number, c: number, have: number): Address {
    const moved = this.handOut(fresh);
    if (moved === NULL) return NULL;
    this.path |= Path.MOVED;
    this.copy(this.addressOf(c), moved, (have - 1) * this.word);
    this.release(c, this.takeBack(c));
    return moved;
  }

  private copy(from: Address, to: Address, bytes: number): void {
    this.counters.bytesMoved += bytes;
    this.source.move(from, to, bytes);
  }

  /** Changes the length of `c` and nothing else in its header. */
  private setLength(c: number, words: number): void {
    this.image[c + 1] = this.image[c + 1]! & (LIVE | BELOW_IN_USE) | words;
  }
}
