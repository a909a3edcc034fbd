/**
 * The `.rep` text form of a trace, read while it streams in.
 *
 * A header of two or four lines of digits, or none: number of ids and of
 * operations in lines 1 and 2 of two, 2 and 3 of four; the others are a heap
 * size and a weight. Files in the wild disagree about all of them and with
 * themselves, so the header is read over. Then one operation a line:
 *
 *     a id size          malloc             w id offset bytes  write
 *     c id size          calloc             g id offset bytes  read
 *     r id size          realloc            t pad              malloc_trim
 *     m id align size    memalign           o param value      mallopt
 *     f id               free               k bytes            foreign sbrk
 *     p name             end of a phase     @name              next client
 *     T n                thread n runs      E n                thread n ends
 *     S n frames         where site n is    N microseconds     time so far
 *     R bytes            resident then
 *
 * `f -1` is free(NULL), and so is `f id` of an id that was never allocated: its
 * pointer is NULL. `r` of an id that is not live is malloc; `r id 0` of a live
 * one frees it, after which the pointer is NULL and `f id` does nothing. Every
 * other use of an id must fit: no second free, no write or read of a dead one,
 * no allocation of a live one, no access beyond the size. Blank lines and lines
 * that begin with `#` mean nothing. Objects may stay live at the end.
 *
 * Operations are made one at a time; thread 0 makes the first ones. `T n` begins
 * thread n at its first use, `E n` ends it, after which thread 0 runs if n did;
 * a later `T n` begins another one.
 *
 * A site is where in the program a request is made: its call stack, innermost
 * frame first, ` < ` between frames. Sites are numbered from 1 on in the order
 * of their S lines; a request at site 12 ends with ` s12`, one whose site is not
 * known with nothing. N and R lines say what a recorder measured.
 *
 * @module
 */
import type { Format } from "./format.ts";
import {
  LINE_FEED,
  type LineParser,
  MAX_LINE,
  type Names,
  type Open,
  type ReadOptions,
  textTrace,
  unexpected,
} from "./lines.ts";
import {
  BLANKS,
  operand,
  OPERANDS,
  OPERATION,
  REQUESTS,
  SITE,
  siteOf,
} from "./rep_operands.ts";
import { RepRows } from "./rep_rows.ts";
import { Block, Op, type Trace } from "./trace.ts";

const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const A = 0x61;
const C = 0x63;
const F = 0x66;
const G = 0x67;
const M = 0x6d;
const R = 0x72;
const S = 0x73;
const W = 0x77;

const MAX_HEADER_LINES = 4;
/** Longest run of digits that a double always holds exactly. */
const EXACT_DIGITS = 15;
const DECODER = new TextDecoder();

