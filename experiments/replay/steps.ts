/**
 * A trace step by step: after each request every heap as a line of text, with
 * what it answered and why.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import type { Allocator } from "../../allocators/allocator.ts";
import { NULL } from "../../allocators/allocator.ts";
import { FreeList } from "../../allocators/freelist/free_list.ts";
import { Op, type Trace } from "../traces/trace.ts";
import { addressText, heapLine, type Known, picture } from "./heap_line.ts";
import { ASKS, Witness } from "./witness.ts";
import { isMark, runRows, type Session } from "./replay.ts";
import { slabLines } from "./slab_lines.ts";

/** A heap that takes part. */
export interface Contestant {
  /** Its spec, and the name of its entry. */
  title: string;
  name: string;
  heap: Allocator;
  session: Session;
}

/** What a step shows. */
export interface Showing {
  /** Requests to show; the others are performed in silence. */
  most: number;
  /** The text of a line of the trace; undefined if it has none. */
  line(number: number): string | undefined;
}

/** The steps of `trace`, a piece of text each. */
export async function* stepsOf(
  trace: Trace,
  heaps: readonly Contestant[],
  { most, line }: Showing,
): AsyncGenerator<string> {
  const steppers = heaps.map((heap) => new Stepper(heap));
  /** By slot: what the user calls the object. */
  const names: string[] = [];
  let [count, objects] = [0, 0];
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      const op = block.op[i]!;
      if (isMark(op)) continue;
      if (++count > most) continue;
      const slot = block.slot[i]!;
      const text = line(block.line[i]!)?.trim();
      if (ASKS.includes(op) && steppers.every((one) => !one.has(slot))) {
        names[slot] = idIn(text) ?? `${objects}`;
        objects++;
      }
      const name = slot >= 0 ? names[slot] ?? "" : "";
      for (const stepper of steppers) {
        stepper.before(slot);
        runRows(trace, stepper.session, block, i, i + 1);
        stepper.know(slot, name);
      }
      const words = text ?? requestText(op, block.size[i]!, name);
      yield `${count}  ${words}\n` +
        steppers.map((stepper) => stepper.text(op, slot)).join("") + "\n";
    }
  }
  if (count > most) {
    yield `... and ${plural(count - most, "more request")} (--most ${count})\n`;
  }
}

/** The id of a request for memory in the words of a `.rep` line. */
function idIn(text: string | undefined): string | undefined {
  return /^[acrm]\s+(\d+)/.exec(text ?? "")?.[1];
}

/** A request in words, where the trace has no text. */
function requestText(op: number, size: number, name = ""): string {
  const word = Object.entries(Op).find(([, code]) => code === op)![0]
    .toLowerCase();
  return op === Op.FREE ? `free #${name}` : `${word} #${name} ${size}`;
}

/** One heap in the course of the steps. */
class Stepper {
  readonly session: Session;
  readonly #title: string;
  readonly #heap: Allocator;
  readonly #witness: Witness;
  readonly #known = new Map<number, Known>();
  readonly #places = new Map<string, number>();

  constructor({ title, name, heap, session }: Contestant) {
    this.#title = title;
    this.#heap = heap;
    this.session = session;
    this.#witness = new Witness(name, heap, session);
  }

  /** Looks at the heap before a request about the object in `slot`. */
  before(slot: number): void {
    this.#witness.before(slot);
  }

  /** Whether `slot` holds an object. */
  has(slot: number): boolean {
    return this.session.addressOf(slot) !== NULL;
  }

  /** Notes where the object `name` in `slot` is now. */
  know(slot: number, name: string): void {
    if (slot < 0) return;
    this.#known.delete(this.#places.get(name) ?? NULL);
    this.#places.delete(name);
    const address = this.session.addressOf(slot);
    if (address === NULL) return;
    this.#known.set(address, { name, size: this.session.sizeOf(slot) });
    this.#places.set(name, address);
  }

  /** What was answered, why, and the heap now. */
  text(op: number, slot: number): string {
    const answer = this.#witness.answer(op, slot);
    const { seen } = this.#witness;
    const lines = [
      `${this.#title}  ${answer}`,
      `  ${heapLine(seen, this.#known)}`,
      `  ${picture(seen, this.#known)}`,
      `  ${this.#lists()}`,
      ...slabLines(this.#heap).map((line) => `  ${line}`),
    ];
    return lines.filter((line) => line.trim() !== "")
      .map((line) => `   ${line}\n`).join("");
  }

  /** What lies on which list. */
  #lists(): string {
    const heap = this.#heap;
    if (heap instanceof FreeList) {
      const holes = heap.list().map(({ start, bytes }) =>
        `(${addressText(start)} ${bytes})`
      );
      return `list: ${holes.join(" ") || "empty"}`;
    }
    const rows = (heap.census?.() ?? []).filter(({ blocks }) => blocks > 0);
    if (rows.length === 0) return "";
    return `lists: ${
      rows.map(({ list, blocks, bytes }) =>
        `${list}: ${blocks} of ${plural(bytes, "byte")}`
      )
        .join(", ")
    }`;
  }
}
