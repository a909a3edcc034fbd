/**
 * Plays requests against one heap and takes samples.
 *
 * A session owns what a program owns: its pointers and how much it asked for.
 * It counts demand and failures, so that no allocator has to.
 *
 * A failed `realloc` behaves as `p = realloc(p, n)` does in C: the program
 * loses its pointer, and the old block stays live without a request. A program
 * with threads is taken to be more careful: it keeps pointer and block.
 *
 * @module
 */
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import type { Sample } from "../measures/columns.ts";
import { type Demand, measure } from "../measures/metrics.ts";
import { unoffered } from "./needs.ts";
import { Unsuitable } from "./unsuitable.ts";
import {
  Block,
  Op,
  Slots,
  type Trace,
  type TraceBuilder,
} from "../traces/trace.ts";

/** How payload is written once it is allocated: not, its first byte, all of it. */
export const TOUCH_POLICIES = ["none", "first", "all"] as const;

/** One of {@linkcode TOUCH_POLICIES}. */
export type TouchPolicy = typeof TOUCH_POLICIES[number];

/** When to take samples and where they go. */
export interface Sampling {
  /** Operations between samples; 0: only at phase marks and at the end. */
  every: number;
  /** Receives each sample. */
  sink(sample: Sample): void;
}

/** A program that uses one heap. */
export class Session implements Demand {
  /** Name of the layer in samples. */
  readonly layer: string;
  op = 0;
  clock = 0;
  requested = 0;
  live = 0;
  failures = 0;
  /** Largest footprint after any operation. */
  peakFootprint = 0;
  /** Most live requested bytes of the instants with that footprint. */
  requestedAtPeak = 0;
  /** Largest live requested bytes after any operation. */
  peakRequested = 0;
  /** Footprint when the live requested bytes first reached their peak. */
  footprintAtPeakRequested = 0;

  // Indexed by slot: address of the block (NULL: none) and bytes asked for.
  // Entries are valid up to the highest slot used so far.
  private address = new Float64Array(1024).fill(NULL);
  private size = new Float64Array(1024);
  private readonly heap: Allocator;
  private readonly source: PageSource;
  private readonly touch: TouchPolicy;
  // Whether the heap hears what is written.
  private readonly tells: boolean;
  private threaded = false;

  /** Starts with no objects. */
  constructor(
    heap: Allocator,
    source: PageSource,
    { touch = "none", layer = "heap" }: {
      touch?: TouchPolicy;
      layer?: string;
    } = {},
  ) {
    this.heap = heap;
    this.source = source;
    this.touch = source.lazy ? touch : "none";
    this.tells = heap.written !== undefined;
    this.layer = layer;
  }

  /** Address of the object in `slot`, NULL if it has none. */
  addressOf(slot: number): number {
    return slot < this.address.length ? this.address[slot]! : NULL;
  }

  /** Bytes that the object in `slot` was asked with. */
  sizeOf(slot: number): number {
    return this.size[slot]!;
  }

  /** Visits every live object: its address and the bytes it was asked with. */
  eachLive(visit: (address: number, bytes: number) => void): void {
    for (let slot = 0; slot < this.address.length; slot++) {
      const address = this.address[slot]!;
      if (address !== NULL) visit(address, this.size[slot]!);
    }
  }

  /** The row of this instant. */
  sample(phase = ""): Sample {
    return measure(this.layer, this.heap, this.source, this, phase);
  }

  /**
   * Performs rows `from` .. `to` - 1 of `block`.
   *
   * Throws {@linkcode Unsuitable} if the heap lacks what a row needs.
   */
  run(block: Block, from = 0, to: number = block.length): void {
    const { op, slot, size, extra } = block;
    for (let i = from; i < to; i++) {
      this.op++;
      const s = slot[i]!;
      switch (op[i]) {
        case Op.MALLOC:
          this.store(s, size[i]!, this.heap.malloc(size[i]!));
          break;
        case Op.FREE:
          if (s >= 0) this.free(s);
          else this.heap.idle?.();
          break;
        default:
          this.rare(op[i]!, s, size[i]!, extra[i]!);
      }
    }
  }

