/**
 * The traces that the cells of one worker share.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";
import { whole, type WholeTrace } from "../traces/whole.ts";
import type { InputReader, ReadFiles } from "./input_reader.ts";

/** Rows of all traces that are kept, 25 bytes each. */
const MOST_ROWS = 2 ** 21;

/** Traces by name, as many as there is room for. */
export class SharedTraces {
  /** With the files that each was read from; least recently used first. */
  readonly #kept = new Map<string, [trace: WholeTrace, read: ReadFiles]>();
  #rows = 0;

  /**
   * The trace `name`, by `make` unless it is kept; one that is too long never
   * is. The cell with `inputs` asks.
   */
  async take(
    name: string,
    make: () => Trace | Promise<Trace>,
    inputs: InputReader,
  ): Promise<Trace> {
    const known = this.#kept.get(name);
    if (known) {
      this.#kept.delete(name);
      this.#kept.set(name, known);
      inputs.add(known[1]);
      return known[0];
    }
    const [trace, read] = await inputs.during(async () =>
      whole(await make(), MOST_ROWS)
    );
    if (!trace) return make();
    this.#keep(name, trace, read);
    return trace;
  }

  #keep(name: string, trace: WholeTrace, read: ReadFiles): void {
    this.#rows += trace.length;
    for (const [old, [{ length }]] of this.#kept) {
      if (this.#rows <= MOST_ROWS) break;
      this.#kept.delete(old);
      this.#rows -= length;
    }
    this.#kept.set(name, [trace, read]);
  }
}
