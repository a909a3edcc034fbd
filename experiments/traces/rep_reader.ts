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
  isName,
  LINE_FEED,
  type LineParser,
  MAX_LINE,
  MAX_NAME,
  type Names,
  type Open,
  type ReadOptions,
  textTrace,
  unexpected,
} from "./lines.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import {
  FREEABLE,
  ID,
  LAST_THREAD,
  LIVE,
  operand,
  OPERANDS,
  OPERATION,
  REQUESTS,
  RUNNING,
  SITE,
  siteOf,
  THREAD,
} from "./rep_operands.ts";
import { isSite, MAX_SITE, MAX_SITES } from "./sites.ts";
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
/** Different names in one file; beyond, it is refused. */
const MAX_NAMES = 2 ** 16;
/** Longest run of digits that a double always holds exactly. */
const EXACT_DIGITS = 15;
/** A carriage return is a blank, so that files from Windows can be read. */
const BLANKS = /[ \t\r]+/;
const NAME = `a name of at most ${MAX_NAME} printable characters`;
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
export class RepParser implements LineParser {
  readonly block: Block;
  readonly #names: Names;
  readonly #name: string;
  readonly #objects = new Objects();
  /** Threads that have begun and not ended; 0 always has. */
  readonly #threads = new Set<number>();
  /** S lines so far. */
  #sites = 0;
  #headerLines = 0;
  /** Whether the header is over. */
  #inBody = false;
  // The line being parsed: its number, and where it starts in which text.
  #line = 0;
  #text: Uint8Array = new Uint8Array(0);
  #start = 0;
  /** The number last read by `#shortNumber`. */
  #value = 0;

  /** Starts before the first line of the file `name`; rows go to `block`. */
  constructor(name: string, names: Names, block: Block = new Block()) {
    this.#name = name;
    this.#names = names;
    this.block = block;
  }

  parse(text: Uint8Array, from: number): number {
    this.#text = text;
    let at = from;
    while (at < text.length && !this.block.full) {
      this.#line++;
      this.#start = at;
      const next = this.#inBody ? this.#commonLine(at) : -1;
      at = next < 0 ? this.#anyLine(at) : next;
    }
    return at;
  }

  end(): void {
    if (this.#inBody) return;
    this.#line++;
    this.#start = this.#text.length;
    if (this.#headerLines === 0) this.#fail("an operation or a header");
    this.#checkHeader();
  }

  /**
   * Performs a line whose operands are one, two or three short numbers, each
   * behind one space, and returns where the next line starts; does nothing and
   * returns -1 if the line is of any other form.
   */
  #commonLine(start: number): number {
    const text = this.#text;
    const code = text[start]!;
    let at = this.#shortNumber(start + 1);
    if (at < 0) return -1;
    const first = this.#value;
    if (text[at] === LINE_FEED) {
      if (code !== F) return -1;
      this.#free(first);
      return at + 1;
    }
    at = this.#shortNumber(at);
    if (at < 0) return -1;
    const second = this.#value;
    if (text[at] === LINE_FEED) {
      const op = requestOf(code);
      if (op < 0) return -1;
      this.#allocate(op, first, second, 0, 0);
      return at + 1;
    }
    const sited = text[at + 1] === S;
    at = this.#shortNumber(at, sited);
    if (at < 0 || text[at] !== LINE_FEED) return -1;
    const third = this.#value;
    if (sited) {
      const op = requestOf(code);
      if (op < 0 || third === 0) return -1;
      this.#allocate(op, first, second, 0, third);
      return at + 1;
    }
    if (code === W) this.#access(Op.WRITE, first, second, third);
    else if (code === G) this.#access(Op.READ, first, second, third);
    else if (code === M) this.#allocate(Op.MEMALIGN, first, third, second, 0);
    else return -1;
    return at + 1;
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
      this.#fail(`a line of at most ${MAX_LINE} bytes`);
    }
    const line = this.#lineText();
    if (line === "" || line.startsWith("#")) return end + 1;
    if (!this.#inBody && /^\d+$/.test(line)) {
      if (++this.#headerLines > MAX_HEADER_LINES) this.#fail(OPERATION);
    } else {
      this.#checkHeader();
      this.#inBody = true;
      this.#operation(line);
    }
    return end + 1;
  }

  #checkHeader(): void {
    if (this.#headerLines % 2 === 0) return;
    this.#fail("a header of 2 or 4 lines of digits");
  }

  #operation(line: string): void {
    if (line.startsWith("@")) return this.#named(Op.CLIENT, line.slice(1));
    const [letter, ...words] = line.split(BLANKS);
    if (letter === "p") return this.#named(Op.PHASE, line.slice(1));
    if (letter === "S") return this.#defineSite(line.slice(1).trim());
    const operands = OPERANDS.get(letter!) ?? this.#fail(OPERATION);
    const [first, second, third] = operands.map((what, i) =>
      operand(words[i], what) ?? this.#fail(what)
    );
    const more = words.slice(operands.length);
    const sited = REQUESTS.includes(letter!) && more[0]?.startsWith("s");
    if (more.length > (sited ? 1 : 0)) this.#fail("the end of the line");
    const site = sited ? siteOf(more[0]!) ?? this.#fail(SITE) : 0;
    switch (letter) {
      case "a":
        return this.#allocate(Op.MALLOC, first!, second!, 0, site);
      case "c":
        return this.#allocate(Op.CALLOC, first!, second!, 0, site);
      case "r":
        return this.#allocate(Op.REALLOC, first!, second!, 0, site);
      case "m":
        return this.#allocate(Op.MEMALIGN, first!, third!, second!, site);
      case "f":
        return first === -1
          ? this.#push(Op.FREE, -1, 0, 0)
          : this.#free(first!);
      case "w":
        return this.#access(Op.WRITE, first!, second!, third!);
      case "g":
        return this.#access(Op.READ, first!, second!, third!);
      case "t":
        return this.#push(Op.TRIM, -1, first!, 0);
      case "o":
        return this.#push(Op.MALLOPT, -1, second!, first!);
      case "k":
        return this.#push(Op.SBRK, -1, first!, 0);
      case "T":
        return this.#switch(first!);
      case "E":
        return this.#endThread(first!);
      case "N":
        return this.#push(Op.TIME, -1, first!, 0);
      case "R":
        return this.#push(Op.RESIDENT, -1, first!, 0);
    }
  }