  /** Performs an operation that is neither malloc nor free. */
  private rare(op: number, slot: number, size: number, extra: number): void {
    const heap = this.heap;
    switch (op) {
      case Op.PHASE:
      case Op.CLIENT:
      case Op.TIME:
      case Op.RESIDENT:
        this.op--; // a mark is no operation
        break;
      case Op.CALLOC:
        this.store(slot, size, heap.calloc?.(size) ?? heap.malloc(size));
        break;
      case Op.REALLOC:
        this.realloc(slot, size);
        break;
      case Op.MEMALIGN:
        if (!heap.memalign) throw unoffered(op);
        this.store(slot, size, heap.memalign(extra, size));
        break;
      case Op.TRIM:
        if (!heap.control) throw unoffered(op);
        heap.control.trim(size);
        break;
      case Op.MALLOPT:
        if (!heap.control) throw unoffered(op);
        heap.control.mallopt(extra, size);
        break;
      case Op.SBRK:
        this.source.sbrk(size);
        break;
      case Op.THREAD:
        this.threaded = true;
        heap.threading?.run(slot);
        break;
      case Op.THREAD_END:
        heap.threading?.end(slot);
        break;
      case Op.WRITE:
      case Op.READ: {
        const address = this.addressOf(slot);
        if (address === NULL) break;
        if (op === Op.WRITE) this.source.touch(address + extra, size);
        else this.source.read(address + extra, size);
        break;
      }
    }
  }

  /** Performs realloc. */
  private realloc(slot: number, size: number): void {
    const old = this.addressOf(slot);
    if (old === NULL) {
      this.store(slot, size, this.heap.malloc(size));
    } else if (size === 0 && !this.heap.resizesToNothing) {
      this.free(slot);
    } else {
      const oldSize = this.size[slot]!;
      const address = this.heap.realloc(old, oldSize, size);
      if (address === NULL && this.threaded) {
        this.failures++;
        this.clock += size;
        return;
      }
      this.requested -= oldSize;
      this.live--;
      this.store(slot, size, address);
    }
  }

  /** Frees the object in `slot`, if it has one. */
  private free(slot: number): void {
    const address = this.address[slot]!;
    if (address === NULL) { // the request had failed
      this.heap.idle?.();
      return;
    }
    const size = this.size[slot]!;
    this.heap.free(address, size);
    this.address[slot] = NULL;
    this.requested -= size;
    this.live--;
  }

  /** Notes what a request was answered with. */
  private store(slot: number, size: number, address: number): void {
    if (slot >= this.address.length) this.grow(slot);
    this.address[slot] = address;
    this.size[slot] = size;
    this.clock += size;
    if (address === NULL) {
      this.failures++;
      return;
    }
    this.requested += size;
    this.live++;
    if (this.touch !== "none") {
      this.source.touch(address, this.touch === "all" ? size : 1);
    }
    if (this.tells) this.heap.written!(address, size, this.op - 1);
    const { footprint } = this.heap;
    if (
      footprint >= this.peakFootprint || this.requested > this.peakRequested
    ) this.notePeaks(footprint);
  }

  /** Notes peaks of the footprint and of what is live. */
  private notePeaks(footprint: number): void {
    const { requested } = this;
    if (footprint > this.peakFootprint) {
      this.peakFootprint = footprint;
      this.requestedAtPeak = requested;
    } else if (
      footprint === this.peakFootprint && requested > this.requestedAtPeak
    ) this.requestedAtPeak = requested;
    if (requested > this.peakRequested) {
      this.peakRequested = requested;
      this.footprintAtPeakRequested = footprint;
    }
  }

