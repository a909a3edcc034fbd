/**
 * What `bytehound export-replay` writes: numbers of 64 bits, the lowest byte
 * first, without lines.
 *
 * First the number of slots and of operations (which counts too many where a
 * filter was used: it is read over), then four numbers for each operation: what
 * it is, the slot, microseconds, bytes:
 *
 *     1 slot time size   malloc
 *     2 slot time 0      free
 *     3 slot time size   realloc
 *
 * Rows have the number of their operation, from 1, as line.
 *
 * @module
 */
import { plural } from "./plural.ts";
import type { Format } from "./format.ts";
import { type LineParser, unexpected } from "./lines.ts";
import { MAX_OBJECTS, Objects } from "./objects.ts";
import { Block, Op } from "./trace.ts";

/** Bytes of the two numbers at the beginning, and of an operation. */
const HEADER = 16;
const RECORD = 32;
/** Microseconds between two TIME rows, at least. */
const TICK = 1000;

/** Replays of bytehound. */
export const bytehound: Format = {
  name: "bytehound",
  summary: "what `bytehound export-replay` makes of a recording",
  holds: "bytes",
  begins(head) {
    if (head.length < HEADER + RECORD) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const number = (at: number) => Number(view.getBigUint64(at, true));
    const slots = number(0);
    return slots > 0 && slots <= MAX_OBJECTS && number(8) < 2 ** 53 &&
      number(HEADER) === 1 && number(HEADER + 8) < slots;
  },
  parser: (name) => new ReplayParser(name),
};

class ReplayParser implements LineParser {
  readonly block = new Block();
  readonly #name: string;
  readonly #objects = new Objects();
  // The beginning of a record whose end is to come.
  readonly #begun = new Uint8Array(RECORD);
  #have = 0;
  #skip = HEADER;
  #number = 0;
  // Microseconds of the first operation, and of the last TIME row.
  #first = -1;
  #last = 0;

  constructor(name: string) {
    this.#name = name;
  }

  parse(bytes: Uint8Array, from: number): number {
    const skipped = Math.min(this.#skip, bytes.length - from);
    this.#skip -= skipped;
    let at = from + skipped;
    while (!this.block.full) {
      if (this.#have < RECORD) {
        if (at === bytes.length) break;
        const end = Math.min(bytes.length, at + RECORD - this.#have);
        this.#begun.set(bytes.subarray(at, end), this.#have);
        this.#have += end - at;
        at = end;
        if (this.#have < RECORD) break;
        this.#number++;
      }
      this.#record();
    }
    return at;
  }

  end(): boolean {
    while (this.#have === RECORD) {
      if (this.block.full) return false;
      this.#record();
    }
    if (this.#have > 0) {
      this.#number++;
      this.#fail("a whole operation, 32 bytes", plural(this.#have, "byte"));
    }
    return true;
  }

  /** Pushes one row for the record; the time, if that is due, comes before. */
  #record(): void {
    const view = new DataView(this.#begun.buffer);
    const [kind, slot, time, size] = [0, 8, 16, 24].map((at) =>
      Number(view.getBigUint64(at, true))
    ) as [number, number, number, number];
    if (this.#first < 0) this.#first = time;
    const now = time - this.#first;
    if (now >= this.#last + TICK && now < 2 ** 53) {
      this.#last = now;
      return this.#push(Op.TIME, -1, now, 0);
    }
    this.#have = 0;
    if (slot >= MAX_OBJECTS) {
      this.#fail(`a slot of 0 .. ${MAX_OBJECTS - 1}`, `${slot}`);
    }
    this.#request(kind, slot, size);
  }

  #request(kind: number, id: number, size: number): void {
    const objects = this.#objects;
    switch (kind) {
      case 1: {
        const slot = objects.allocate(id, size);
        if (slot < 0) this.#fail("a slot that is free", `${id}`);
        return this.#push(Op.MALLOC, slot, size, 0);
      }
      case 2: {
        const slot = objects.free(id);
        if (slot < 0) this.#fail("a slot that is taken", `${id}`);
        return this.#push(Op.FREE, slot, 0, 0);
      }
      case 3: {
        if (objects.slotOf(id) < 0) this.#fail("a slot that is taken", `${id}`);
        const slot = objects.reallocate(id, size);
        return this.#push(Op.REALLOC, slot, size, 0);
      }
    }
    this.#fail("operation 1, 2 or 3", `${kind}`);
  }

  #push(op: number, slot: number, size: number, extra: number): void {
    this.block.line[this.block.length] = this.#number;
    this.block.push(op, slot, size, extra);
  }

  #fail(expected: string, got: string): never {
    throw unexpected(this.#name, this.#number, expected, got);
  }
}