  /** `number frames`: the next site. */
  #defineSite(words: string): void {
    const { sites } = this.#names;
    const number = ++this.#sites;
    const [first = "", ...frames] = words.split(BLANKS);
    if (first !== `${number}`) {
      this.#fail(`the number of the next site, ${number}`);
    }
    const text = frames.join(" ");
    if (number > MAX_SITES) this.#fail(`at most ${MAX_SITES} sites`);
    if (!isSite(text)) this.#fail(`at most ${MAX_SITE} printable characters`);
    sites[number] = text;
  }

  #named(op: number, text: string): void {
    const name = text.trim();
    if (!isName(name)) this.#fail(NAME);
    const number = this.#names.number(name);
    if (number === MAX_NAMES) this.#fail(`at most ${MAX_NAMES} names`);
    this.#push(op, number, 0, 0);
  }

  #allocate(
    op: number,
    id: number,
    size: number,
    extra: number,
    site: number,
  ): void {
    if (id > Number.MAX_SAFE_INTEGER) this.#fail(ID);
    const objects = this.#objects;
    if (objects.full) this.#fail(`at most ${MAX_OBJECTS} live ids`);
    if (site > this.#sites) this.#fail(SITE);
    const slot = op === Op.REALLOC
      ? objects.reallocate(id, size)
      : objects.allocate(id, size);
    if (slot < 0) this.#fail("an id that is not live");
    this.#push(op, slot, size, extra, site);
  }

  #free(id: number): void {
    const slot = this.#objects.free(id);
    const isNull = slot < 0 && id >= 0 && !this.#objects.isKnown(id);
    if (slot < 0 && !isNull) this.#fail(FREEABLE);
    this.#push(Op.FREE, slot, 0, 0);
  }

  #switch(thread: number): void {
    if (thread > LAST_THREAD) this.#fail(THREAD);
    this.#threads.add(thread);
    this.#push(Op.THREAD, thread, 0, 0);
  }

  #endThread(thread: number): void {
    if (thread === 0 || !this.#threads.delete(thread)) this.#fail(RUNNING);
    this.#push(Op.THREAD_END, thread, 0, 0);
  }

  #access(op: number, id: number, offset: number, bytes: number): void {
    const slot = this.#objects.slotOf(id);
    if (slot < 0) this.#fail(LIVE);
    const size = this.#objects.sizeOf(slot);
    if (offset + bytes > size) this.#fail(`an access within ${size} bytes`);
    this.#push(op, slot, bytes, offset);
  }

  #push(
    op: number,
    slot: number,
    size: number,
    extra: number,
    site = 0,
  ): void {
    this.block.line[this.block.length] = this.#line;
    this.block.push(op, slot, size, extra, site);
  }

  #lineText(): string {
    const end = this.#text.indexOf(LINE_FEED, this.#start);
    return DECODER.decode(this.#text.subarray(this.#start, end)).trim();
  }

  #fail(expected: string): never {
    throw unexpected(this.#name, this.#line, expected, this.#lineText());
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** The operation of a letter with an id and a size behind it; -1: another one. */
function requestOf(code: number): number {
  if (code === A) return Op.MALLOC;
  if (code === R) return Op.REALLOC;
  return code === C ? Op.CALLOC : -1;
}
