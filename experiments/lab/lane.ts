/**
 * One allocator that serves the requests of the lab: its blocks as rectangles,
 * its metrics over time, and the way back to any instant.
 *
 * The first run records. A second one, while nobody asks, leaves a snapshot
 * every so many operations; an instant is the last snapshot before it, and the
 * requests from there on.
 *
 * @module
 */
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import { offersOf } from "../../allocators/capability.ts";
import type { Spec } from "../../allocators/entry.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { capture, type Snapshot } from "../../allocators/snapshot.ts";
import { PagedHeap } from "../../allocators/paged_heap.ts";
import { memoryOf, newHeap, newPages } from "../experiment/cell.ts";
import type { Sample } from "../measures/columns.ts";
import { Session } from "../replay/replay.ts";
import { ASKS } from "../replay/witness.ts";
import { missingFor } from "../replay/needs.ts";
import { Block, BLOCK_LENGTH, Op } from "../traces/trace.ts";
import { Extents, fold } from "./folds.ts";
import { Looks } from "./looks.ts";
import type { Fold } from "./protocol.ts";
import { PageProgram, type Program } from "./page_program.ts";
import { Rectangles } from "./rectangles.ts";
import type { Requests } from "./requests.ts";

/** Heaps are made with this seed, as by `replay`. */
const SEED = 1;
/** Samples of the metrics. */
const SAMPLES = 1024;
/** Snapshots at first; fewer where memory is short. */
const SNAPSHOTS = 128;

/** A snapshot, and the operations done by then. */
interface Kept {
  op: number;
  snapshot: Snapshot;
}

/** A heap and its history. */
export class Lane {
  readonly spec: Spec;
  readonly requests: Requests;
  /** Every block that there was; heights instead of addresses once it has run. */
  readonly rectangles: Rectangles = new Rectangles();
  /** The metrics, in order of time. */
  readonly samples: Sample[] = [];
  readonly looks: Looks;
  /** Where heights are addresses. */
  folds: Fold[] = [];
  /** Operations after which the footprint, and the live bytes, were largest first. */
  peakOp = 0;
  livePeakOp = 0;
  /** Why it ended early; undefined if it did not. */
  failure: string | undefined;
  /** Operations that it served. */
  end: number;

  readonly heap: Allocator;
  /** The memory below; undefined where pages are requested. */
  readonly source: PageSource | undefined;
  readonly session: Program;
  /** Operations done by the heap as it is. */
  at = 0;

  private readonly extents = new Extents();
  /** By slot: number of the rectangle of its block, -1 if there is none. */
  private rectangleOf = new Int32Array(1024).fill(-1);
  private readonly block = new Block(BLOCK_LENGTH);
  private readonly kept: Kept[] = [];
  private spacing: number;
  private budget: number;

  /**
   * A new heap; snapshots may take `budget` bytes. Throws `RangeError` if it
   * cannot be made, or does not offer what the requests need.
   */
  constructor(spec: Spec, requests: Requests, budget: number) {
    this.spec = spec;
    this.requests = requests;
    this.budget = budget;
    this.end = requests.length;
    this.looks = new Looks(requests.length, this.extents);
    this.spacing = Math.max(1, Math.ceil(requests.length / SNAPSHOTS));
    const made = requests.holds === "pages"
      ? askingPages(spec, requests)
      : askingBytes(spec, requests);
    this.heap = made.heap;
    this.source = made.source;
    this.session = made.session;
    this.keep();
  }

  /** Serves the next operations of the first run, about 8,000; false when it is over. */
  record(): boolean {
    const { requests, session, block } = this;
    const from = this.at;
    const to = Math.min(requests.length, from + BLOCK_LENGTH);
    const every = Math.max(1, Math.ceil(requests.length / SAMPLES));
    requests.load(block, from, to);
    try {
      for (let row = 0; row < block.length; row++) {
        if (this.looks.due(this.at)) this.looks.look(this.at, this.heap);
        if (this.at % every === 0) this.samples.push(session.sample());
        session.run(block, row, row + 1);
        this.at++;
        this.note(block.op[row]!, block.slot[row]!, block.size[row]!);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.failure = `operation ${this.at + 1}: ${error.message}`;
      this.end = this.at;
    }
    if (this.at < requests.length && this.failure === undefined) return true;
    this.finish();
    return false;
  }

