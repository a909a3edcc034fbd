/**
 * The log of a process, after those of the processes it was forked from, as a
 * trace in `.rep` text.
 *
 * Ids count allocations from 0. A request that was refused is a comment. Frees
 * of blocks that the log does not know (allocated by the allocator for itself)
 * are left out, and counted.
 *
 * @module
 */
import { AddressTable } from "../../allocators/freelist/address_table.ts";
import { MAX_NAME } from "../traces/lines.ts";
import { Slots } from "../traces/trace.ts";
import type { Answers } from "./answers.ts";
import type { LineWriter } from "./line_writer.ts";
import { Kind, kindAt, operandAt, textAt, wordAt } from "./log_file.ts";

/** The letters of operations. */
const LETTER = Object.fromEntries(
  [..."acmrftokpTENRS#"].map((letter) => [letter, letter.charCodeAt(0)]),
) as Readonly<Record<string, number>>;
const MALLOC = LETTER.a!, CALLOC = LETTER.c!, MEMALIGN = LETTER.m!;
const REALLOC = LETTER.r!, FREE = LETTER.f!;
/** What the word of a size holds if the size has a record of its own. */
const WIDE = 2 ** 40 - 1;
/** An address that no block has. */
const NO_BLOCK = -1;

/** Turns records into lines. */
export class RepConverter {
  /** Requests so far: operations that the heap sees. */
  requests = 0;
  /** Frees of blocks that are not known. */
  leftOut = 0;
  /** Requests that were refused. */
  refused = 0;
  readonly #lines: LineWriter;
  readonly #answers: Answers | undefined;
  /** Slot + 1 of every live address, and the id of each slot. */
  readonly #live = new AddressTable();
  readonly #slots = new Slots();
  #ids = new Float64Array(1024);
  #nextId = 0;
  /** Number in the text of each text of a site. */
  readonly #siteNumbers = new Map<string, number>();
  /** Texts of the sites of the log, and their numbers in the text, 0: none yet. */
  #texts: readonly string[] = [];
  #numbers = new Int32Array(1);
  /** The thread in the text of each running one of the log. */
  readonly #threads = new Map<number, number>();
  readonly #idleThreads: number[] = [];
  #running = 0;
  /** The size that a WIDE record announced; -1: none. */
  #wide = -1;

  /** Lines go to `lines`; what was answered, if it is wanted, to `answers`. */
  constructor(lines: LineWriter, answers?: Answers) {
    this.#lines = lines;
    this.#answers = answers;
  }

  /** Goes on with a log whose site k is `texts[k]`; "": not known. */
  begin(texts: readonly string[]): void {
    this.#texts = texts;
    this.#numbers = new Int32Array(texts.length);
  }

  /** A line that means nothing. */
  comment(text: string): void {
    this.#lines.text(`# ${text.replace(/\p{Cc}/gu, "?")}`);
    this.#lines.end();
  }

  /** Writes the record at `at`. */
  record(words: Uint32Array, at: number): void {
    const operand = operandAt(words, at);
    switch (kindAt(words, at)) {
      case Kind.MALLOC:
        return this.#allocated(MALLOC, operand, words, at);
      case Kind.FREE:
        return this.#freed(operand);
      case Kind.CALLOC:
        return this.#allocated(CALLOC, operand, words, at);
      case Kind.MEMALIGN:
        return this.#allocated(MEMALIGN, operand, words, at);
      case Kind.REALLOC:
        return this.#reallocated(operand, words, at);
      case Kind.WIDE:
        this.#wide = wordAt(words, at + 1);
        return;
      case Kind.THREAD:
        return this.#switched(operand);
      case Kind.THREAD_END:
        return this.#threadEnded(operand);
      case Kind.TRIM:
        return this.#plain(LETTER.t!, operand, true);
      case Kind.MALLOPT: {
        const parameter = (words[2 * at + 1]! << 8) >> 8;
        this.#lines.letter(LETTER.o!);
        this.#lines.number(parameter);
        return this.#ended(words[2 * at]! | 0);
      }
      case Kind.SBRK: {
        const sign = operand >= 2 ** 55 ? 2 ** 56 : 0;
        return this.#plain(LETTER.k!, operand - sign, true);
      }
      case Kind.TIME:
        return this.#plain(LETTER.N!, operand, false);
      case Kind.RESIDENT:
        return this.#plain(LETTER.R!, operand, false);
      case Kind.PHASE:
        this.#lines.text(`p ${phaseName(textAt(words, at + 1, operand))}`);
        return this.#lines.end();
      case Kind.CHUNK:
        return this.#answers?.chunk(operand);
      case Kind.BREAK:
        return this.#answers?.moved(operand);
      case Kind.ARENA:
        return this.#answers?.arena(operand, wordAt(words, at + 1));
    }
  }

  /** Writes what is known of the last operation. */
  end(): void {
    this.#answers?.flush();
  }

