/**
 * Buffers with fixed lifetimes as a trace; lifetimes.ts says what they are.
 *
 * The rows come in any order, so all of them are held until the file ends. A
 * buffer's requests have the line of its row.
 *
 * @module
 */
import { EachLine } from "./each_line.ts";
import type { Format } from "./format.ts";
import {
  BUFFER,
  type Buffer,
  BUFFER_ROW,
  type Event,
  eventsOf,
} from "./lifetimes.ts";
import { MOST_LIVE, Op, Slots } from "./trace.ts";

/** The line of names, by which such a file is known. */
const NAMES = /^id,\s*lower,\s*upper,\s*size$/;

/** What compilers of machine learning place. */
export const minimalloc: Format = {
  name: "minimalloc",
  summary: "buffers with lifetimes, as CSV: a line of names, then " + BUFFER,
  holds: "bytes",
  line: NAMES,
  parser: (name, names) => new BufferParser(name, names),
};

class BufferParser extends EachLine {
  readonly #buffers: Buffer[] = [];
  readonly #lines: number[] = [];
  readonly #slots = new Slots();
  /** Slot of every buffer that is live. */
  readonly #slotOf: number[] = [];
  #events: Event[] | undefined;
  /** Events that have become rows. */
  #done = 0;

  protected override row(line: string): boolean {
    const [lower, upper, size] = (BUFFER_ROW.exec(line) ?? []).slice(1)
      .map(Number);
    if (size === undefined) {
      if (this.#buffers.length > 0 || !NAMES.test(line)) this.fail(BUFFER);
      return true;
    }
    if (lower! >= upper!) this.fail("lower < upper");
    if (this.#buffers.length === MOST_LIVE) this.fail("fewer buffers");
    this.#buffers.push({ lower: lower!, upper: upper!, size });
    this.#lines.push(this.line);
    return true;
  }

  override end(): boolean {
    const events = this.#events ??= eventsOf(this.#buffers);
    while (this.#done < events.length && !this.block.full) {
      const { buffer, birth } = events[this.#done++]!;
      this.line = this.#lines[buffer]!;
      const slot = birth ? this.#slots.take() : this.#slotOf[buffer]!;
      this.#slotOf[buffer] = slot;
      if (birth) this.push(Op.MALLOC, slot, this.#buffers[buffer]!.size, 0);
      else {
        this.push(Op.FREE, slot, 0, 0);
        this.#slots.give(slot);
      }
    }
    return this.#done === events.length;
  }
}