  /** Takes the next snapshot of the second run; false when there is none to take. */
  prepare(): boolean {
    if (this.kept.length === 1) this.space();
    const last = this.kept.at(-1)!.op;
    if (last + this.spacing >= this.end) return false;
    this.goTo(last + this.spacing);
    this.keep();
    return true;
  }

  /** Brings the heap to where it was after `op` operations, 0 .. `end`. */
  goTo(op: number): void {
    let i = this.kept.length - 1;
    while (this.kept[i]!.op > op) i--;
    const { op: from, snapshot } = this.kept[i]!;
    if (this.at > op || this.at < from) {
      snapshot.restore();
      this.at = from;
    }
    while (this.at < op) {
      const to = Math.min(op, this.at + BLOCK_LENGTH);
      this.requests.load(this.block, this.at, to);
      this.session.run(this.block);
      this.at = to;
    }
  }

  /** As many snapshots as the budget has room for, if all are like one of now. */
  private space(): void {
    const most = Math.max(2, Math.floor(this.budget / this.capture().bytes));
    const least = Math.ceil(this.requests.length / most);
    this.spacing = Math.max(this.spacing, least);
  }

  private capture(): Snapshot {
    const { heap, session, source } = this;
    return capture({ heap, session, ...(source && { source }) });
  }

  private keep(): void {
    this.kept.push({ op: this.at, snapshot: this.capture() });
    const sum = this.kept.reduce((n, { snapshot }) => n + snapshot.bytes, 0);
    if (sum <= this.budget || this.kept.length < 3) return;
    const kept = this.kept.splice(0).filter((_, i) => i % 2 === 0);
    this.kept.push(...kept);
    this.spacing *= 2;
  }

  /** The request `op` about `slot` is served: opens and closes rectangles. */
  private note(op: number, slot: number, size: number): void {
    const { footprint } = this.heap;
    if (footprint > this.highest) {
      this.highest = footprint;
      this.peakOp = this.at;
    }
    if (this.session.requested > this.mostLive) {
      this.mostLive = this.session.requested;
      this.livePeakOp = this.at;
    }
    for (const moved of this.session.moved ?? []) {
      if (moved !== slot) this.place(moved);
    }
    if (slot < 0) return;
    if (op === Op.SPLIT) this.place(size); // of the upper half
    else if (op !== Op.FREE && !ASKS.includes(op)) return;
    this.place(slot);
  }

  /** Ends the rectangle of `slot`, and begins one if there is a block now. */
  private place(slot: number): void {
    if (slot >= this.rectangleOf.length) this.grow(slot);
    const { rectangles, session } = this;
    const old = this.rectangleOf[slot]!;
    if (old >= 0) rectangles.death[old] = this.at;
    const address = session.addressOf(slot);
    if (address === NULL) {
      this.rectangleOf[slot] = -1;
      return;
    }
    const size = session.sizeOf(slot);
    this.extents.add(address, size);
    this.rectangleOf[slot] = rectangles.open(this.at, address, size);
  }

  private highest = 0;
  private mostLive = 0;

  private grow(slot: number): void {
    const longer = new Int32Array(2 * slot).fill(-1);
    longer.set(this.rectangleOf);
    this.rectangleOf = longer;
  }

  private finish(): void {
    this.looks.look(this.at, this.heap);
    this.samples.push(this.session.sample());
    this.rectangles.finish();
    this.folds = this.extents.folds();
    fold(this.folds, this.rectangles.address);
    this.looks.fold((addresses) => fold(this.folds, addresses));
    this.rectangleOf = new Int32Array(0);
  }
}

/** Who asks for bytes, of what. */
function askingBytes(spec: Spec, requests: Requests) {
  const [missing] = missingFor(requests.kinds(), offersOf(spec));
  if (missing) throw new RangeError(`The allocator has no ${missing}`);
  const source = memoryOf(spec);
  const { heap } = newHeap(spec, SEED, source);
  return { heap, source, session: new Session(heap, source, { touch: "all" }) };
}

/** Who asks for pages, of what. */
function askingPages(spec: Spec, requests: Requests) {
  if (!spec.entry.createPages) {
    throw new RangeError(
      `${requests.name} requests pages, which ${spec.text} does not serve: ` +
        "choose linux_buddy or another buddy system",
    );
  }
  const pages = newPages(spec, SEED);
  return {
    heap: new PagedHeap(pages),
    source: undefined,
    session: new PageProgram(pages, requests),
  };
}
