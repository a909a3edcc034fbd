/**
 * What the logs of all recorders have in common: calls with addresses, among
 * lines that mean something else.
 *
 * A recorder that sees every call must show a block's allocation before its
 * free. Others see only part: of calls within the C library, before recording
 * began, or of the parent before it forked, they know nothing. There the free
 * of an unknown block is left out, and counted; its `realloc` is malloc; and a
 * block at a live address shows that the one before has been freed.
 *
 * @module
 */
import { AddressTable } from "../../allocators/freelist/address_table.ts";
import {
  LINE_FEED,
  type LineParser,
  MAX_LINE,
  type ReadOptions,
  unexpected,
} from "./lines.ts";
import { allocationOf, type Call } from "./calls.ts";
import { MAX_OBJECTS } from "./objects.ts";
import { Processes } from "./processes.ts";
import { Block, Op, Slots } from "./trace.ts";

const NUMBERS = /0x[\dA-Fa-f]+|\d+/g;
const MAX_NUMBER = 2 ** 64;
const DECODER = new TextDecoder();

/** A row of a {@linkcode Block}. */
type Row = [
  op: number,
  slot: number,
  size: number,
  extra: number,
  site: number,
];

/** Parses a log line by line. */
export abstract class LogParser implements LineParser {
  readonly block: Block;
  leftOut = 0;
  readonly #name: string;
  readonly #partial: boolean;
  readonly #processes: Processes;
  /** Slot + 1 of every live address. */
  readonly #live = new AddressTable();
  readonly #slots = new Slots();
  /** The second row of a line, while there is no room for it. */
  #second: Row | undefined;
  // The line being parsed: its number, and where it starts in which text.
  #line = 0;
  #source: Uint8Array = new Uint8Array(0);
  #start = 0;

  /**
   * Starts before the first line of the file `name`; rows go to `block`.
   * `partial`: whether the recorder sees only part of the calls.
   */
  constructor(
    name: string,
    { pids }: ReadOptions,
    partial: boolean,
    block: Block = new Block(),
  ) {
    this.#name = name;
    this.#partial = partial || pids !== undefined;
    this.#processes = new Processes(pids);
    this.block = block;
  }

  /** Reads a line, without blanks around it: at most one request. */
  protected abstract read(line: string): void;

  /**
   * Reads the line at `start` of `text` if it has the form of most lines, at
   * most one request, and returns where the next one starts; else -1.
   */
  protected common(_text: Uint8Array, _start: number): number {
    return -1;
  }

  parse(text: Uint8Array, from: number): number {
    let at = from;
    this.#flush();
    this.#source = text;
    while (at < text.length && !this.block.full) {
      this.#line++;
      this.#start = at;
      const next = this.common(text, at);
      at = next < 0 ? this.#any(at) : next;
      if (this.#second) this.#flush();
    }
    return at;
  }

  /** Reads a line of any form; returns where the next one starts. */
  #any(start: number): number {
    const end = this.#source.indexOf(LINE_FEED, start);
    if (end - start > MAX_LINE) {
      this.fail(`a line of at most ${MAX_LINE} bytes`);
    }
    this.read(this.#text());
    return end + 1;
  }

  end(): void {
    this.#flush();
    this.#processes.check(this.#name);
  }

  /** Whether the call of process `pid` on this line counts. */
  protected takes(pid: number): boolean {
    return this.#processes.takes(pid, this.#line, this.#text());
  }

  /** Whether what follows a call of process `pid` counts. */
  protected took(pid: number): boolean {
    return this.#processes.took(pid);
  }

  /** `op` gave a block at `address`; 0: it was refused, and is left out. */
  protected allocated(
    op: number,
    address: number,
    size: number,
    extra: number,
    site = 0,
  ): void {
    if (address === 0) return;
    const held = this.#live.get(address);
    if (held !== 0) {
      if (!this.#partial) this.fail("the address of no live block");
      this.#push(Op.FREE, held - 1, 0, 0);
      this.#second = [op, held - 1, size, extra, site];
      return;
    }
    if (this.#live.size === MAX_OBJECTS) {
      this.fail(`at most ${MAX_OBJECTS} live blocks`);
    }
    const slot = this.#slots.take();
    this.#live.set(address, slot + 1);
    this.#push(op, slot, size, extra, site);
  }

  /**
   * realloc of the block at `old`, 0 being NULL, to `size` gave one at
   * `address`; 0: it was refused, unless `size` is 0.
   */
  protected reallocated(old: number, address: number, size: number): void {
    if (address === 0) {
      if (size === 0 && old !== 0) this.freed(old);
      return;
    }
    const held = old === 0 ? 0 : this.#live.take(old);
    if (held === 0) {
      if (old !== 0 && !this.#partial) this.fail("the address of a live block");
      this.allocated(Op.MALLOC, address, size, 0);
      return;
    }
    const other = this.#live.take(address);
    if (other !== 0 && !this.#partial) {
      this.fail("the address of no live block");
    }
    this.#live.set(address, held);
    if (other === 0) this.#push(Op.REALLOC, held - 1, size, 0);
    else {
      this.#slots.give(other - 1);
      this.#push(Op.FREE, other - 1, 0, 0);
      this.#second = [Op.REALLOC, held - 1, size, 0, 0];
    }
  }

  /** The block at `address` was freed; 0 is NULL. */
  protected freed(address: number): void {
    if (address === 0) return this.#push(Op.FREE, -1, 0, 0);
    const held = this.#live.take(address);
    if (held === 0) {
      if (!this.#partial) this.fail("the address of a live block");
      this.leftOut++;
      return;
    }
    this.#slots.give(held - 1);
    this.#push(Op.FREE, held - 1, 0, 0);
  }

  /** `op`, a mark, says `size`. */
  protected marked(op: number, size: number): void {
    this.#push(op, -1, size, 0);
  }

  /** The numbers in `text`; fails if C cannot hold one of them. */
  protected numbers(text: string): number[] {
    const numbers = text.match(NUMBERS)?.map(Number) ?? [];
    if (numbers.some((n) => n > MAX_NUMBER)) this.#failNumbers();
    return numbers;
  }

  /** The address that `numbers` begin with. */
  protected address([address]: readonly number[]): number {
    return address ?? this.#failNumbers();
  }

  /** The allocation that a call is, if it is one; fails if it is not whole. */
  protected allocation(
    name: string,
    numbers: readonly number[],
  ): Call | undefined {
    const call = allocationOf(name, numbers);
    if (call && !(call.size >= 0 && call.extra >= 0)) this.#failNumbers();
    return call;
  }

  /** Throws `SyntaxError` with file and line. */
  protected fail(expected: string): never {
    throw unexpected(this.#name, this.#line, expected, this.#text());
  }

  #failNumbers(): never {
    this.fail("numbers of 0 .. 2^64 - 1");
  }

  #flush(): void {
    if (!this.#second || this.block.full) return;
    this.#push(...this.#second);
    this.#second = undefined;
  }

  #push(op: number, slot: number, size: number, extra: number, site = 0): void {
    this.block.line[this.block.length] = this.#line;
    this.block.push(op, slot, size, extra, site);
  }

  /** The line being parsed, without blanks around it. */
  #text(): string {
    const end = this.#source.indexOf(LINE_FEED, this.#start);
    return DECODER.decode(this.#source.subarray(this.#start, end)).trim();
  }
}
