/**
 * A trace as every allocator can replay it: malloc, calloc, realloc, memalign
 * and free, one thread, one heap. Commands to glibc, threads, touches and marks
 * are left out, and counted where that changes what is measured.
 *
 * @module
 */
import { type Block, Op, type Trace } from "../traces/trace.ts";

const MOST = 2n ** 64n - 1n;

/** What a trace holds. */
export interface Requests {
  /** Requests that are replayed. */
  operations: number;
  /** malloc_trim, mallopt and foreign sbrk: left out. */
  commands: number;
  /** Threads that request something, all of which are replayed as one. */
  threads: number;
}

/** The requests of `trace` with commands to glibc and threads. */
export async function plainText(trace: Trace): Promise<string> {
  let text = "";
  await writeRequests(trace, (piece) => text += piece, true);
  return text;
}

/**
 * Writes `trace` as `.rep` text, a piece at a time; what it holds. `whole`:
 * with commands to glibc and threads.
 */
export async function writeRequests(
  trace: Trace,
  write: (text: string) => void,
  whole = false,
): Promise<Requests> {
  const found: Requests = {
    operations: 0,
    commands: 0,
    threads: 0,
  };
  const threads = new Set<number>();
  let thread = 0;
  write("0\n0\n0\n1\n");
  for await (const block of trace.blocks()) {
    let text = "";
    for (let i = 0; i < block.length; i++) {
      const request = line(block, i, found);
      if (block.op[i] === Op.THREAD) thread = block.slot[i]!;
      else if (request !== "") threads.add(thread);
      text += request === "" && whole ? command(block, i) : request;
    }
    write(text);
  }
  found.threads = threads.size;
  return found;
}

/** Row `i` as a line; nothing for what is not replayed. */
function line(block: Block, i: number, found: Requests): string {
  const slot = block.slot[i]!;
  const op = block.op[i]!;
  switch (op) {
    case Op.MALLOC:
    case Op.CALLOC:
    case Op.REALLOC:
      found.operations++;
      return `${"acr"[op]} ${slot} ${digits(block.size[i]!)}\n`;
    case Op.MEMALIGN: {
      found.operations++;
      const align = digits(block.extra[i]!);
      return `m ${slot} ${align} ${digits(block.size[i]!)}\n`;
    }
    case Op.FREE:
      found.operations++;
      return `f ${slot}\n`;
    case Op.TRIM:
    case Op.MALLOPT:
    case Op.SBRK:
      found.commands++;
      return "";
    default:
      return "";
  }
}

/** Row `i` as a line, if it is a command or says which thread runs. */
function command(block: Block, i: number): string {
  const size = digits(block.size[i]!);
  switch (block.op[i]) {
    case Op.TRIM:
      return `t ${size}\n`;
    case Op.MALLOPT:
      return `o ${digits(block.extra[i]!)} ${size}\n`;
    case Op.SBRK:
      return `k ${size}\n`;
    case Op.THREAD:
      return `T ${block.slot[i]}\n`;
    case Op.THREAD_END:
      return `E ${block.slot[i]}\n`;
    default:
      return "";
  }
}

/** Decimal digits of an integer, at most 2^64 - 1. */
function digits(value: number): string {
  if (value <= Number.MAX_SAFE_INTEGER) return `${value}`;
  const exact = BigInt(value);
  return `${exact > MOST ? MOST : exact}`;
}
