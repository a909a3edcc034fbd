/**
 * What `valgrind --trace-malloc=yes` prints, read as a trace.
 *
 * Valgrind replaces malloc and its kin and prints each call, between its other
 * messages and whatever the program prints to the same place:
 *
 *     --7554-- malloc(24) = 0x4A40040
 *     --7554-- calloc(7,9) = 0x4A400A0
 *     --7554-- realloc(0x4A40040,500) = 0x4A40100
 *     --7554-- realloc(0x0,15)malloc(15) = 0x4A40200
 *     --7554-- realloc(0x4A40200,0)free(0x4A40200)
 *     --7554--  = 0
 *     --7554-- memalign(al 64, size 128) = 0x4A40240
 *     --7554-- _ZnwmSt11align_val_t(size 128, al 64) = 0x4A40300
 *     --7554-- free(0x4A40240)
 *
 * A call may be interrupted by a message, then its result follows on a line of
 * its own. Calls that returned NULL are left out: the program lived on without
 * the block. Names are those of the Itanium C++ ABI: _Znw and _Zna allocate,
 * _Zdl and _Zda free.
 *
 * One process only: a forked child has a heap of its own, at the addresses of
 * its parent. Good options are `--child-silent-after-fork=yes` for this, and
 * `--run-libc-freeres=no --run-cxx-freeres=no`, without which valgrind frees
 * at the end what the program itself leaves to the system.
 *
 * @module
 */
import { IdTable, MAX_ENTRIES } from "../harness/id_table.ts";
import {
  LINE_FEED,
  type LineParser,
  MAX_LINE,
  type Open,
  type ReadOptions,
  textTrace,
  unexpected,
} from "../harness/lines.ts";
import { Block, Op, Slots, type Trace } from "../harness/trace.ts";

/** Behind a time stamp and the number of the process: what it says. */
const MESSAGE = /--(?:[\d:.]+ )?(\d+)-- (.*)$/;
const CALL = /^(\w+)\(([^)]*)\)/;
const RESULT = /^ = (0x[\dA-Fa-f]+|\d+)/;
const NUMBERS = /0x[\dA-Fa-f]+|\d+/g;
const MAX_NUMBER = 2 ** 64;

const MALLOC = /^(malloc|__builtin_(vec_)?new|_Zn[aw][jm](RKSt9nothrow_t)?)$/;
const MEMALIGN =
  /^(memalign|posix_memalign|aligned_alloc|_Zn[aw][jm]St11align_val_t\w*)$/;
const FREE =
  /^(c?free|free_(aligned_)?sized|__builtin_(vec_)?delete|_Zd[al]Pv\w*)$/;
/** Functions that change nothing. */
const QUERY = /^(malloc_usable_size|mallinfo)$/;
const DECODER = new TextDecoder();

/**
 * The trace in what valgrind printed, compressed or not.
 *
 * `blocks()` throws `SyntaxError` with file and line.
 */
export function readValgrind(
  name: string,
  open: Open,
  options?: ReadOptions,
): Trace {
  return textTrace(name, open, () => new ValgrindParser(name), options);
}

/** An allocation that has been printed, but not yet what it returned. */
interface Call {
  text: string;
  op: number;
  size: number;
  /** Alignment of MEMALIGN, address of REALLOC. */
  extra: number;
}

/** Parses what valgrind printed about one process. */
export class ValgrindParser implements LineParser {
  readonly block: Block = new Block();
  readonly #name: string;
  /** Slot of every live address. */
  readonly #live = new IdTable();
  readonly #slots = new Slots();
  /** Number of the process; empty before its first call. */
  #process = "";
  #waiting: Call | undefined;
  // The line being parsed and its number.
  #text = "";
  #line = 0;

  /** Starts before the first line of the file `name`. */
  constructor(name: string) {
    this.#name = name;
  }

