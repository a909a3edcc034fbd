/**
 * What the program got for its requests, in the form of replay/addresses.ts.
 *
 * glibc's chunks tell: the word before a block is its chunk's length and three
 * flags, and the heaps of other arenas lie at multiples of 64 MiB.
 *
 * @module
 */
import type { LineWriter } from "./line_writer.ts";

const PAGE = 4096;
/** Alignment of the heaps of other arenas. */
const HEAP_MAX = 2 ** 26;
const IS_MMAPPED = 2;
const IS_OF_OTHER_ARENA = 4;
/** Bytes of a chunk that no block has: of a mapped one, of others. */
const MAPPED_HEADER = 16;
const HEADER = 8;

/** Writes one line per operation. */
export class Answers {
  readonly #lines: LineWriter;
  readonly #heap: number;
  #count = 0;
  /** The answer that is not written yet: the address, 0 for NULL; -1: none asked. */
  #address = -1;
  #chunk = 0;
  #isPending = false;
  #break = 0;
  #moved = false;
  /** Number of each arena from 1 on, by its address. */
  readonly #arenas = new Map<number, number>();
  /** Arena and number of each of its heaps, by the heap's address. */
  readonly #heaps = new Map<number, { arena: number; segment: number }>();
  readonly #segments: number[] = [];
  #appeared: string | undefined;

  /** Lines go to `lines`; `heap` is the break before the first request. */
  constructor(lines: LineWriter, heap: number) {
    this.#lines = lines;
    this.#heap = heap;
  }

  /** An operation was answered with `address`; -1: it asks for no memory. */
  operation(address: number): void {
    this.flush();
    this.#address = address;
    this.#isPending = true;
  }

  /** The size field of the chunk of the last answer. */
  chunk(size: number): void {
    this.#chunk = size;
  }

  /** The arena at `arena` has a heap at `heap`. */
  arena(heap: number, arena: number): void {
    let k = this.#arenas.get(arena);
    if (k === undefined) {
      k = this.#arenas.size + 1;
      this.#arenas.set(arena, k);
    }
    if (this.#heaps.get(heap)?.arena === k) return;
    const segment = this.#segments[k] ?? 0;
    this.#segments[k] = segment + 1;
    this.#heaps.set(heap, { arena: k, segment });
    this.#appeared = `h ${k} ${segment} ${heap.toString(16)}`;
  }

  /** The break is at `address` now. */
  moved(address: number): void {
    this.#break = address;
    this.#moved = true;
  }

  /** Writes what is known of the last operation. */
  flush(): void {
    if (!this.#isPending) return;
    this.#isPending = false;
    this.#line(`${this.#count++} ${this.#answer()}`);
    if (this.#appeared !== undefined) this.#line(this.#appeared);
    this.#appeared = undefined;
    if (!this.#moved) return;
    this.#moved = false;
    const offset = this.#break - this.#heap;
    this.#line(`b ${offset.toString(16)}`);
  }

  #answer(): string {
    const address = this.#address;
    if (address < 0) return "-";
    if (address === 0) return "0";
    const flags = this.#chunk % 8;
    const length = this.#chunk - flags;
    if (flags & IS_MMAPPED) {
      const offset = (address % PAGE).toString(16);
      return `M ${offset} ${length - MAPPED_HEADER}`;
    }
    const usable = length - HEADER;
    const start = address - address % HEAP_MAX;
    const at = flags & IS_OF_OTHER_ARENA ? this.#heaps.get(start) : undefined;
    if (at) {
      const offset = (address - start).toString(16);
      return `A${at.arena} ${at.segment} ${offset} ${usable}`;
    }
    return address >= this.#heap && address < this.#break
      ? `H ${(address - this.#heap).toString(16)} ${usable}`
      : `X ${(address % PAGE).toString(16)} ${usable}`;
  }

  #line(text: string): void {
    this.#lines.text(text);
    this.#lines.end();
  }
}
