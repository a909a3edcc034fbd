/**
 * What glibc's `mtrace()` writes into the file that MALLOC_TRACE names, read as
 * a trace:
 *
 *     = Start
 *     @ ./a.out:[0x1190] + 0x5609a3ad44a0 0x64     malloc, calloc or memalign
 *     @ ./a.out:[0x11b8] < 0x5609a3ad44a0          realloc of this block
 *     @ ./a.out:[0x11b8] > 0x5609a3ad4620 0x12c    gave that one
 *     @ ./a.out:(f+0x8)[0x11c8] - 0x5609a3ad4620   free
 *     @ ./a.out:[0x11d0] ! 0x5609a3ad4510 0x1000   realloc was refused
 *     = End
 *
 * Simplified: as the log does not tell calloc and memalign from malloc, neither
 * does the trace. Blocks from before the call of `mtrace()` are not known. Calls
 * that returned NULL, printed as `(nil)`, are left out. A program that is killed
 * leaves a last line that is cut off, which means nothing.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { LogParser } from "./log.ts";
import { Op } from "./trace.ts";

/** Caller, what happened, address and size. */
const LINE =
  /(?:^|\s)@ (?:\S.* )?([-+<>!]) (0x[\da-f]+|\(nil\))(?: (0x[\da-f]+|0))?$/i;

/** The log of glibc's own tracer. */
export const mtrace: Format = {
  name: "mtrace",
  summary: "what a program that calls mtrace() writes to the file MALLOC_TRACE",
  holds: "bytes",
  line: new RegExp(`^= Start$|^Memory not freed:$|${LINE.source}`, "i"),
  hint: "mtrace() writes them to the file that MALLOC_TRACE names; " +
    "the report of the mtrace script has none",
  parser: (name, _, options) => new MtraceParser(name, options, true),
};

class MtraceParser extends LogParser {
  /** The block that realloc is about to replace; 0: none. */
  #old = 0;

  protected override read(line: string): void {
    const [, sign, where, bytes] = LINE.exec(line) ?? [];
    if (sign === undefined) return;
    const needsSize = "+>!".includes(sign);
    if (needsSize !== (bytes !== undefined)) return; // cut off
    const address = where!.startsWith("0x") ? this.numbers(where!)[0]! : 0;
    const size = this.numbers(bytes ?? "0")[0]!;
    if (sign === "<") {
      this.#old = address;
      return;
    }
    if (!this.takes(0)) return;
    if (sign === "+") this.allocated(Op.MALLOC, address, size, 0);
    else if (sign === ">") this.reallocated(this.#old, address, size);
    else if (sign === "-") this.freed(address);
    this.#old = 0;
  }
}
