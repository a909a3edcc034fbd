/**
 * The `.pages` text form of page requests, read while it streams in:
 *
 *     a id order type    allocate 2^order pages of migratetype 0, 1 or 2
 *     f id               free them
 *
 * In the trace an allocation is a MALLOC row with size = order and extra =
 * type. A request may be refused; freeing its id then does nothing.
 *
 * @module
 */
import { EachLine } from "./each_line.ts";
import type { Format } from "./format.ts";
import { type Open, type ReadOptions, textTrace } from "./lines.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import { Op, type Trace } from "./trace.ts";

const LINE = /^(?:a\s+(\d{1,15})\s+(\d{1,2})\s+([012])|f\s+(\d{1,15}))$/;
const OPERATION =
  "`a id order type` (type 0 unmovable, 1 movable, 2 reclaimable) or `f id`";

/** Page requests in our own form. */
export const pages: Format = {
  name: ".pages",
  summary: `page requests, one a line: ${OPERATION}`,
  holds: "pages",
  line: /^a\s+\d+\s+\d+\s+[012]$/,
  parser: (name, names) => new PagesParser(name, names),
};

/**
 * The trace in a `.pages` file, compressed or not. `blocks()` throws
 * `SyntaxError` with file and line.
 */
export function readPages(
  name: string,
  open: Open,
  options?: ReadOptions,
): Trace {
  return textTrace(
    name,
    open,
    (names) => new PagesParser(name, names),
    options,
  );
}

class PagesParser extends EachLine {
  readonly #objects = new Objects();

  protected override row(line: string): true {
    const match = LINE.exec(line);
    if (!match) this.fail(OPERATION);
    const [, id, order, type, freed] = match;
    if (freed !== undefined) {
      const slot = this.#objects.free(Number(freed));
      if (slot < 0) this.fail("a live id");
      this.push(Op.FREE, slot, 0, 0);
    } else {
      if (this.#objects.full) this.fail(`at most ${MAX_OBJECTS} live ids`);
      const slot = this.#objects.allocate(Number(id), 0);
      if (slot < 0) this.fail("an id that is not live");
      this.push(Op.MALLOC, slot, Number(order), Number(type));
    }
    return true;
  }
}