  parse(text: Uint8Array, from: number): number {
    let at = from;
    while (at < text.length && !this.block.full) {
      const end = text.indexOf(LINE_FEED, at);
      this.#line++;
      this.#text = DECODER.decode(text.subarray(at, end)).trimEnd();
      if (end - at > MAX_LINE) {
        this.#fail(`a line of at most ${MAX_LINE} bytes`);
      }
      const [, process, message] = MESSAGE.exec(this.#text) ?? [];
      if (message !== undefined) this.#read(process!, message);
      at = end + 1;
    }
    return at;
  }

  end(): void {
    // The program may have ended at any point, even in the middle of a call.
  }

  /** Makes at most one row of a `message`, as there is room for one. */
  #read(process: string, message: string): void {
    let rest = message;
    for (;;) {
      const result = RESULT.exec(rest);
      if (result) return this.#finish(this.#numbers(result[1]!, 1)[0]!);
      const call = CALL.exec(rest);
      if (!call) return;
      const [text, name, operands] = call;
      this.#begin(process);
      if (FREE.test(name!)) return this.#free(this.#numbers(operands!, 1)[0]!);
      rest = rest.slice(text.length);
      this.#waiting = this.#allocation(text, name!, operands!);
      if (this.#waiting || QUERY.test(name!) || !RESULT.test(rest)) continue;
      this.#fail("a function that allocates or frees");
    }
  }

  /** Makes sure that a call of `process` may come now. */
  #begin(process: string): void {
    this.#process ||= process;
    if (process !== this.#process) {
      const option = "(an option is --child-silent-after-fork=yes)";
      this.#fail(`no process but ${this.#process} ${option}`);
    }
    // calloc fails without a result; realloc may go on as malloc or free
    const before = this.#waiting;
    if (before?.op === Op.MALLOC || before?.op === Op.MEMALIGN) {
      this.#fail(`the result of ${before.text}`);
    }
    this.#waiting = undefined;
  }

  /** The allocation that a call begins, if it is one. */
  #allocation(text: string, name: string, operands: string): Call | undefined {
    if (MALLOC.test(name)) {
      const [size] = this.#numbers(operands, 1);
      return { text, op: Op.MALLOC, size: size!, extra: 0 };
    }
    if (MEMALIGN.test(name)) {
      const numbers = this.#numbers(operands, 2);
      if (operands.startsWith("size")) numbers.reverse();
      const [alignment, size] = numbers;
      return { text, op: Op.MEMALIGN, size: size!, extra: alignment! };
    }
    if (name === "calloc") {
      const [count, size] = this.#numbers(operands, 2);
      return { text, op: Op.CALLOC, size: count! * size!, extra: 0 };
    }
    if (name === "realloc") {
      const [old, size] = this.#numbers(operands, 2);
      return { text, op: Op.REALLOC, size: size!, extra: old! };
    }
    if (name === "reallocarray") {
      const [old, count, size] = this.#numbers(operands, 3);
      return { text, op: Op.REALLOC, size: count! * size!, extra: old! };
    }
  }

  /** The call that waits for it has returned `address`. */
  #finish(address: number): void {
    const call = this.#waiting;
    if (!call) return; // of a query, or of realloc(p, 0) after its free(p)
    this.#waiting = undefined;
    const { op, size, extra } = call;
    if (op === Op.REALLOC && extra !== 0) {
      if (address !== 0) this.#reallocate(extra, address, size);
      else if (size === 0) this.#free(extra);
    } else if (address !== 0) {
      const slot = this.#slots.take();
      this.#enter(address, slot);
      this.#push(op === Op.REALLOC ? Op.MALLOC : op, slot, size, extra);
    }
  }

  #reallocate(old: number, address: number, size: number): void {
    const slot = this.#leave(old);
    this.#enter(address, slot);
    this.#push(Op.REALLOC, slot, size, 0);
  }

  #free(address: number): void {
    if (address === 0) return this.#push(Op.FREE, -1, 0, 0);
    const slot = this.#leave(address);
    this.#slots.give(slot);
    this.#push(Op.FREE, slot, 0, 0);
  }

  #enter(address: number, slot: number): void {
    const place = this.#live.find(address);
    if (place >= 0) this.#fail("the address of no live block");
    if (this.#live.size === MAX_ENTRIES) {
      this.#fail(`at most ${MAX_ENTRIES} live blocks`);
    }
    this.#live.insert(~place, address, slot);
  }

  /** The slot of the block at `address`, which is live no more. */
  #leave(address: number): number {
    const place = this.#live.find(address);
    if (place < 0) this.#fail("the address of a live block");
    const slot = this.#live.value(place);
    this.#live.remove(place);
    return slot;
  }

  #push(op: number, slot: number, size: number, extra: number): void {
    this.block.line[this.block.length] = this.#line;
    this.block.push(op, slot, size, extra);
  }

  /** The numbers in `text`, at least `count`. */
  #numbers(text: string, count: number): number[] {
    const numbers = text.match(NUMBERS)?.map(Number) ?? [];
    if (numbers.length < count || numbers.some((n) => n > MAX_NUMBER)) {
      this.#fail(`${count} numbers of 0 .. 2^64 - 1`);
    }
    return numbers;
  }

  #fail(expected: string): never {
    throw unexpected(this.#name, this.#line, expected, this.#text);
  }
}
