/**
 * What a heap answers, request by request, as text: the form in which the
 * answers of a real allocator can be recorded too.
 *
 *     <op> H <offset> <usable>   in the heap: hexadecimal offset from its start
 *     <op> M <offset> <usable>   a mapping: hexadecimal offset in its page
 *     <op> X <offset> <usable>   neither: hexadecimal offset in its page
 *     <op> A<k> <s> <offset> <usable>
 *                                arena k = 1.. in order of creation, segment
 *                                s = 0.. of it, hexadecimal offset in that
 *     h <k> <s> <address>        that segment was seen for the first time, or
 *                                lies elsewhere than before
 *     <op> 0                     NULL
 *     <op> -                     no request for memory
 *     b <offset>                 the break moved: its offset from the start
 *     S <op> <break> <arena> <hblks> <hblkhd> <uordblks> <fordblks> <keepcost>
 *       <fsmblks> <ordblks> <smblks> [<pages> <faults>]
 *                                figures after so many operations; resident
 *                                pages and page faults if wanted
 *     P <k> <system> <top> <threads> <binned> <bytes> <fast> <bytes> <segments>
 *                                after them, where there are several arenas:
 *                                the figures of each, 0 is main
 *
 * Operations count from 0; marks of phases and clients do not count. X and b
 * lines are for heaps in the memory of a process. A heap whose entry has
 * absolute places answers with
 *
 *     <op> <address> <usable>    hexadecimal
 *
 * and says nothing of the break.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  type ArenaFigures,
  NULL,
  type Place,
} from "../../allocators/allocator.ts";
import { PAGE, type PageSource } from "../../allocators/pages.ts";
import { isMark, runRows, type Session } from "./replay.ts";
import { type Block, Op, type Trace } from "../traces/trace.ts";

/** Characters of a piece of text. */
const PIECE = 2 ** 16;

/** Whether an operation answers with an address. */
const ANSWERS: readonly number[] = [
  Op.MALLOC,
  Op.CALLOC,
  Op.REALLOC,
  Op.MEMALIGN,
];

/** A heap whose answers are printed. */
export interface Subject {
  /** The heap. */
  heap: Allocator;
  /** Its memory. */
  source: PageSource;
  /** Where its memory begins. */
  start: Address;
  /** Whether that is the memory of a process, with a break to watch. */
  process: boolean;
  /** Whether addresses are printed as they are. */
  absolute?: boolean;
}

/** What to print besides the answers. */
export interface Extras {
  /** Operations between lines of figures; 0: no such lines. */
  every: number;
  /** Whether each answer tells where the memory came from. */
  explain: boolean;
  /** Whether figures end with resident pages and page faults. */
  resident?: boolean;
}

/**
 * Replays `trace` in `session` and yields the lines in pieces of some length.
 *
 * Throws `RangeError` if figures are wanted of a heap that reports none.
 */
export async function* addressLines(
  trace: Trace,
  session: Session,
  subject: Subject,
  extras: Extras,
): AsyncGenerator<string> {
  const printer = new Printer(subject, extras);
  try {
    for await (const block of trace.blocks()) {
      for (let i = 0; i < block.length; i++) {
        runRows(trace, session, block, i, i + 1);
        printer.note(block, i, session);
        if (printer.text.length >= PIECE) yield printer.take();
      }
    }
  } catch (error) {
    yield printer.take(); // what was answered before
    throw error;
  }
  printer.end();
  yield printer.take();
}

class Printer {
  /** What has been printed and not taken. */
  text = "";
  readonly #subject: Subject;
  readonly #extras: Extras;
  #count = 0;
  #failures = 0;
  #break: Address;
  // Where each segment of another arena was last seen, and what to say of it.
  readonly #segments = new Map<string, Address>();
  #moved = "";

  constructor(subject: Subject, extras: Extras) {
    this.#subject = subject;
    this.#extras = extras;
    this.#break = subject.source.sbrk(0);
    if (extras.every > 0) this.#figures();
  }

  take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }

  /** Prints what row `i` of `block` led to. */
  note(block: Block, i: number, session: Session): void {
    const op = block.op[i]!;
    if (isMark(op)) return;
    const refused = session.failures > this.#failures;
    this.#failures = session.failures;
    const answer = !ANSWERS.includes(op)
      ? "-"
      : this.#answer(refused ? NULL : session.addressOf(block.slot[i]!));
    const way = this.#extras.explain ? this.#subject.heap.explain?.() : "";
    this.text += `${this.#count} ${answer}${way ? ` ${way}` : ""}\n`;
    this.#count++;
    this.text += this.#moved;
    this.#moved = "";
    const { process, absolute } = this.#subject;
    if (process && !absolute) this.#watchBreak();
    const { every } = this.#extras;
    if (every > 0 && this.#count % every === 0) this.#figures();
  }

  /** Prints the last figures, unless they are printed. */
  end(): void {
    const { every } = this.#extras;
    if (every > 0 && this.#count % every !== 0) this.#figures();
  }

  #answer(address: Address): string {
    if (address === NULL) return "0";
    const { heap, start, process, source } = this.#subject;
    const usable = heap.usableSize(address);
    if (this.#subject.absolute) return `${hexadecimal(address)} ${usable}`;
    const mapped = heap.isMapped?.(address) ?? false;
    const place = mapped ? undefined : heap.placeOf?.(address);
    if (place) return `${this.#place(place, address)} ${usable}`;
    const foreign = process &&
      !(address >= start && address < source.sbrk(0));
    if (!mapped && !foreign) {
      return `H ${hexadecimal(address - start)} ${usable}`;
    }
    return `${mapped ? "M" : "X"} ${hexadecimal(address % PAGE)} ${usable}`;
  }

  #place({ arena, segment, start }: Place, address: Address): string {
    const name = `${arena} ${segment}`;
    if (this.#segments.get(name) !== start) {
      this.#segments.set(name, start);
      this.#moved = `h ${name} ${hexadecimal(start)}\n`;
    }
    return `A${name} ${hexadecimal(address - start)}`;
  }

  #watchBreak(): void {
    const now = this.#subject.source.sbrk(0);
    if (now === this.#break) return;
    this.#break = now;
    this.text += `b ${hexadecimal(now - this.#subject.start)}\n`;
  }

  #figures(): void {
    const { heap, source, start } = this.#subject;
    const m = heap.mallinfo?.();
    if (!m) throw new RangeError("The allocator has no mallinfo");
    this.text +=
      `S ${this.#count} ${hexadecimal(source.sbrk(0) - start)} ${m.arena} ` +
      `${m.hblks} ${m.hblkhd} ${m.uordblks} ${m.fordblks} ${m.keepcost} ` +
      `${m.fsmblks} ${m.ordblks} ${m.smblks}`;
    if (this.#extras.resident) {
      const pages = (source.residentBytes ?? 0) / PAGE;
      this.text += ` ${pages} ${source.pageFaults}`;
    }
    this.text += "\n";
    const arenas = heap.arenaFigures?.() ?? [];
    if (arenas.length > 1) arenas.forEach((a, k) => this.#arena(a, k));
  }

  #arena(a: ArenaFigures, k: number): void {
    const segments = k === 0 ? 1 : a.segments;
    this.text += `P ${k} ${a.systemBytes} ${a.topBytes} ${a.threads} ` +
      `${a.binnedBlocks} ${a.binnedBytes} ${a.fastBlocks} ${a.fastBytes} ` +
      `${segments}\n`;
  }
}

function hexadecimal(offset: number): string {
  return offset.toString(16);
}
