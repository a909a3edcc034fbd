/**
 * The way of a freed chunk: tcache, else fast bin, else it coalesces with both
 * neighbours and waits on the unsorted list, or becomes part of the top. A
 * long enough result consolidates the fast bins and trims the top.
 *
 * @module
 */
import { NULL } from "../allocator.ts";
import { PAGE } from "../pages.ts";
import { Caches } from "./caches.ts";
import { BELOW_IN_USE } from "./image.ts";
import { MIN_WORDS } from "./params.ts";
import { Path } from "./path.ts";

/** A coalesced chunk from this many bytes on sets off consolidation and trim. */
const CONSOLIDATION_BYTES = 65_536;

/** Freeing, consolidation and trim: O(1), fast bins aside. */
export class Freeing extends Caches {
  /** Bits of {@linkcode Path}: what the last request did. */
  protected path = 0;
  /** Bytes got by brk or in place of it, as mallinfo counts them: with gaps. */
  protected systemBytes = 0;
  /** Bytes in segments. */
  protected segmentBytes = 0;

  /** Frees chunk `c` of `words`, which is in use and not LIVE. */
  protected release(c: number, words: number): void {
    const i = this.tcacheIndex(words);
    if (this.tcacheTakes(i)) {
      this.path |= Path.TO_TCACHE;
      this.cache(c, i);
    } else {
      this.releaseUncached(c, words);
    }
  }

  private releaseUncached(c: number, words: number): void {
    if (words <= this.maxFastWords) {
      this.path |= Path.TO_FAST;
      this.pushFast(c, words);
      return;
    }
    const merged = this.coalesce(c, words);
    if (merged * this.word < CONSOLIDATION_BYTES) return;
    if (this.haveFast) this.consolidate();
    const { trimThreshold, topPad } = this.settings;
    if (this.wordsOf(this.top) * this.word >= trimThreshold) this.trim(topPad);
  }

  /** Empties the fast bins, shortest chunks first, newest first. */
  protected consolidate(): void {
    this.haveFast = false;
    this.path |= Path.CONSOLIDATED;
    for (let words = MIN_WORDS; this.fastBlocks > 0; words += 2) {
      for (let c = this.popFast(words); c !== 0; c = this.popFast(words)) {
        this.coalesce(c, words);
      }
    }
  }

  /**
   * Lowers the break so that the top keeps `pad` bytes and a little more.
   * With a top of minimal length it raises it instead, as the real one does.
   */
  protected trim(pad: number): void {
    const { top } = this;
    const topBytes = this.wordsOf(top) * this.word;
    const available = topBytes - MIN_WORDS * this.word - 1;
    const unsigned = (n: number) => n < 0 ? n + 2 ** (8 * this.word) : n;
    if (unsigned(available) <= unsigned(pad)) return;
    const release = Math.floor((available - pad) / PAGE) * PAGE;
    if (top === 0 || release === 0) return;
    if (this.source.sbrk(0) !== this.topEnd) return;
    if (release < 0) this.reserve(top, (topBytes - release) / this.word);
    if (this.source.sbrk(-release) === NULL) return;
    this.path |= Path.TRIMMED;
    this.systemBytes -= release;
    this.segmentBytes -= release;
    this.setTop(top, (topBytes - release) / this.word);
  }

  /** Makes `c` the top. */
  protected setTop(c: number, words: number): void {
    this.top = c;
    this.image[c + 1] = words | BELOW_IN_USE;
    this.wrote(c, 1, 1);
  }

  /** Merges `c` with its free neighbours; returns the length of the result. */
  private coalesce(c: number, words: number): number {
    const { image } = this;
    let merged = words;
    if ((image[c + 1]! & BELOW_IN_USE) === 0) {
      const below = image[c]!;
      c -= below;
      merged += below;
      this.unlink(c, below);
      this.counters.coalesces++;
      this.path |= Path.COALESCED;
    }
    const next = c + merged;
    const nextWords = this.wordsOf(next);
    if (next === this.top) {
      this.counters.coalesces++;
      this.path |= Path.TO_TOP;
      merged += nextWords;
      this.setTop(c, merged);
      return merged;
    }
    if ((image[next + nextWords + 1]! & BELOW_IN_USE) === 0) {
      this.unlink(next, nextWords);
      merged += nextWords;
      this.counters.coalesces++;
      this.path |= Path.COALESCED;
    } else {
      image[next + 1]! &= ~BELOW_IN_USE;
    }
    this.path |= Path.TO_UNSORTED;
    this.pushUnsorted(c, merged);
    return merged;
  }
}
