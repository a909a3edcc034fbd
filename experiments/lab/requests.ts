/**
 * The requests of a trace, all of them, so that they can be performed again
 * from any point: about 10 bytes an operation.
 *
 * Marks are not operations and stand apart. Simplified: where a request comes
 * from is kept only if the trace says so, lines of the file not at all.
 *
 * @module
 */
import type { OpenedTrace } from "../traces/open_trace.ts";
import { resized } from "./resized.ts";
import { type Block, BLOCK_LENGTH, Op, type Trace } from "../traces/trace.ts";

/** Operations between two entries of the running total of bytes. */
const TOTALS = 4;
/** Where `size` has no room for a number: it stands in a table. */
const ELSEWHERE = 0xffffffff;

/** Who makes requests from an operation on. */
export interface Change {
  /** Operations before it. */
  op: number;
  /** A client, or `thread N`. */
  name: string;
}

/** A second of a trace of page requests. */
export interface Second {
  /** Operations before it. */
  op: number;
  /** Seconds since the trace began. */
  second: number;
}

/** Bytes of a page, where an order says how many are requested. */
const PAGE_BYTES = 4096;

/** A trace in memory. */
export class Requests {
  /** Where it comes from. */
  readonly name: string;
  /** Operations. */
  length = 0;
  /** Whether there are more, which were not read. */
  isCut = false;
  /** Ends of phases: operations before each. */
  readonly marks: { op: number; name: string }[] = [];
  /** Who asks; empty where only one does. */
  readonly changes: Change[] = [];
  /** Its seconds, where pages are requested: page allocators do things now and then. */
  readonly seconds: Second[] = [];
  /** What is requested. */
  readonly holds: "bytes" | "pages";
  /** Sites by number, from 1 on; see `Trace.sites`. */
  sites: readonly string[] = [];

  // By operation; valid below `length`.
  private op = new Uint8Array(BLOCK_LENGTH);
  private slot = new Int32Array(BLOCK_LENGTH);
  private size = new Uint32Array(BLOCK_LENGTH);
  private site: Int32Array<ArrayBuffer> | undefined;
  /** By operation: what `size` has no room for. */
  private readonly long = new Map<number, number>();
  /** By operation: its `extra`, unless that is 0. */
  private readonly extra = new Map<number, number>();
  /** Bytes requested before operation 4 i. */
  private totals = new Float64Array(BLOCK_LENGTH / TOTALS + 1);
  private bytes = 0;

  /** No requests yet. */
  constructor(name: string, holds: "bytes" | "pages" = "bytes") {
    this.name = name;
    this.holds = holds;
  }

  /** The first `most` operations of `trace`; `heard` is told how many there are so far, and may throw. */
  static async of(
    trace: Trace,
    most: number,
    heard: (operations: number) => void | Promise<void> = () => {},
  ): Promise<Requests> {
    const format = await (trace as Partial<OpenedTrace>).format?.();
    const requests = new Requests(trace.name, format?.holds);
    for await (const block of trace.blocks()) {
      requests.append(block, trace.names, most);
      requests.sites = trace.sites ?? [];
      await heard(requests.length);
      if (requests.isCut) break;
    }
    requests.resize(requests.length);
    return requests;
  }

  /** Bytes requested by the first `op` operations. */
  bytesBefore(op: number): number {
    let i = op - op % TOTALS;
    let bytes = this.totals[i / TOTALS]!;
    for (; i < op; i++) bytes += this.requestedBy(i);
    return bytes;
  }

