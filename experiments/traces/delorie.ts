/**
 * The workload files (`.wl`) of DJ Delorie's malloc tracer for glibc, which
 * `trace2wl` makes and `trace_run` replays: bytes, without lines.
 *
 * A number is groups of 7 bits, the highest first; the top bit says that more
 * follow. The file begins with the number of pointers (code 8), of signals (9)
 * and of threads (10), and where each thread begins (11, an offset); 1 ends the
 * list. Then come the calls of each thread, until 1:
 *
 *      2 p n      p = malloc(n)            6 k   signal k is given
 *      3 p n      p = calloc(n)            7 k   waits for signal k
 *      4 q p n    q = realloc(p, n)        0     nothing
 *      5 p        free(p)
 *     12 p a n    p = memalign(a, n)
 *
 * Pointer 0 is NULL: a call that returned it is left out. Simplified: as the
 * file tells no more of the order than its signals do, threads take turns of
 * {@linkcode TURN} calls, and whose calls are done to the lowest part is next.
 * The whole file is held in memory. Rows have the offset of their call as line.
 *
 * @module
 */
import { CallRows } from "./call_rows.ts";
import type { Format } from "./format.ts";
import { type LineParser, unexpected } from "./lines.ts";
import { Block, Op } from "./trace.ts";

/** Codes of the file. */
const Code = {
  NOP: 0,
  DONE: 1,
  MALLOC: 2,
  CALLOC: 3,
  REALLOC: 4,
  FREE: 5,
  GIVE: 6,
  AWAIT: 7,
  POINTERS: 8,
  SIGNALS: 9,
  THREADS: 10,
  START: 11,
  MEMALIGN: 12,
} as const;

/** Calls of a thread until another one may be next. */
const TURN = 16;
/** Bytes of the longest file: 1 GiB. */
const MAX_FILE = 2 ** 30;
/** Threads of one file; each turn looks at all of them. */
const MAX_THREADS = 1024;
/** Bytes of the longest number. */
const MAX_DIGITS = 10;

/** Workloads of glibc's own developers. */
export const delorie: Format = {
  name: ".wl",
  summary: "a workload that trace2wl makes of a glibc malloc trace",
  holds: "bytes",
  begins(head) {
    let at = 0;
    for (const code of [Code.POINTERS, Code.SIGNALS, Code.THREADS]) {
      if (head[at++] !== code) return false;
      while (head[at++]! >= 0x80);
    }
    return head[at] === Code.START || head[at] === Code.DONE;
  },
  parser: (name) => new WorkloadParser(name),
};

/** A thread and where it is. */
interface Thread {
  number: number;
  start: number;
  at: number;
  end: number;
  /** Whether its calls are over. */
  done: boolean;
  /** The signal that it waits for; 0: none. */
  awaits: number;
}

class WorkloadParser extends CallRows implements LineParser {
  readonly #name: string;
  #file: Uint8Array = new Uint8Array(2 ** 16);
  #length = 0;
  /** Where the next byte is read. */
  #at = 0;
  #threads: Thread[] | undefined;
  #running = 0;
  #given = new Uint8Array(0);

  constructor(name: string) {
    super(true, new Block());
    this.#name = name;
  }