  /** Makes room for `slot`. */
  private grow(slot: number): void {
    const length = Math.max(slot + 1, 2 * this.address.length);
    const address = new Float64Array(length).fill(NULL);
    address.set(this.address);
    this.address = address;
    const size = new Float64Array(length);
    size.set(this.size);
    this.size = size;
  }
}

/** Replays a whole trace; a sample every `sampling.every` operations, at each phase mark and at the end. */
export async function replay(
  trace: Trace,
  session: Session,
  sampling: Sampling,
): Promise<void> {
  let sampledAt = -1;
  const sample = (phase: string) => {
    sampledAt = session.op;
    sampling.sink(session.sample(phase));
  };
  const { every } = sampling;
  for await (const block of trace.blocks()) {
    let from = 0;
    while (from < block.length) {
      const room = every > 0 ? every - session.op % every : Infinity;
      const to = Math.min(block.length, from + room);
      const mark = phaseMark(block, from, to);
      const end = mark < 0 ? to : mark + 1;
      runRows(trace, session, block, from, end);
      if (mark >= 0) sample(trace.names[block.slot[mark]!]!);
      else if (every > 0 && session.op % every === 0) {
        if (session.op !== sampledAt) sample("");
      }
      from = end;
    }
  }
  if (sampledAt !== session.op) sample("");
}

/** As `session.run`; what the heap refuses is reported with its line. */
export function runRows(
  trace: Trace,
  session: Session,
  block: Block,
  from: number,
  to: number,
): void {
  const before = session.op;
  try {
    session.run(block, from, to);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    let row = from;
    for (let ops = session.op - before; ops > 0; row++) {
      if (!isMark(block.op[row]!)) ops--;
    }
    const line = block.line[row - 1]!;
    if (line === 0) throw error;
    const message = `${trace.name}:${line}: ${error.message}`;
    throw error instanceof Unsuitable
      ? new Unsuitable(message)
      : new SyntaxError(message);
  }
}

/** Whether rows of `op` ask nothing of the heap: they only name things. */
export function isMark(op: number): boolean {
  return op === Op.PHASE || op === Op.CLIENT || op === Op.TIME ||
    op === Op.RESIDENT;
}

/** Row of the first phase mark in `from` .. `to` - 1; -1 if there is none. */
function phaseMark(block: Block, from: number, to: number): number {
  const at = block.op.subarray(from, to).indexOf(Op.PHASE);
  return at < 0 ? -1 : from + at;
}

/**
 * The hands of a {@linkcode Driver}: every request goes to the session at
 * once, and into a record if there is one.
 */
export class Player {
  readonly #slots = new Slots();
  readonly #record: TraceBuilder | undefined;
  readonly #row = new Block(1);
  /** The program that asks. */
  readonly session: Session;

  /** Plays against `session`; `record` is empty at first. */
  constructor(session: Session, record?: TraceBuilder) {
    this.session = session;
    this.#record = record;
  }

  /** Requests `size` bytes; the slot of the object. */
  malloc(size: number): number {
    const slot = this.#slots.take(); // as the record does
    this.#record?.malloc(size);
    this.#perform(Op.MALLOC, slot, size);
    return slot;
  }

  /** Frees the object in `slot`. */
  free(slot: number): void {
    this.#slots.give(slot);
    this.#record?.free(slot);
    this.#perform(Op.FREE, slot, 0);
  }

  /** Address of the object in `slot`; NULL if it was refused. */
  addressOf(slot: number): number {
    return this.session.addressOf(slot);
  }

  /** Whether the request of `slot` was served. */
  has(slot: number): boolean {
    return this.session.addressOf(slot) !== NULL;
  }

  #perform(op: number, slot: number, size: number): void {
    this.#row.length = 0;
    this.#row.push(op, slot, size, 0);
    this.session.run(this.#row);
  }
}

/** A closed loop: issues requests that depend on the answers. */
export type Driver = (player: Player) => void;
