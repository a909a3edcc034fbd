/**
 * What `valgrind --trace-malloc=yes` prints, read as a trace.
 *
 * Valgrind replaces malloc and its kin and prints each call, between its other
 * messages and whatever the program prints to the same place. The forms of
 * valgrind 3.19, and of 3.24 and 3.27 where they differ:
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
 *     --7554-- realloc(0x4A40200,0)realloc() with size 0
 *     --7554--  = 0x0
 *     --7554-- reallocarray(0x0,3,5) = 0x4A40240
 *     --7554--  = 0x4A40240
 *     --7554-- posix_memalign(al 64, size 100)
 *     --7554--  = 0x4A40300
 *     --7554--  = 0x4A41000          valloc
 *     --7554-- memalign(64, 128) = 0x4A40240
 *     --7554-- posix_memalign(0x1FFF000578, 64, 100) = 0x4A40300
 *     --7554-- _ZdlPvmSt11align_val_t(0x4A40300, 128, 64)
 *
 * A message or, rarely, another thread may come between a call and its result,
 * which then follows on a line of its own. Simplified: it is taken for that of
 * the last call that waits for one. Calls that returned NULL are left out: the
 * program lived on without the block. So are blocks of valloc, of which newer
 * versions print the address only: they are counted as left out.
 *
 * Good options are `--child-silent-after-fork=yes`, which leaves one process,
 * and `--run-libc-freeres=no --run-cxx-freeres=no`, without which valgrind
 * frees at the end what the program itself leaves to the system.
 *
 * @module
 */
import { type Call, isFree } from "./calls.ts";
import type { Format } from "./format.ts";
import type { ReadOptions } from "./lines.ts";
import { LogParser } from "./log.ts";
import { type Block, Op } from "./trace.ts";

/** Behind a time stamp and the number of the process: what it says. */
const MESSAGE = /--(?:[\d:.]+ )?(\d+)-- (.*)$/;
const CALL = /^(\w+)\(([^)]*)\)/;
/** An address; what malloc_usable_size returns is printed in decimal. */
const RESULT = /^ = (0x[\dA-Fa-f]+)/;
/** What a call printed that posix_memalign refused. */
const REFUSED = /^ = 0$/;
/** A message within the line of a call. */
const REMARK = /^realloc(array)?\(\) with size 0/;
/** Threads that valgrind can run at most, unless told otherwise. */
const MAX_THREADS = 500;

/** What valgrind prints, wherever it goes. */
export const valgrind: Format = {
  name: "valgrind",
  summary: "what `valgrind --trace-malloc=yes --log-file=FILE PROGRAM` prints",
  holds: "bytes",
  processes: true,
  line: /(?:^|\s)==(?:[\d:.]+ )?\d+== |--(?:[\d:.]+ )?\d+-- /,
  hint: "valgrind prints them with --trace-malloc=yes",
  parser: (name, _, options) => new ValgrindParser(name, options),
};

/** Parses what valgrind printed. */
export class ValgrindParser extends LogParser {
  /** The calls without a result so far, one per thread. */
  readonly #waiting: Call[] = [];

  /** Starts before the first line of the file `name`; rows go to `block`. */
  constructor(name: string, options: ReadOptions = {}, block?: Block) {
    super(name, options, false, block);
  }

  protected override read(line: string): void {
    const [, process, message] = MESSAGE.exec(line) ?? [];
    if (message === undefined) return;
    const pid = Number(process);
    let rest = message;
    for (;;) {
      const result = RESULT.exec(rest);
      if (result) {
        const [address] = this.numbers(result[1]!);
        if (this.took(pid)) this.#finish(address!);
        return;
      }
      if (REFUSED.test(rest) && this.took(pid)) return this.#refuse();
      const call = REMARK.test(rest) ? null : CALL.exec(rest);
      if (!call || !this.takes(pid)) return;
      const [text, name, operands] = call;
      const numbers = this.numbers(operands!);
      if (isFree(name!)) return this.#free(this.address(numbers));
      rest = rest.slice(text.length);
      const begun = this.allocation(name!, numbers);
      if (begun) this.#begin(begun);
      else if (RESULT.test(rest)) this.fail("a function that allocates");
      else return;
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
    if (call.size < Infinity) this.#waiting.push(call);
    if (this.#waiting.length > MAX_THREADS) this.fail("results of the calls");
  }

  /** A call has returned `address`: the last one that waits for its result. */
  #finish(address: number): void {
    const call = this.#waiting.pop();
    if (call?.op === Op.REALLOC) {
      this.reallocated(call.extra, address, call.size);
    } else if (call) this.allocated(call.op, address, call.size, call.extra);
    else this.unsized(address); // of valloc, unless reallocarray says it twice
  }

  /** A call has returned 0, in decimal: only posix_memalign says so. */
  #refuse(): void {
    if (this.#waiting.at(-1)?.op === Op.MEMALIGN) this.#waiting.pop();
  }

  #free(address: number): void {
    const before = this.#waiting.at(-1);
    if (before?.op === Op.REALLOC && before.size === 0) {
      if (before.extra === address) this.#waiting.pop(); // realloc(p, 0)
    }
    this.freed(address);
  }
}
