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
 * A message or, rarely, another thread may come between a call and its result,
 * which then follows on a line of its own. Simplified: it is taken for that of
 * the last call that waits for one. Calls that returned NULL are left out: the
 * program lived on without the block. _Znw and _Zna are C++'s new, _Zdl and
 * _Zda its delete, as the Itanium C++ ABI mangles them.
 *
 * One process only: a forked child has a heap of its own, at the addresses of
 * its parent. Good options are `--child-silent-after-fork=yes` for this, and
 * `--run-libc-freeres=no --run-cxx-freeres=no`, without which valgrind frees
 * at the end what the program itself leaves to the system.
 *
 * @module
 */
import { AddressTable } from "../../allocators/freelist/address_table.ts";
import {
  LINE_FEED,
  type LineParser,
  MAX_LINE,
  type Open,
  type ReadOptions,
  textTrace,
  unexpected,
} from "./lines.ts";
import { MAX_OBJECTS } from "./objects.ts";
import { Block, Op, Slots, type Trace } from "./trace.ts";

/** Behind a time stamp and the number of the process: what it says. */
const MESSAGE = /--(?:[\d:.]+ )?(\d+)-- (.*)$/;
const CALL = /^(\w+)\(([^)]*)\)/;
/** An address; what malloc_usable_size returns is printed in decimal. */
const RESULT = /^ = (0x[\dA-Fa-f]+)/;
const NUMBERS = /0x[\dA-Fa-f]+|\d+/g;
const MAX_NUMBER = 2 ** 64;

const MALLOC = /^(malloc|__builtin_(vec_)?new|_Zn[aw][jm](RKSt9nothrow_t)?)$/;
const MEMALIGN =
  /^(memalign|posix_memalign|aligned_alloc|_Zn[aw][jm]St11align_val_t\w*)$/;
const FREE =
  /^(c?free|free_(aligned_)?sized|__builtin_(vec_)?delete|_Zd[al]Pv\w*)$/;
/** Functions whose result valgrind 3.22 does not print; older ones do. */
const SECRETIVE = /^(posix_memalign|aligned_alloc)$/;
/** Threads that valgrind can run at most, unless told otherwise. */
const MAX_THREADS = 500;
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
  op: number;
  size: number;
  /** Alignment of MEMALIGN, address of REALLOC. */
  extra: number;
}

/** Parses what valgrind printed about one process. */
export class ValgrindParser implements LineParser {
  readonly block: Block;
  readonly #name: string;
  /** Slot + 1 of every live address. */
  readonly #live = new AddressTable();
  readonly #slots = new Slots();
  /** Number of the process; empty before its first call. */
  #process = "";
  /** The calls without a result so far, one per thread. */
  readonly #waiting: Call[] = [];
  // The line being parsed and its number.
  #text = "";
  #line = 0;

  /** Starts before the first line of the file `name`; rows go to `block`. */
  constructor(name: string, block: Block = new Block()) {
    this.#name = name;
    this.block = block;
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
    // a program may end in the middle of a call
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
      this.#checkProcess(process);
      if (FREE.test(name!)) return this.#free(this.#numbers(operands!, 1)[0]!);
      rest = rest.slice(text.length);
      const begun = this.#allocation(name!, operands!);
      if (begun) this.#begin(begun);
      else if (RESULT.test(rest)) this.#fail("a function that allocates");
      if (SECRETIVE.test(name!) && !RESULT.test(rest)) {
        this.#fail("a result (this version of valgrind keeps it back)");
      }
    }
  }

  #checkProcess(process: string): void {
    this.#process ||= process;
    if (process === this.#process) return;
    const option = "(an option is --child-silent-after-fork=yes)";
    this.#fail(`no process but ${this.#process} ${option}`);
  }

  /** The allocation that a call is, if it is one. */
  #allocation(name: string, operands: string): Call | undefined {
    if (MALLOC.test(name)) {
      const [size] = this.#numbers(operands, 1);
      return { op: Op.MALLOC, size: size!, extra: 0 };
    }
    if (MEMALIGN.test(name)) {
      const numbers = this.#numbers(operands, 2);
      if (operands.startsWith("size")) numbers.reverse();
      const [alignment, size] = numbers;
      return { op: Op.MEMALIGN, size: size!, extra: alignment! };
    }
    if (name === "calloc") {
      const [count, size] = this.#numbers(operands, 2);
      return { op: Op.CALLOC, size: product(count!, size!), extra: 0 };
    }
    if (name === "realloc") {
      const [old, size] = this.#numbers(operands, 2);
      return { op: Op.REALLOC, size: size!, extra: old! };
    }
    if (name === "reallocarray") {
      const [old, count, size] = this.#numbers(operands, 3);
      return { op: Op.REALLOC, size: product(count!, size!), extra: old! };
    }
  }

  /** A call is printed; its result is to come, unless its size overflows. */
  #begin(call: Call): void {
    const before = this.#waiting.at(-1);
    if (
      call.op === Op.MALLOC && before?.op === Op.REALLOC &&
      before.extra === 0 && before.size === call.size
    ) {
      this.#waiting.pop(); // realloc(0x0,15)malloc(15): one request
    }
    if (call.size <= MAX_NUMBER) this.#waiting.push(call);
    if (this.#waiting.length > MAX_THREADS) this.#fail("results of the calls");
  }

  /** A call has returned `address`: the last one that waits for its result. */
  #finish(address: number): void {
    const call = this.#waiting.pop();
    if (!call) return;
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
    const before = this.#waiting.at(-1);
    if (before?.op === Op.REALLOC && before.size === 0) {
      if (before.extra === address) this.#waiting.pop(); // realloc(p, 0)
    }
    if (address === 0) return this.#push(Op.FREE, -1, 0, 0);
    const slot = this.#leave(address);
    this.#slots.give(slot);
    this.#push(Op.FREE, slot, 0, 0);
  }

  #enter(address: number, slot: number): void {
    if (this.#live.get(address) !== 0) {
      this.#fail("the address of no live block");
    }
    if (this.#live.size === MAX_OBJECTS) {
      this.#fail(`at most ${MAX_OBJECTS} live blocks`);
    }
    this.#live.set(address, slot + 1);
  }

  /** The slot of the block at `address`, which is live no more. */
  #leave(address: number): number {
    const held = this.#live.take(address);
    if (held === 0) this.#fail("the address of a live block");
    return held - 1;
  }

  #push(op: number, slot: number, size: number, extra: number): void {
    this.block.line[this.block.length] = this.#line;
    this.block.push(op, slot, size, extra);
  }

  /** The numbers in `text`, at least `count`. */
  #numbers(text: string, count: number): number[] {
    const numbers = text.match(NUMBERS)?.map(Number) ?? [];
    if (numbers.length < count || numbers.some((n) => n > MAX_NUMBER)) {
      this.#fail("numbers of 0 .. 2^64 - 1");
    }
    return numbers;
  }

  #fail(expected: string): never {
    throw unexpected(this.#name, this.#line, expected, this.#text);
  }
}

/** Bytes of `count` elements; Infinity if C cannot count them. */
function product(count: number, size: number): number {
  const bytes = count * size;
  return bytes < MAX_NUMBER ? bytes : Infinity;
}
