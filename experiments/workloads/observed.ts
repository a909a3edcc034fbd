/**
 * What a recorded program looks like once order is thrown away: the laws of
 * its sizes and of its lifetimes, to draw independent requests from. Random
 * requests with the right laws miss the phases of the program; comparing the
 * two says how much those matter.
 *
 * Simplified: realloc counts as a new size of the same object and is left out.
 *
 * @module
 */
import { empirical, type Law } from "../laws/distributions.ts";
import { Op, type Trace } from "../traces/trace.ts";

/** The laws of a trace. */
export interface Observed {
  /** Bytes of a request. */
  sizes: Law;
  /** Requests from birth to death; `objects` where there is no death. */
  lifetimes: Law;
  /** Number of requests. */
  objects: number;
}

/** Reads `trace` once; `RangeError` if it requests nothing. */
export async function observe(trace: Trace): Promise<Observed> {
  const sizes = new Map<number, number>();
  const lifetimes = new Map<number, number>();
  const born = new Map<number, number>();
  let objects = 0;
  for await (const { op, slot, size, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      if (isRequest(op[i]!) && !born.has(slot[i]!)) {
        count(sizes, size[i]!);
        born.set(slot[i]!, objects++);
      } else if (isDeath(op[i]!, size[i]!) && born.has(slot[i]!)) {
        count(lifetimes, objects - born.get(slot[i]!)!);
        born.delete(slot[i]!);
      }
    }
  }
  for (const _ of born) count(lifetimes, objects);
  return {
    sizes: lawOf(`sizes of ${trace.name}`, sizes),
    lifetimes: lawOf(`lifetimes of ${trace.name}`, lifetimes),
    objects,
  };
}

function isRequest(op: number): boolean {
  return op === Op.MALLOC || op === Op.CALLOC || op === Op.REALLOC ||
    op === Op.MEMALIGN;
}

function isDeath(op: number, size: number): boolean {
  return op === Op.FREE || (op === Op.REALLOC && size === 0);
}

function count(histogram: Map<number, number>, value: number): void {
  histogram.set(value, (histogram.get(value) ?? 0) + 1);
}

function lawOf(name: string, histogram: Map<number, number>): Law {
  return empirical(name, [...histogram.keys()], [...histogram.values()]);
}
