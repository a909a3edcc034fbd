/**
 * Requests as data.
 *
 * A trace is a sequence of blocks of typed-array columns, so that a file of
 * any length streams through a fixed amount of memory. Operations name their
 * object by **slot**: a small number that is free for reuse once the object
 * is freed. Whoever makes a trace (reader or builder) has checked that nothing
 * is freed twice and nothing live is allocated again, so a replay is loops
 * over columns, with arrays as long as the peak number of live objects.
 *
 * @module
 */

/** What an operation does; the columns it uses stand behind it. */
export const Op = {
  /** slot, size: malloc. */
  MALLOC: 0,
  /** slot, size: calloc(1, size). */
  CALLOC: 1,
  /** slot, size: realloc; malloc if the slot holds no block; 0 frees. */
  REALLOC: 2,
  /** slot: free; slot -1 is free(NULL). */
  FREE: 3,
  /** slot, size, extra = alignment: memalign. */
  MEMALIGN: 4,
  /** size = pad: malloc_trim. */
  TRIM: 5,
  /** extra = parameter, size = value: mallopt. */
  MALLOPT: 6,
  /** size = bytes: sbrk by somebody else. */
  SBRK: 7,
  /** slot, extra = offset, size = bytes: write into the object. */
  WRITE: 8,
  /** slot, extra = offset, size = bytes: read from the object. */
  READ: 9,
  /** slot = index of the name in `names`: the phase ends here. */
  PHASE: 10,
  /** slot = index of the name in `names`: who makes the following requests. */
  CLIENT: 11,
  /** slot = thread: it makes the following requests; new at its first use. */
  THREAD: 12,
  /** slot = thread, not 0: it ends; if it was running, thread 0 runs. */
  THREAD_END: 13,
  /** size = microseconds since the recording began. */
  TIME: 14,
  /** size = bytes of the program that were resident when it was recorded. */
  RESIDENT: 15,
  /** slot, size = slot of the upper half: a block of pages becomes two. */
  SPLIT: 16,
} as const;

/**
 * The most objects of a built trace that are live at once: to simulate one
 * takes 100 to 200 bytes.
 */
export const MOST_LIVE: number = 2 ** 23;

/** Operations a reader or builder puts into one block. */
export const BLOCK_LENGTH = 8192;

/** A run of operations: row i of every column belongs to operation i. */
export class Block {
  /** Number of valid rows. */
  length = 0;
  /** An {@linkcode Op}. */
  readonly op: Uint8Array;
  /** Slot of the object, or an index of a name; -1: none. */
  readonly slot: Int32Array;
  /** Bytes, or the operation's main number; exact up to 2^53. */
  readonly size: Float64Array;
  /** Alignment, parameter or offset. */
  readonly extra: Float64Array;
  /** Of a request: its site, see `Trace.sites`; 0: not known. */
  readonly site: Int32Array;

  /** Line of the file the row comes from; 0 if it comes from none. */
  readonly line: Int32Array;

  /** Room for `capacity` operations, in memory of that kind. */
  constructor(
    capacity: number = BLOCK_LENGTH,
    Memory: ArrayBufferConstructor | SharedArrayBufferConstructor = ArrayBuffer,
  ) {
    this.op = new Uint8Array(new Memory(capacity));
    this.slot = new Int32Array(new Memory(4 * capacity));
    this.size = new Float64Array(new Memory(8 * capacity));
    this.extra = new Float64Array(new Memory(8 * capacity));
    this.site = new Int32Array(new Memory(4 * capacity));
    this.line = new Int32Array(new Memory(4 * capacity));
  }

  /** The block that another worker has sent. */
  static received(block: Block): Block {
    return Object.setPrototypeOf(block, Block.prototype);
  }

  /** Appends a row; the block must not be full. */
  push(
    op: number,
    slot: number,
    size: number,
    extra: number,
    site = 0,
  ): void {
    const i = this.length++;
    this.op[i] = op;
    this.slot[i] = slot;
    this.size[i] = size;
    this.extra[i] = extra;
    this.site[i] = site;
  }

  /** The same rows, without room for more; `shared`: workers see the same memory. */
  copy(shared = false): Block {
    const { length } = this;
    const copy = new Block(length, shared ? SharedArrayBuffer : ArrayBuffer);
    copy.length = length;
    copy.op.set(this.op.subarray(0, length));
    copy.slot.set(this.slot.subarray(0, length));
    copy.size.set(this.size.subarray(0, length));
    copy.extra.set(this.extra.subarray(0, length));
    copy.site.set(this.site.subarray(0, length));
    copy.line.set(this.line.subarray(0, length));
    return copy;
  }

