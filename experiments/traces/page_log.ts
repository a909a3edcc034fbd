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
 * frame; pointers to pages, which are mostly hashed, say nothing. The free of a
 * block that was there before the recording began is left out, and counted; so
 * is a request that was refused, which has page frame 0. Where a block lies on
 * one that is live, the free of that was not recorded. A block may be freed by
 * parts, as vmalloc does from 7.2 on: SPLIT rows halve it first. A page that is
 * freed in a batch is shown twice, as mm_page_free and as mm_page_free_batched,
 * in an order that depends on the kernel: the second is passed over. So is what
 * happens between a zone and its per-CPU lists: mm_page_alloc_zone_locked,
 * mm_page_pcpu_drain and mm_page_alloc_extfrag. CLIENT rows name the CPU.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import { Op } from "./trace.ts";
import { TracerParser } from "./tracer.ts";

const EVENT =
  /(?:^|[\s:])mm_page_(alloc|free|free_direct|free_batched|pagevec_free|alloc_extfrag|alloc_zone_locked|pcpu_drain):\s+page=(\S+) pfn=(0x[\da-f]{1,13}|\d{1,15})( .*)?$/;
/** Order and, of an allocation, migratetype. */
const OPERANDS = /^ order=(\d{1,2})\b(?:.* migratetype=([0-5])\b)?/;
/** Events between a zone and the lists of CPUs. */
const INSIDE = /^(?:alloc_extfrag|alloc_zone_locked|pcpu_drain)$/;
/** Orders of blocks. */
const ORDERS = 16;
/** The pointer to no page, as it is printed. */
const NO_PAGE = /^(?:\(null\)|\(nil\)|0*|0x0*)$/;

/** What tracers of the kernel print. */
export const pageLog: Format = {
  name: "page log",
  summary: "the kernel's kmem:mm_page_alloc and mm_page_free, as ftrace, " +
    "`trace-cmd report` or `perf script` print them",
  holds: "pages",
  line: EVENT,
  parser: (name, names) => new PageLogParser(name, names),
};

class PageLogParser extends TracerParser {
  leftOut = 0;
  refused = 0;
  // The size of an object is the order of its block.
  readonly #objects = new Objects();
  /** Whether the log has single frees. */
  #hasFree = false;
  /** The page frame that was last freed in a batch; -1: none. */
  #batched = -1;

  protected override row(line: string): boolean {
    const match = EVENT.exec(line);
    if (!match) return true; // something else
    const [, event, page, frame, rest] = match;
    if (INSIDE.test(event!)) return true;
    const number = Number(frame);
    if (NO_PAGE.test(page!) || event === "alloc" && number === 0) {
      if (event === "alloc") this.refused++;
      return true;
    }
    if (this.marked(line)) return false;
    const [, order, type] = OPERANDS.exec(rest ?? "") ?? [];
    if (order === undefined || event === "alloc" && type === undefined) {
      this.fail("order and, of an allocation, migratetype 0 .. 5");
    }
    if (event === "alloc") return this.#alloc(number, +order, +type!);
    if (this.#split(number, +order)) return false;
    if (event === "free_batched" || event === "pagevec_free") {
      if (!this.#hasFree && this.#free(number)) this.#batched = number;
    } else {
      this.#hasFree = true;
      if (!this.#free(number) && number !== this.#batched) this.leftOut++;
      this.#batched = -1;
    }
    return true;
  }

  protected override on(cpu: number): void {
    this.push(Op.CLIENT, this.names.number(`cpu${cpu}`), 0, 0);
  }

  /** False if the line stands for one more row. */
  #alloc(frame: number, order: number, type: number): boolean {
    if (this.#free(frame)) return false;
    if (this.#objects.full) this.fail(`at most ${MAX_OBJECTS} live blocks`);
    const slot = this.#objects.allocate(frame, order);
    this.push(Op.MALLOC, slot, order, type);
    return true;
  }

  /** Halves the live block of which this is a part; false if there is none. */
  #split(frame: number, part: number): boolean {
    for (let k = part; k < ORDERS; k++) {
      const start = frame - frame % 2 ** k;
      const slot = this.#objects.slotOf(start);
      if (slot < 0) continue;
      const order = this.#objects.sizeOf(slot);
      if (order <= part || start + 2 ** order <= frame) return false;
      this.#objects.reallocate(start, order - 1);
      const half = this.#objects.allocate(start + 2 ** (order - 1), order - 1);
      if (half < 0) return false; // its free was not recorded
      this.push(Op.SPLIT, slot, half, 0);
      return true;
    }
    return false;
  }

  /** Frees the block at `frame`; false if none is live there. */
  #free(frame: number): boolean {
    const slot = this.#objects.free(frame);
    if (slot >= 0) this.push(Op.FREE, slot, 0, 0);
    return slot >= 0;
  }
}
