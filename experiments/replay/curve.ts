/**
 * What a program holds over time, in a bounded number of points, and from
 * which sites at its peak.
 *
 * The operations are cut into runs of equal length; each leaves its point of
 * the largest footprint. Whenever there are twice as many points as wanted,
 * neighbours are joined, and runs are twice as long from then on.
 *
 * @module
 */
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import { Op, type Trace } from "../traces/trace.ts";
import { runRows, Session } from "./replay.ts";
import type { PageSource } from "../../allocators/pages.ts";

/** An instant. */
export interface Point {
  /** Operations so far. */
  op: number;
  /** Microseconds so far; 0 if the trace does not tell. */
  micros: number;
  /** Bytes allocated and freed so far. */
  moved: number;
  /** Live bytes as asked for. */
  requested: number;
  /** Bytes that the heap holds. */
  footprint: number;
}

/** What happened. */
export interface Curve {
  /** In the order of time; the last one is the end. */
  points: Point[];
  /** Whether the trace has times, and enough of them. */
  timed: boolean;
  /** The first instant of most requested bytes. */
  peak: Point;
  /** Live bytes of every site then. */
  sites: ReadonlyMap<number, number>;
  /** The ends of phases: when, and their names. */
  phases: (Pick<Point, "op" | "micros"> & { name: string })[];
}

/** Different times that are enough. */
const TIMES = 100;
/** Phases that are kept. */
const MAX_PHASES = 1000;

/** Replays `trace` in `heap`; `most` points at most, and the peak's. */
export async function curveOf(
  trace: Trace,
  { heap, source }: { heap: Allocator; source: PageSource },
  most: number,
): Promise<Curve> {
  const session = new Session(heap, source);
  const points = new Points(most);
  const held = new Map<number, number>(); // live bytes of every site
  const siteOf: number[] = []; // of every slot
  const phases: Curve["phases"] = [];
  let [times, micros, moved] = [0, 0, 0];
  const sites = new Map<number, number>(); // the same at the peak
  const changed = new Set<number>(); // sites since then
  let peak: Point = { op: 0, micros: 0, moved: 0, requested: 0, footprint: 0 };
  const now = (): Point => ({
    op: session.op,
    micros,
    moved,
    requested: session.requested,
    footprint: heap.usage().footprint,
  });
  for await (const block of trace.blocks()) {
    const { op, slot, size, site, length } = block;
    for (let i = 0; i < length; i++) {
      if (op[i] === Op.TIME) {
        if (size[i]! > micros) times++;
        micros = size[i]!;
      } else if (op[i] === Op.PHASE && phases.length < MAX_PHASES) {
        phases.push({ op: session.op, micros, name: trace.names[slot[i]!]! });
      }
      const before = session.requested;
      const isRequest = op[i]! <= Op.MEMALIGN && slot[i]! >= 0;
      const old = isRequest ? bytesOf(session, slot[i]!) : 0;
      if (isRequest && old < 0) siteOf[slot[i]!] = site[i]!;
      runRows(trace, session, block, i, i + 1);
      if (!isRequest) continue;
      const change = session.requested - before;
      const from = siteOf[slot[i]!]!;
      held.set(from, (held.get(from) ?? 0) + change);
      moved += Math.max(0, old) + Math.max(0, bytesOf(session, slot[i]!));
      changed.add(from);
      if (session.requested > peak.requested) {
        peak = now();
        for (const one of changed) sites.set(one, held.get(one)!);
        changed.clear();
      }
      points.add(now());
    }
  }
  const timed = times >= TIMES;
  return { points: points.finish(now()), timed, peak, sites, phases };
}

/** Bytes of the object in `slot`; -1 if there is none. */
function bytesOf(session: Session, slot: number): number {
  return session.addressOf(slot) === NULL ? -1 : session.sizeOf(slot);
}

/** Points, of which more and more are joined. */
class Points {
  readonly #most: number;
  #points: Point[] = [];
  /** Points that are joined into one. */
  #run = 1;
  #joined = 0;
  #highest: Point | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  add(point: Point): void {
    this.#highest = higher(this.#highest, point);
    if (++this.#joined < this.#run) return;
    this.#points.push(this.#highest);
    this.#highest = undefined;
    this.#joined = 0;
    if (this.#points.length < 2 * this.#most) return;
    this.#points = this.#points.flatMap((point, i, all) =>
      i % 2 > 0 ? [] : [higher(point, all[i + 1]!)]
    );
    this.#run *= 2;
  }

  /** All of them, and the `last`. */
  finish(last: Point): Point[] {
    if (this.#highest) this.#points.push(this.#highest);
    if (this.#points.at(-1)?.op !== last.op) this.#points.push(last);
    return this.#points;
  }
}

/** The one with more in the heap, or more asked for; else the first. */
function higher(one: Point | undefined, other: Point): Point {
  if (!one || other.footprint > one.footprint) return other;
  const isMore = other.footprint === one.footprint &&
    other.requested > one.requested;
  return isMore ? other : one;
}
