/**
 * What `heaptrack --raw` writes, read as a trace. Numbers are hexadecimal:
 *
 *     v 10400 3                      versions of heaptrack and of the format
 *     x c /home/me/a.out             the program
 *     X ./a.out 7                    the command, which may have several lines
 *     I 1000 5e2921                  bytes of a page, pages of the machine
 *     m 1 -                          the modules that follow are all there are
 *     m 1f /lib/libc.so.6 7f2d95740000 0 25388 26000 1550fc
 *                                    one: its base, its parts and their bytes
 *     t 7f2d95767304 5               the next stack: a frame, called by stack 5
 *     + 64 a 55a0436f71d0            an allocation: bytes, stack, address
 *     - 55a0436f71d0                 a free
 *     c 1                            milliseconds so far
 *     R 3df                          resident pages
 *
 * Format 2 has no lengths before names. As the log tells neither calloc nor
 * memalign from malloc, the trace does not either; a realloc stands there as a
 * free and an allocation. Blocks from before heaptrack was attached are not
 * known. A frame is shown as module+offset: raw recordings know no functions.
 * In an interpreted recording stacks and blocks are merged, so it is refused.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { LINE_FEED, type Names, type ReadOptions } from "./lines.ts";
import { LogParser } from "./log.ts";
import { Stacks } from "./stacks.ts";
import { Op } from "./trace.ts";

const PLUS = 0x2b;
const MINUS = 0x2d;
const T = 0x74;
const SPACE = 0x20;
const ZERO = 0x30;
const A = 0x61;
/** Longest run of hexadecimal digits that a double always holds exactly. */
const EXACT_DIGITS = 13;
const OLDEST = 2;
const NEWEST = 3;
/** Bytes of a page unless the recording says otherwise. */
const PAGE = 4096;

const VERSION = /^v [\da-f]{1,8} ([\da-f]{1,8})$/;
const OPERATION = /^([-+tcR])((?: [\da-f]{1,16}){1,3})$/;
/** Numbers behind each letter. */
const OPERANDS: Readonly<Record<string, number>> = {
  "+": 3,
  "-": 1,
  t: 2,
  c: 1,
  R: 1,
};
/** Name, base, parts; the name has no length before it in format 2. */
const MODULE =
  /^m (?:[\da-f]+ )?(\S.*?) ([\da-f]{1,16})((?: [\da-f]{1,16} [\da-f]{1,16})*)$/;
const NO_MODULES = /^m (?:1 )?-$/;
const PROGRAM = /^x (?:[\da-f]+ )?(\S.*)$/;
const INFO = /^I ([\da-f]{1,8}) [\da-f]+$/;
/** Attaching, remarks, what heaptrack is told to leave out. */
const MEANINGLESS = /^(?:A|S .*|#.*|)$/;
/** Lines that only heaptrack_interpret writes. */
const INTERPRETED = /^(?:[sia] |\+ [\da-f]+$)/;

/** Raw recordings of heaptrack. */
export const heaptrack: Format = {
  name: "heaptrack",
  summary: "what `heaptrack --raw PROGRAM` records",
  holds: "bytes",
  line: VERSION,
  parser: (name, names, options) => new HeaptrackParser(name, names, options),
};

class HeaptrackParser extends LogParser {
  readonly #stacks: Stacks;
  #page = PAGE;
  /** Whether the line belongs to the command, of one line or more. */
  #inCommand = false;
  /** The number last read by `#hex`. */
  #value = 0;

  constructor(name: string, names: Names, options: ReadOptions) {
    super(name, options, true);
    this.#stacks = new Stacks(names);
  }

  protected override common(text: Uint8Array, start: number): number {
    if (this.#inCommand) return -1;
    const code = text[start]!;
    if (code !== PLUS && code !== MINUS && code !== T) return -1;
    let at = this.#hex(text, start + 1);
    if (at < 0) return -1;
    const first = this.#value;
    if (code === MINUS) {
      if (text[at] !== LINE_FEED) return -1;
      this.freed(first);
      return at + 1;
    }
    at = this.#hex(text, at);
    if (at < 0) return -1;
    const second = this.#value;
    if (code === T) {
      if (text[at] !== LINE_FEED) return -1;
      this.#stack(first, second);
      return at + 1;
    }
    at = this.#hex(text, at);
    if (at < 0 || text[at] !== LINE_FEED) return -1;
    this.#allocated(first, second, this.#value);
    return at + 1;
  }

  /**
   * Reads the space at `at` and the number behind it into `#value`; returns
   * where it ends, or -1 if something else is there.
   */
  #hex(text: Uint8Array, at: number): number {
    if (text[at] !== SPACE) return -1;
    const from = ++at;
    let value = 0;
    for (;; at++) {
      const code = text[at]!;
      let digit = code - ZERO;
      if (digit < 0) break;
      if (digit > 9) {
        digit = code - A + 10;
        if (digit < 10 || digit > 15) break;
      }
      value = 16 * value + digit;
    }
    this.#value = value;
    return at === from || at - from > EXACT_DIGITS ? -1 : at;
  }

  protected override read(line: string): void {
    this.#inCommand = (this.#inCommand || line.startsWith("X ")) &&
      !INFO.test(line);
    if (this.#inCommand) return;
    const [, letter, operands] = OPERATION.exec(line) ?? [];
    if (letter !== undefined) {
      const numbers = operands!.slice(1).split(" ").map((n) =>
        Number(`0x${n}`)
      );
      if (numbers.length === OPERANDS[letter]) {
        return this.#operation(letter, numbers);
      }
    }
    if (MEANINGLESS.test(line)) return;
    if (INTERPRETED.test(line)) {
      this.fail("a raw recording, which `heaptrack --raw PROGRAM` makes");
    }
    this.#about(line);
  }

  #operation(letter: string, numbers: readonly number[]): void {
    const [first, second, third] = numbers as [number, number, number];
    switch (letter) {
      case "+":
        return this.#allocated(first, second, third);
      case "-":
        return this.freed(first);
      case "t":
        return this.#stack(first, second);
      case "c":
        return this.marked(Op.TIME, first * 1000);
      case "R":
        return this.marked(Op.RESIDENT, first * this.#page);
    }
  }

  /** A line about the recording, its program or a module of that. */
  #about(line: string): void {
    const version = VERSION.exec(line)?.[1];
    const program = PROGRAM.exec(line)?.[1];
    const page = INFO.exec(line)?.[1];
    const module = MODULE.exec(line);
    if (version !== undefined) {
      const number = parseInt(version, 16);
      if (number < OLDEST || number > NEWEST) {
        this.fail(`version ${OLDEST} or ${NEWEST} of heaptrack's format`);
      }
    } else if (program !== undefined) this.#stacks.program = program;
    else if (page !== undefined) this.#page = parseInt(page, 16);
    else if (NO_MODULES.test(line)) this.#stacks.forgetModules();
    else if (module) {
      const [, name, base, parts] = module;
      const numbers = parts!.trim().split(" ").map((n) => Number(`0x${n}`));
      if (!this.#stacks.addModule(name!, Number(`0x${base}`), numbers)) {
        this.fail("fewer modules");
      }
    } else this.fail("a line of heaptrack (v x X I A S m t + - c R #)");
  }

  #allocated(size: number, stack: number, address: number): void {
    const site = this.#stacks.siteOf(stack);
    if (site < 0) this.fail("a stack that a t line above defines");
    this.allocated(Op.MALLOC, address, size, 0, site);
  }

  #stack(frame: number, caller: number): void {
    if (!this.#stacks.add(frame, caller)) {
      this.fail("a stack that a t line above defines, and not too many");
    }
  }
}
