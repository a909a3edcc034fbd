/**
 * An arena: free chunks in bins, and a top that borders on unused memory.
 *
 * A freed chunk goes to the tcache of the thread that frees it, else to a fast
 * bin, else it coalesces with both neighbours and is binned, or becomes part
 * of the top. A long enough result consolidates the fast bins and gives memory
 * back.
 *
 * @module
 */
import type { Address } from "../allocator.ts";
import { Bins } from "./bins.ts";
import { Chunk } from "./chunk.ts";
import { FastBins } from "./fast_bins.ts";
import { Image } from "./image.ts";
import { Path } from "./path.ts";
import type { Process } from "./process.ts";
import { Search } from "./search.ts";
import type { Tcache } from "./tcache.ts";

const { BELOW_IN_USE, LIVE, WORDS, MIN_WORDS } = Chunk;
const {
  COALESCED,
  CONSOLIDATED,
  SPLIT,
  TOP,
  TO_FAST,
  TO_SMALL,
  TO_TCACHE,
  TO_TOP,
  TO_UNSORTED,
} = Path;

/** A coalesced chunk from this many bytes on sets off consolidation and trim. */
const CONSOLIDATION_BYTES = 65_536;

/** Where an arena's memory comes from and goes to. */
export interface Memory {
  /** Bytes got from the system, as mallinfo counts them. */
  systemBytes: number;
  /** Bytes of its segments that will never be part of a chunk. */
  fixedBytes: number;
  /** Bytes of others between the segments. */
  readonly foreignBytes: number;
  /** Beyond this address memory is zero, or was never got. */
  readonly dirtyEnd: Address;
  /**
   * Serves a chunk of `words` for which the top is too short: from a longer
   * top, or by a mapping (MAPPED); 0 if neither can be had.
   */
  serve(words: number): number;
  /** A long chunk was coalesced: may give memory back. */
  afterFree(): void;
}

/** Free chunks and top of an arena; freeing is O(1), fast bins aside. */
export class Arena {
  declare readonly image: Image;
  declare readonly bins: Bins;
  declare readonly fast: FastBins;
  declare readonly search: Search;
  /** Its place in the order of creation; 0 is main. */
  declare readonly number: number;
  /** What the last split of a small request left; stale if used up since. */
  lastRemainder = 0;
  /** Chunks that the program holds. */
  liveBlocks = 0;
  /** Threads attached to it. */
  threads = 0;
  /** Its share of the address space. */
  declare memory: Memory;

  declare readonly process: Process;

  /** An arena without memory; `memory` is to be set. */
  constructor(process: Process, unsorted: boolean) {
    this.process = process;
    this.number = process.arenas.length;
    this.image = new Image(process.geometry, process.source);
    this.bins = new Bins(this.image, process.counters, unsorted);
    this.fast = new FastBins(this.image);
    this.search = new Search(this);
  }

  /** Frees chunk `c` of `words`, which is in use and not LIVE. */
  release(c: number, words: number): void {
    const { tcache } = this.process;
    const i = tcache.indexOf(words);
    if (tcache.takes(i)) {
      this.process.path |= TO_TCACHE;
      tcache.push(this, c, i);
    } else if (!tcache.isSorted(words) || !this.keepSorted(tcache, c, words)) {
      this.releaseUncached(c, words);
    }
  }

  /** As `release`, past the tcache. */
  releaseUncached(c: number, words: number): void {
    if (words <= this.process.maxFastWords) {
      this.process.path |= TO_FAST;
      this.fast.push(c, words);
    } else this.coalesce(c, words);
  }

  /** What malloc itself frees: coalesces at once in some versions. */
  releaseOwn(c: number, words: number): void {
    if (this.process.version.ownFreesCoalesce) this.coalesce(c, words);
    else this.release(c, words);
  }

  /** Frees chunk `c` past all caches; may give memory back. */
  coalesce(c: number, words: number): void {
    const { process } = this;
    const merged = this.join(c, words, process.version.filesSmall);
    if (merged * process.word < CONSOLIDATION_BYTES) return;
    if (this.fast.any) this.consolidate();
    this.memory.afterFree();
  }

  /** Empties the fast bins, shortest chunks first, newest first. */
  consolidate(): void {
    const { fast } = this;
    fast.any = false;
    this.process.path |= CONSOLIDATED;
    for (let words = MIN_WORDS; fast.blocks > 0; words += 2) {
      for (let c = fast.pop(words); c !== 0; c = fast.pop(words)) {
        this.join(c, words, false);
      }
    }
  }

  /** Marks chunk `c` as the program's; its payload. */
  handOut(c: number): Address {
    const { image } = this;
    image.field[c + 1]! |= LIVE;
    this.liveBlocks++;
    return image.addressOf(c);
  }

  /** The program gives `c` back; the chunk's words. */
  takeBack(c: number): number {
    const { field } = this.image;
    const header = field[c + 1]!;
    field[c + 1] = header & ~LIVE;
    this.liveBlocks--;
    return header & WORDS;
  }

  /** Cuts a chunk of `words` from the top; 0 if that is too short. */
  takeTop(words: number): number {
    const { image, process } = this;
    const c = image.top;
    const rest = image.wordsOf(c) - words;
    if (rest < MIN_WORDS) return 0;
    process.path |= TOP;
    process.counters.splits++;
    image.field[c + 1] = words | BELOW_IN_USE;
    image.setTop(c + words, rest);
    return c;
  }

  /** Frees what chunk `c` of `have` words has beyond `words`. */
  cutTail(
    c: number,
    have: number,
    words: number,
    free: (arena: Arena, c: number, words: number) => void,
  ): void {
    const { image, process } = this;
    const { field } = image;
    process.counters.splits++;
    process.path |= SPLIT;
    image.setLength(c, words);
    field[c + words + 1] = (have - words) | BELOW_IN_USE;
    field[c + have + 1]! |= BELOW_IN_USE;
    free(this, c + words, have - words);
  }

  private keepSorted(tcache: Tcache, c: number, words: number): boolean {
    const bytes = words * this.process.word;
    const kept = tcache.keep({ bytes, arena: this, chunk: c, address: 0 });
    if (kept) this.process.path |= TO_TCACHE;
    return kept;
  }

  /** Merges `c` with its free neighbours; returns the length of the result. */
  private join(c: number, words: number, filesSmall: boolean): number {
    const { image, bins, process } = this;
    const { field } = image;
    let merged = words;
    if ((field[c + 1]! & BELOW_IN_USE) === 0) {
      const below = field[c]!;
      c -= below;
      merged += below;
      bins.unlink(c, below);
      process.counters.coalesces++;
      process.path |= COALESCED;
    }
    const next = c + merged;
    const nextWords = image.wordsOf(next);
    if (next === image.top) {
      process.counters.coalesces++;
      process.path |= TO_TOP;
      merged += nextWords;
      image.setTop(c, merged);
      return merged;
    }
    if ((field[next + nextWords + 1]! & BELOW_IN_USE) === 0) {
      bins.unlink(next, nextWords);
      merged += nextWords;
      process.counters.coalesces++;
      process.path |= COALESCED;
    } else {
      field[next + 1]! &= ~BELOW_IN_USE;
    }
    if (filesSmall && merged < bins.firstLarge) {
      process.path |= TO_SMALL;
      bins.pushSmall(c, merged);
    } else {
      process.path |= TO_UNSORTED;
      bins.pushUnsorted(c, merged);
    }
    return merged;
  }
}