  parse(bytes: Uint8Array, from: number): number {
    const length = this.#length + bytes.length - from;
    if (length > MAX_FILE) this.fail(`at most ${MAX_FILE} bytes`);
    if (length > this.#file.length) {
      const longer = new Uint8Array(Math.max(length, 2 * this.#file.length));
      longer.set(this.#file.subarray(0, this.#length));
      this.#file = longer;
    }
    this.#file.set(bytes.subarray(from), this.#length);
    this.#length = length;
    return bytes.length;
  }

  end(): boolean {
    this.#threads ??= this.#begin();
    while (this.block.length + 2 * TURN + 2 < this.block.op.length) {
      const next = this.#next();
      if (!next) return true;
      this.#turn(next);
    }
    return false;
  }

  /** Reads what stands before the calls. */
  #begin(): Thread[] {
    const threads: Thread[] = [];
    let expected = 0;
    for (;;) {
      this.line = this.#at;
      const code = this.#byte();
      if (code === Code.DONE) break;
      const number = this.#number();
      if (code === Code.SIGNALS) {
        if (number > this.#length) this.fail("fewer signals");
        this.#given = new Uint8Array(number + 1);
      } else if (code === Code.THREADS) {
        if (number > MAX_THREADS) this.fail(`at most ${MAX_THREADS} threads`);
        expected = number;
      } else if (code === Code.START) {
        const isTaken = threads.some(({ start }) => start === number);
        if (number >= this.#length || isTaken) {
          this.fail("an offset in the file, another for each thread");
        }
        if (threads.length === expected) this.fail("fewer threads");
        const of = { number: threads.length, start: number, at: number };
        threads.push({ ...of, end: this.#length, done: false, awaits: 0 });
      } else if (code !== Code.POINTERS) this.fail("a code of 8 .. 11, or 1");
    }
    const starts = threads.map(({ start }) => start).sort((a, b) => a - b);
    for (const thread of threads) {
      thread.end = starts.find((start) => start > thread.start) ??
        this.#length;
    }
    return threads;
  }

  /** Whose calls are done to the lowest part; undefined if all are. */
  #next(): Thread | undefined {
    let [best, lowest] = [undefined as Thread | undefined, Infinity];
    let waiting: Thread | undefined;
    for (const thread of this.#threads!) {
      if (thread.done) continue;
      if (thread.awaits > 0 && this.#given[thread.awaits] === 0) {
        waiting = thread;
        continue;
      }
      const { start, at, end } = thread;
      const part = (at - start) / (end - start);
      if (part < lowest) [best, lowest] = [thread, part];
    }
    if (!best && waiting) {
      this.line = this.#at = waiting.at;
      this.fail(`signal ${waiting.awaits}, which nobody gives`);
    }
    return best;
  }

  /** Up to TURN calls of `thread`. */
  #turn(thread: Thread): void {
    thread.awaits = 0;
    this.#at = thread.at;
    for (let calls = 0; calls < TURN && !thread.done; calls++) {
      this.line = this.#at;
      const code = this.#byte();
      if (code === Code.AWAIT) {
        const signal = this.#signal();
        if (this.#given[signal] === 0) {
          thread.awaits = signal;
          break;
        }
      } else if (code === Code.GIVE) this.#given[this.#signal()] = 1;
      else if (code === Code.DONE) thread.done = true;
      else if (code !== Code.NOP) {
        this.#runs(thread.number);
        this.#call(code);
        this.flush();
      }
    }
    thread.at = this.#at;
    if (this.#at > thread.end) this.fail("the end of the thread's calls");
    if (!thread.done || thread.number === 0) return;
    this.#runs(thread.number);
    this.push(Op.THREAD_END, thread.number, 0, 0);
    this.#running = 0;
  }

  /** The following calls are those of `thread`. */
  #runs(thread: number): void {
    if (thread === this.#running) return;
    this.push(Op.THREAD, thread, 0, 0);
    this.#running = thread;
  }

  #call(code: number): void {
    const pointer = this.#number();
    switch (code) {
      case Code.MALLOC:
        return this.allocated(Op.MALLOC, pointer, this.#number(), 0);
      case Code.CALLOC:
        return this.allocated(Op.CALLOC, pointer, this.#number(), 0);
      case Code.REALLOC: {
        const old = this.#number();
        return this.reallocated(old, pointer, this.#number());
      }
      case Code.FREE:
        return this.freed(pointer);
      case Code.MEMALIGN: {
        const alignment = this.#number();
        return this.allocated(Op.MEMALIGN, pointer, this.#number(), alignment);
      }
    }
    this.fail("a code of 0 .. 7, or 12");
  }

  #signal(): number {
    const signal = this.#number();
    if (signal === 0 || signal >= this.#given.length) {
      this.fail(`a signal of 1 .. ${this.#given.length - 1}`);
    }
    return signal;
  }

  #number(): number {
    let number = 0;
    for (let digits = 1;; digits++) {
      const byte = this.#byte();
      number = 128 * number + (byte & 0x7f);
      if (byte < 0x80) break;
      if (digits === MAX_DIGITS) this.fail("a number of at most 64 bits");
    }
    if (number > 2 ** 64) this.fail("a number of at most 64 bits");
    return number;
  }

  #byte(): number {
    if (this.#at >= this.#length) this.fail("more bytes");
    return this.#file[this.#at++]!;
  }

  /** Says where in the file it is, by the offset. */
  protected override fail(expected: string): never {
    const bytes = this.#file.subarray(
      this.line,
      Math.min(this.#length, this.line + 8),
    );
    const shown = [...bytes].join(" ");
    throw unexpected(this.#name, this.line, expected, shown);
  }
}
