/**
 * Page requests in the words of ftrace, `trace-cmd report` and `perf script`:
 *
 *     cc1-22895 [000] ..... 18496.841377: mm_page_alloc: page=0000000088c075d4
 *         pfn=0x218fce order=0 migratetype=1 gfp_flags=GFP_KERNEL
 *     cc1-22895 [000] 18496.841522: mm_page_free: page=0xffffea00 pfn=2565590 order=0
 *     cc1 24254 [001] 18524.711446: kmem:mm_page_free_batched: page=0x2a1eaa
 *         pfn=0x2a1eaa order=0
 *
 * and in the comments of ftrace's function graph. A block is known by its page
 * frame. The free of one that was there before the recording began is left out,
 * and counted; where a block lies on one that is live, the free of that was not
 * recorded. A page that is freed in a batch is
 * shown twice, as mm_page_free and as mm_page_free_batched, in an order that
 * depends on the kernel: the second is passed over. So are requests that were
 * refused, and mm_page_alloc_extfrag, which says how one was served. CLIENT
 * rows name the CPU. Simplified: a block of which a part is freed is freed.
 *
 * @module
 */
import { EachLine } from "./each_line.ts";
import type { Format } from "./format.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import { Op } from "./trace.ts";

const EVENT =
  /(?:^|[\s:])mm_page_(alloc|free|free_direct|free_batched|pagevec_free|alloc_extfrag):\s+page=(\S+) pfn=(0x[\da-f]{1,13}|\d{1,15})( .*)?$/;
/** Order and, of an allocation, migratetype. */
const OPERANDS = /^ order=(\d{1,2})\b(?:.* migratetype=([0-5])\b)?/;
const CPU = /\[(\d{1,5})\]|(?:^|\|)\s*(\d{1,5})\) /;
const SECONDS = /(?:^|\s)(\d{1,9})\.(\d{6}|\d{9})(?::| \|)/;
/** The pointer to no page, as it is printed. */
const NO_PAGE = /^(?:\(null\)|\(nil\)|0*|0x0*)$/;
/** Microseconds between two TIME rows, at least. */
const TICK = 1000;

/** What tracers of the kernel print. */
export const pageLog: Format = {
  name: "page log",
  summary: "the kernel's kmem:mm_page_alloc and mm_page_free, as ftrace, " +
    "`trace-cmd report` or `perf script` print them",
  holds: "pages",
  line: EVENT,
  parser: (name, names) => new PageLogParser(name, names),
};

class PageLogParser extends EachLine {
  leftOut = 0;
  readonly #objects = new Objects();
  #cpu = "";
  // Microseconds of the first event, and of the last TIME row.
  #first: number | undefined;
  #last = 0;
  /** Whether the log has single frees. */
  #hasFree = false;
  /** The page frame that was last freed in a batch; -1: none. */
  #batched = -1;

  protected override row(line: string): boolean {
    const match = EVENT.exec(line);
    if (!match) return true; // something else
    const [, event, page, frame, rest] = match;
    if (event === "alloc_extfrag" || NO_PAGE.test(page!)) return true;
    if (this.#marked(line)) return false;
    const [, order, type] = OPERANDS.exec(rest ?? "") ?? [];
    if (order === undefined || event === "alloc" && type === undefined) {
      this.fail("order and, of an allocation, migratetype 0 .. 5");
    }
    const number = Number(frame);
    if (event === "alloc") return this.#alloc(number, +order, +type!);
    if (event === "free_batched" || event === "pagevec_free") {
      if (!this.#hasFree && this.#free(number)) this.#batched = number;
    } else {
      this.#hasFree = true;
      if (!this.#free(number) && number !== this.#batched) this.leftOut++;
      this.#batched = -1;
    }
    return true;
  }

  /** Pushes a row for the time or the CPU of `line` if that is due. */
  #marked(line: string): boolean {
    const [, seconds, fraction] = SECONDS.exec(line) ?? [];
    if (seconds !== undefined) {
      const now = 1e6 * Number(seconds) + Number(fraction!.slice(0, 6));
      this.#first ??= now;
      if (now - this.#first >= this.#last + TICK) {
        this.#last = now - this.#first;
        this.push(Op.TIME, -1, this.#last, 0);
        return true;
      }
    }
    const [, one, other] = CPU.exec(line) ?? [];
    const cpu = one ?? other ?? this.#cpu;
    if (cpu === this.#cpu) return false;
    this.#cpu = cpu;
    this.push(Op.CLIENT, this.names.number(`cpu${Number(cpu)}`), 0, 0);
    return true;
  }

  /** False if the line stands for one more row. */
  #alloc(frame: number, order: number, type: number): boolean {
    if (this.#free(frame)) return false;
    if (this.#objects.full) this.fail(`at most ${MAX_OBJECTS} live blocks`);
    const slot = this.#objects.allocate(frame, 0);
    this.push(Op.MALLOC, slot, order, type);
    return true;
  }

  /** Frees the block at `frame`; false if none is live there. */
  #free(frame: number): boolean {
    const slot = this.#objects.free(frame);
    if (slot >= 0) this.push(Op.FREE, slot, 0, 0);
    return slot >= 0;
  }
}