  #allocated(
    letter: number,
    address: number,
    words: Uint32Array,
    at: number,
  ): void {
    const size = this.#size(words, at + 1);
    const site = this.#site(words[2 * at + 2]! & 0xffffff);
    if (address === 0) return this.#refuse(letter, size);
    // A block at a live address: its free is not in the log.
    if (this.#live.get(address) !== 0) this.#free(address);
    const slot = this.#hold(address);
    this.#lines.letter(letter);
    this.#lines.number(this.#ids[slot]!);
    if (letter === MEMALIGN) this.#lines.number(wordAt(words, at + 2));
    this.#finish(size, site, address);
  }

  #reallocated(address: number, words: Uint32Array, at: number): void {
    const size = this.#size(words, at + 1);
    const site = this.#site(words[2 * at + 2]! & 0xffffff);
    const old = wordAt(words, at + 2);
    if (address === 0) {
      if (size !== 0 || old === 0) return this.#refuse(REALLOC, size);
      const held = this.#live.take(old);
      if (held === 0) return void this.leftOut++;
      this.#slots.give(held - 1);
      this.#lines.letter(REALLOC);
      this.#lines.number(this.#ids[held - 1]!);
      return this.#finish(0, site, 0);
    }
    let held = old === 0 ? 0 : this.#live.take(old);
    if (this.#live.get(address) !== 0) this.#free(address);
    if (held === 0) held = this.#hold(address) + 1;
    else this.#live.set(address, held);
    this.#lines.letter(REALLOC);
    this.#lines.number(this.#ids[held - 1]!);
    this.#finish(size, site, address);
  }

  #freed(address: number): void {
    if (address === 0) {
      this.#lines.letter(FREE);
      return this.#ended(-1);
    }
    if (this.#live.get(address) === 0) return void this.leftOut++;
    this.#free(address);
  }

  #free(address: number): void {
    const slot = this.#live.take(address) - 1;
    this.#slots.give(slot);
    this.#lines.letter(FREE);
    this.#ended(this.#ids[slot]!);
  }

  /** Gives the block at `address` a slot and the next id; the slot. */
  #hold(address: number): number {
    const slot = this.#slots.take();
    if (slot === this.#ids.length) {
      const longer = new Float64Array(2 * slot);
      longer.set(this.#ids);
      this.#ids = longer;
    }
    this.#ids[slot] = this.#nextId++;
    this.#live.set(address, slot + 1);
    return slot;
  }

  #refuse(letter: number, size: number): void {
    this.refused++;
    this.comment(`refused: ${String.fromCharCode(letter)} of ${size} bytes`);
  }

  /** Ends the line of a request. */
  #finish(size: number, site: number, address: number): void {
    this.#lines.number(size);
    if (site > 0) this.#lines.site(site);
    this.#lines.end();
    this.requests++;
    this.#answers?.operation(address);
  }

  /** Ends the line of an operation that asks for no memory. */
  #ended(number: number): void {
    this.#lines.number(number);
    this.#lines.end();
    this.requests++;
    this.#answers?.operation(NO_BLOCK);
  }

  #plain(letter: number, number: number, isOperation: boolean): void {
    this.#lines.letter(letter);
    if (isOperation) return this.#ended(number);
    this.#lines.number(number);
    this.#lines.end();
  }

  #size(words: Uint32Array, at: number): number {
    const size = words[2 * at + 1]! * 2 ** 8 + (words[2 * at]! >>> 24);
    if (size !== WIDE) return size;
    const wide = this.#wide;
    this.#wide = -1;
    return wide;
  }

  /** The number in the text of the log's site `site`, defined there. */
  #site(site: number): number {
    if (site === 0) return 0;
    const known = this.#numbers[site]!;
    if (known !== 0) return known;
    const text = this.#texts[site]!;
    let number = this.#siteNumbers.get(text);
    if (number === undefined) {
      number = this.#siteNumbers.size + 1;
      this.#siteNumbers.set(text, number);
      this.#lines.text(`S ${number} ${text}`);
      this.#lines.end();
    }
    this.#numbers[site] = number;
    return number;
  }

  #switched(thread: number): void {
    let number = this.#threads.get(thread);
    if (number === undefined) {
      number = this.#idleThreads.pop() ?? this.#threads.size;
      this.#threads.set(thread, number);
    }
    if (number === this.#running) return;
    this.#running = number;
    this.#plain(LETTER.T!, number, true);
  }

  #threadEnded(thread: number): void {
    const number = this.#threads.get(thread);
    if (!number) return; // thread 0 lasts as long as the trace
    this.#threads.delete(thread);
    this.#idleThreads.push(number);
    if (number === this.#running) this.#running = 0;
    this.#plain(LETTER.E!, number, true);
  }
}

/** The name of a phase as a p line can hold it. */
function phaseName(name: string): string {
  const clean = name.replace(/[\p{Cc}\ufffd]/gu, "?").trim();
  return clean.slice(0, MAX_NAME) || "?";
}