/** Requests in the form of malloc laboratories, with some more operations. */
export const rep: Format = {
  name: ".rep",
  summary: "requests, one a line: `a id size`, `r id size`, `f id`, ...",
  holds: "bytes",
  line:
    /^(?:[acr]\s+\d+\s+\d+(?:\s+s\d+)?|[mwg]\s+\d+\s+\d+\s+\d+|m(?:\s+\d+){3}\s+s\d+|f\s+-1|[tkTENR]\s+-?\d+|o\s+-?\d+\s+\d+)$/,
  begin: /^(?:[acrmfwgtokpTENRS]\s|[#@]|\d+$)/,
  parser: (name, names) => new RepParser(name, names),
};

/**
 * The trace in a `.rep` file, compressed or not.
 *
 * `blocks()` throws `SyntaxError` with file and line. Sizes are exact up to
 * 2^53 and the next double toward 0 beyond.
 */
export function readRep(
  name: string,
  open: Open,
  options?: ReadOptions,
): Trace {
  return textTrace(
    name,
    open,
    (names) => new RepParser(name, names),
    options,
  );
}

/** Parses one `.rep` file. */
export class RepParser extends RepRows implements LineParser {
  readonly #name: string;
  #headerLines = 0;
  /** Whether the header is over. */
  #inBody = false;
  // The line being parsed: where it starts in which text.
  #text: Uint8Array = new Uint8Array(0);
  #start = 0;
  /** The number last read by `#shortNumber`. */
  #value = 0;

  /** Starts before the first line of the file `name`; rows go to `block`. */
  constructor(name: string, names: Names, block: Block = new Block()) {
    super(names, block);
    this.#name = name;
  }

  parse(text: Uint8Array, from: number): number {
    this.#text = text;
    let at = from;
    while (at < text.length && !this.block.full) {
      if (this.#inBody) at = this.#commonLines(at);
      if (at === text.length || this.block.full) break;
      this.line++;
      this.#start = at;
      at = this.#anyLine(at);
    }
    return at;
  }

  end(): void {
    if (this.#inBody || this.#headerLines === 0) return;
    this.line++;
    this.#start = this.#text.length;
    this.#checkHeader();
  }

  /**
   * Performs lines whose operands are one, two or three short numbers, each
   * behind one space, and maybe a site, as long as nothing is wrong and there
   * is room; returns where it stopped. The digits of the first two numbers are
   * read here, as a call for each would cost a tenth of the time.
   */
  #commonLines(start: number): number {
    const text = this.#text;
    const { objects } = this;
    const { op, slot, size, extra, site, line } = this.block;
    let row = this.block.length;
    let number = this.line;
    let at = start;
    this.zero(row);
    while (at < text.length && row < op.length) {
      const code = text[at]!;
      if (text[at + 1] !== SPACE) break;
      let next = at + 2;
      let first = text[next]! - ZERO;
      if (first >>> 0 > 9) break;
      let digit = text[++next]! - ZERO; // or what ends the number, less ZERO
      while (digit >>> 0 <= 9) {
        first = 10 * first + digit;
        digit = text[++next]! - ZERO;
      }
      if (next - at > 2 + EXACT_DIGITS) break;
      if (digit === CARRIAGE_RETURN - ZERO) digit = text[++next]! - ZERO;
      let what: number = Op.FREE;
      let where = 0;
      let bytes = 0;
      let other = 0;
      let from = 0;
      if (digit === LINE_FEED - ZERO) {
        if (code !== F) break;
        where = objects.free(first);
      } else {
        if (digit !== SPACE - ZERO) break;
        const second = ++next;
        bytes = text[next]! - ZERO;
        if (bytes >>> 0 > 9) break;
        digit = text[++next]! - ZERO;
        while (digit >>> 0 <= 9) {
          bytes = 10 * bytes + digit;
          digit = text[++next]! - ZERO;
        }
        if (next - second > EXACT_DIGITS) break;
        if (digit === CARRIAGE_RETURN - ZERO) digit = text[++next]! - ZERO;
        what = operationOf(code);
        if (what < 0) break;
        const isLast = digit === LINE_FEED - ZERO;
        const sited = !isLast && text[next + 1] === S;
        if (what <= Op.REALLOC ? !isLast && !sited : isLast || sited) break;
        if (!isLast) {
          next = this.#shortNumber(next, sited);
          if (next < 0 || text[next] !== LINE_FEED) break;
          if (sited) {
            from = this.#value;
            if (from === 0 || from > this.sites) break;
          } else {
            other = bytes;
            bytes = this.#value;
          }
        }
        where = what === Op.REALLOC
          ? objects.reallocate(first, bytes)
          : what <= Op.MEMALIGN
          ? objects.allocate(first, bytes)
          : objects.accessed(first, other + bytes);
      }
      if (where < 0) break;
      op[row] = what;
      slot[row] = where;
      size[row] = bytes;
      if (other > 0 || from > 0) {
        extra[row] = other;
        site[row] = from;
        this.zeroFrom = row + 1;
      }
      line[row++] = ++number;
      at = next + 1;
    }
    this.block.length = row;
    this.line = number;
    return at;
  }

  /**
   * Reads the space at `at` and the number behind it, and behind a letter if
   * it is `lettered`, into `#value`; returns where it ends, or -1 if something
   * else is there.
   */
  #shortNumber(at: number, lettered = false): number {
    const text = this.#text;
    if (text[at] !== SPACE) return -1;
    if (lettered) at++;
    const from = ++at;
    let value = 0;
    for (let c = text[at]!; isDigit(c); c = text[++at]!) {
      value = 10 * value + (c - ZERO);
    }
    this.#value = value;
    if (at === from || at - from > EXACT_DIGITS) return -1;
    return text[at] === CARRIAGE_RETURN ? at + 1 : at;
  }

  /** Performs a line of any form; slow, and the one that finds errors. */
  #anyLine(start: number): number {
    const end = this.#text.indexOf(LINE_FEED, start);
    if (end - start > MAX_LINE) {
      this.fail(`a line of at most ${MAX_LINE} bytes`);
    }
    const line = this.#lineText();
    if (line === "" || line.startsWith("#")) return end + 1;
    if (!this.#inBody && /^\d+$/.test(line)) {
      if (++this.#headerLines > MAX_HEADER_LINES) this.fail(OPERATION);
    } else {
      this.#checkHeader();
      this.#inBody = true;
      this.#operation(line);
    }
    return end + 1;
  }

  #checkHeader(): void {
    if (this.#headerLines % 2 === 0) return;
    this.fail("a header of 2 or 4 lines of digits");
  }

  #operation(line: string): void {
    if (line.startsWith("@")) return this.named(Op.CLIENT, line.slice(1));
    const [letter, ...words] = line.split(BLANKS);
    if (letter === "p") return this.named(Op.PHASE, line.slice(1));
    if (letter === "S") return this.defineSite(line.slice(1).trim());
    const operands = OPERANDS.get(letter!) ?? this.fail(OPERATION);
    const [first, second, third] = operands.map((what, i) =>
      operand(words[i], what) ?? this.fail(what)
    );
    const more = words.slice(operands.length);
    const sited = REQUESTS.includes(letter!) && more[0]?.startsWith("s");
    if (more.length > (sited ? 1 : 0)) this.fail("the end of the line");
    const site = sited ? siteOf(more[0]!) ?? this.fail(SITE) : 0;
    switch (letter) {
      case "a":
        return this.allocate(Op.MALLOC, first!, second!, 0, site);
      case "c":
        return this.allocate(Op.CALLOC, first!, second!, 0, site);
      case "r":
        return this.allocate(Op.REALLOC, first!, second!, 0, site);
      case "m":
        return this.allocate(Op.MEMALIGN, first!, third!, second!, site);
      case "f":
        return first === -1 ? this.push(Op.FREE, -1, 0, 0) : this.free(first!);
      case "w":
        return this.access(Op.WRITE, first!, second!, third!);
      case "g":
        return this.access(Op.READ, first!, second!, third!);
      case "t":
        return this.push(Op.TRIM, -1, first!, 0);
      case "o":
        return this.push(Op.MALLOPT, -1, second!, first!);
      case "k":
        return this.push(Op.SBRK, -1, first!, 0);
      case "T":
        return this.switch(first!);
      case "E":
        return this.endThread(first!);
      case "N":
        return this.push(Op.TIME, -1, first!, 0);
      case "R":
        return this.push(Op.RESIDENT, -1, first!, 0);
    }
  }

  #lineText(): string {
    const end = this.#text.indexOf(LINE_FEED, this.#start);
    return DECODER.decode(this.#text.subarray(this.#start, end)).trim();
  }

  protected override fail(expected: string): never {
    throw unexpected(this.#name, this.line, expected, this.#lineText());
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** The operation of a letter with an id and numbers behind it; -1: another one. */
function operationOf(code: number): number {
  if (code === A) return Op.MALLOC;
  if (code === R) return Op.REALLOC;
  if (code === C) return Op.CALLOC;
  if (code === M) return Op.MEMALIGN;
  return code === W ? Op.WRITE : code === G ? Op.READ : -1;
}
