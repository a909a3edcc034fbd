/**
 * What the logs of all recorders have in common: calls with addresses, among
 * lines that mean something else.
 *
 * @module
 */
import {
  LINE_FEED,
  type LineParser,
  MAX_LINE,
  type ReadOptions,
  unexpected,
} from "./lines.ts";
import { CallRows } from "./call_rows.ts";
import { allocationOf, type Call } from "./calls.ts";
import { Processes } from "./processes.ts";
import { Block } from "./trace.ts";

const NUMBERS = /0x[\dA-Fa-f]+|\d+/g;
const MAX_NUMBER = 2 ** 64;
const DECODER = new TextDecoder();

/** Parses a log line by line. */
export abstract class LogParser extends CallRows implements LineParser {
  readonly #name: string;
  readonly #processes: Processes;
  // The line being parsed: where it starts in which text.
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
    super(partial || pids !== undefined, block);
    this.#name = name;
    this.#processes = new Processes(pids);
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
    this.flush();
    this.#source = text;
    while (at < text.length && !this.block.full) {
      this.line++;
      this.#start = at;
      const next = this.common(text, at);
      at = next < 0 ? this.#any(at) : next;
      this.flush();
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
    this.flush();
    this.#processes.check(this.#name);
  }

  /** Whether the call of process `pid` on this line counts. */
  protected takes(pid: number): boolean {
    return this.#processes.takes(pid, this.line, this.#text());
  }

  /** Whether what follows a call of process `pid` counts. */
  protected took(pid: number): boolean {
    return this.#processes.took(pid);
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
  protected override fail(expected: string): never {
    throw unexpected(this.#name, this.line, expected, this.#text());
  }

  #failNumbers(): never {
    this.fail("numbers of 0 .. 2^64 - 1");
  }

  /** The line being parsed, without blanks around it. */
  #text(): string {
    const end = this.#source.indexOf(LINE_FEED, this.#start);
    return DECODER.decode(this.#source.subarray(this.#start, end)).trim();
  }
}