  /** Whether `push` would overflow. */
  get full(): boolean {
    return this.length === this.op.length;
  }
}

/** A stream of requests. */
export interface Trace {
  /** Where it comes from: a file name, or a workload with its parameters. */
  readonly name: string;
  /** Names that PHASE and CLIENT rows refer to; grows while reading. */
  readonly names: readonly string[];
  /**
   * Where requests come from in the program: call stacks, innermost frame
   * first, ` < ` between frames. By number, from 1 on; grows while reading.
   */
  readonly sites?: readonly string[];
  /**
   * The operations from the beginning. A block is valid until the next one is
   * taken. A reader throws `SyntaxError` with file and line.
   */
  blocks(): Iterable<Block> | AsyncIterable<Block>;
}

/** Hands out slots; a freed slot is the next one used. */
export class Slots {
  #freed: Int32Array<ArrayBuffer> = new Int32Array(1024);
  #freedCount = 0;
  /** Slots ever handed out: the peak number of live objects. */
  count = 0;

  /** A slot that no live object has. */
  take(): number {
    return this.#freedCount > 0
      ? this.#freed[--this.#freedCount]!
      : this.count++;
  }

  /** Takes `slot` back. */
  give(slot: number): void {
    if (this.#freedCount === this.#freed.length) {
      const longer = new Int32Array(2 * this.#freedCount);
      longer.set(this.#freed);
      this.#freed = longer;
    }
    this.#freed[this.#freedCount++] = slot;
  }
}

/**
 * Builds a trace in memory; `malloc` and its kin return the slot. They throw
 * `RangeError` for a size that is no whole number in 0..2^53 - 1, and for an
 * object more than {@linkcode MOST_LIVE}.
 */
export class TraceBuilder {
  readonly #slots = new Slots();
  readonly #names: string[] = [];
  #blocks: Block[] = [];
  #last = new Block(0);
  /** Operations so far. */
  length = 0;

  /** Appends malloc(`size`). */
  malloc(size: number): number {
    return this.#request(Op.MALLOC, size, 0);
  }

  /** Appends calloc(1, `size`). */
  calloc(size: number): number {
    return this.#request(Op.CALLOC, size, 0);
  }

  /** Appends memalign(`alignment`, `size`). */
  memalign(alignment: number, size: number): number {
    return this.#request(Op.MEMALIGN, size, alignment);
  }

  /** Appends realloc of a live slot. */
  realloc(slot: number, size: number): void {
    checkSize(size);
    this.#push(Op.REALLOC, slot, size, 0);
  }

  /** Appends free of a live slot. */
  free(slot: number): void {
    this.#push(Op.FREE, slot, 0, 0);
    this.#slots.give(slot);
  }

  /** Marks the end of a phase. */
  phase(name: string): void {
    this.#push(Op.PHASE, this.#nameIndex(name), 0, 0);
  }

  /** The following operations belong to `name`. */
  client(name: string): void {
    this.#push(Op.CLIENT, this.#nameIndex(name), 0, 0);
  }

  /** Appends an operation that takes no new slot. */
  append(op: number, slot: number, size: number, extra: number): void {
    this.#push(op, slot, size, extra);
  }

  /** Names that PHASE and CLIENT rows refer to so far. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Whether a block is full and waits for `drain`. */
  get ready(): boolean {
    return this.#blocks.length > 1;
  }

  /** Takes the full blocks out, at the `end` the last one too. */
  drain(end = false): Block[] {
    const blocks = this.#blocks;
    this.#blocks = end ? [] : blocks.splice(-1);
    if (end) this.#last = new Block(0);
    return blocks;
  }

  /** The finished trace. */
  build(name: string): Trace {
    const blocks = this.#blocks;
    return { name, names: this.#names, blocks: () => blocks };
  }

  #nameIndex(name: string): number {
    const known = this.#names.indexOf(name);
    return known >= 0 ? known : this.#names.push(name) - 1;
  }

  #request(op: number, size: number, extra: number): number {
    checkSize(size);
    const slot = this.#slots.take();
    if (slot < MOST_LIVE) return this.#push(op, slot, size, extra);
    throw new RangeError(`More than ${MOST_LIVE} objects are live at once`);
  }

  #push(op: number, slot: number, size: number, extra: number): number {
    if (this.#last.full) {
      this.#last = new Block();
      this.#blocks.push(this.#last);
    }
    this.#last.push(op, slot, size, extra);
    this.length++;
    return slot;
  }
}

function checkSize(size: number): void {
  if (Number.isSafeInteger(size) && size >= 0) return;
  throw new RangeError(`Cannot request ${size} bytes`);
}
