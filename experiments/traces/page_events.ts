/**
 * Page requests as the kernel's trace points mm_page_alloc and mm_page_free
 * saw them, one a line: `a,cpu,pfn,order,type` and `f,cpu,pfn,order,`.
 *
 * A block is known by its page frame. A free of a block that was there before
 * the recording began is left out, and counted. CLIENT rows name the CPU: `cpu0`, `cpu1`.
 *
 * @module
 */
import { EachLine } from "./each_line.ts";
import type { Format } from "./format.ts";
import { type Open, type ReadOptions, textTrace } from "./lines.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import { Op, type Trace } from "./trace.ts";

const LINE = /^([af]),(\d{1,5}),(\d{1,15}),(\d{1,2}),([0-5]?)$/;
const OPERATION = "`a,cpu,pfn,order,type` or `f,cpu,pfn,order,`";

/** Recorded trace points. */
export const pageEvents: Format = {
  name: "page events",
  summary: "the kernel's mm_page_alloc and mm_page_free, as CSV: " + OPERATION,
  holds: "pages",
  line: LINE,
  parser: (name, names) => new PageTraceParser(name, names),
};

/**
 * The trace in such a file, compressed or not. `blocks()` throws `SyntaxError`
 * with file and line.
 */
export function readPageTrace(
  name: string,
  open: Open,
  options?: ReadOptions,
): Trace {
  return textTrace(
    name,
    open,
    (names) => new PageTraceParser(name, names),
    options,
  );
}

class PageTraceParser extends EachLine {
  leftOut = 0;
  readonly #objects = new Objects();
  #cpu = "";

  protected override row(line: string): boolean {
    const match = LINE.exec(line);
    if (!match) this.fail(OPERATION);
    const [, op, cpu, pfn, order, type] = match;
    if (cpu !== this.#cpu) {
      this.#cpu = cpu!;
      const client = this.names.number(`cpu${Number(cpu)}`);
      this.push(Op.CLIENT, client, 0, 0);
      return false;
    }
    if (op === "f") {
      const slot = this.#objects.free(Number(pfn));
      if (slot >= 0) this.push(Op.FREE, slot, 0, 0);
      else this.leftOut++;
      return true;
    }
    if (type === "") this.fail(OPERATION);
    if (this.#objects.full) this.fail(`at most ${MAX_OBJECTS} live blocks`);
    const slot = this.#objects.allocate(Number(pfn), 0);
    if (slot < 0) this.fail("a page frame that is free");
    this.push(Op.MALLOC, slot, Number(order), Number(type));
    return true;
  }
}