  /** How many operations request `bytes` in all: the least number. */
  opAtBytes(bytes: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bytesBefore(middle) < bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Copies operations `from` .. `to` - 1 into rows 0.. of `block`. */
  load(block: Block, from: number, to: number): void {
    block.length = to - from;
    block.op.set(this.op.subarray(from, to));
    block.slot.set(this.slot.subarray(from, to));
    block.extra.fill(0, 0, to - from);
    for (let i = from; i < to; i++) {
      const row = i - from;
      block.size[row] = this.sizeAt(i);
      if (this.extra.size > 0) block.extra[row] = this.extra.get(i) ?? 0;
      block.site[row] = this.siteAt(i);
    }
  }

  /** The kinds of operations that there are. */
  kinds(): ReadonlySet<number> {
    const found = new Set<number>();
    for (let i = 0; i < this.length; i++) found.add(this.op[i]!);
    return found;
  }

  /** The kind of operation `i`: an {@linkcode Op}. */
  opAt(i: number): number {
    return this.op[i]!;
  }

  /** Slot of operation `i`. */
  slotAt(i: number): number {
    return this.slot[i]!;
  }

  /** Its size, see {@linkcode Op}. */
  sizeAt(i: number): number {
    const size = this.size[i]!;
    return size === ELSEWHERE ? this.long.get(i)! : size;
  }

  /** Its alignment, offset or parameter. */
  extraAt(i: number): number {
    return this.extra.get(i) ?? 0;
  }

  /** Its site; 0: not known. */
  siteAt(i: number): number {
    return this.site?.[i] ?? 0;
  }

  private requestedBy(i: number): number {
    const op = this.op[i]!;
    if (op > Op.REALLOC && op !== Op.MEMALIGN) return 0;
    const size = this.sizeAt(i);
    return this.holds === "pages" ? PAGE_BYTES * 2 ** size : size;
  }

  private append(block: Block, names: readonly string[], most: number): void {
    const { op, slot, size, extra, site } = block;
    this.reserve(this.length + block.length);
    for (let row = 0; row < block.length; row++) {
      const kind = op[row]!;
      if (kind === Op.PHASE) {
        this.marks.push({ op: this.length, name: names[slot[row]!]! });
      } else if (kind === Op.CLIENT) this.change(names[slot[row]!]!);
      if (kind === Op.THREAD) this.change(`thread ${slot[row]}`);
      if (kind === Op.TIME) this.pass(size[row]!);
      if (
        kind === Op.PHASE || kind === Op.CLIENT || kind === Op.TIME ||
        kind === Op.RESIDENT
      ) continue;
      const i = this.length;
      if (i === most) {
        this.isCut = true;
        return;
      }
      if (i % TOTALS === 0) this.totals[i / TOTALS] = this.bytes;
      this.op[i] = kind;
      this.slot[i] = slot[row]!;
      const bytes = size[row]!;
      if (bytes >= 0 && bytes < ELSEWHERE) this.size[i] = bytes;
      else {
        this.size[i] = ELSEWHERE;
        this.long.set(i, bytes);
      }
      if (extra[row] !== 0) this.extra.set(i, extra[row]!);
      if (site[row] !== 0) {
        this.site ??= new Int32Array(this.op.length);
        this.site[i] = site[row]!;
      }
      this.bytes += this.requestedBy(i);
      this.length++;
      if (this.length % TOTALS === 0) {
        this.totals[this.length / TOTALS] = this.bytes;
      }
    }
  }

  /** The recording is so many microseconds old. */
  private pass(microseconds: number): void {
    if (this.holds === "bytes") return;
    const second = Math.floor(microseconds / 1e6);
    if (second === (this.seconds.at(-1)?.second ?? 0)) return;
    this.seconds.push({ op: this.length, second });
  }

  private change(name: string): void {
    if (this.changes.at(-1)?.name !== name) {
      this.changes.push({ op: this.length, name });
    }
  }

  private reserve(length: number): void {
    if (length <= this.op.length) return;
    this.resize(Math.max(length, Math.ceil(1.5 * this.op.length)));
  }

  /** Lets go of the room that was not needed. */
  private resize(length: number): void {
    this.op = resized(this.op, length);
    this.slot = resized(this.slot, length);
    this.size = resized(this.size, length);
    this.totals = resized(this.totals, Math.ceil(length / TOTALS) + 1);
    if (this.site) this.site = resized(this.site, length);
  }
}
