/**
 * What a program and its heap hold over time.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import type { TouchPolicy } from "../replay/replay.ts";
import type { Trace } from "../traces/trace.ts";
import { without } from "./elsewhere.ts";
import type { Facts } from "./facts.ts";
import { play, sceneOf, Stops } from "./run.ts";

/** Points of a curve, without marks. */
const POINTS = 1024;

/** A run in numbers; entry i of the arrays belongs to the stop i. */
export interface Curve {
  /** Bytes of live objects as asked for. */
  live: Float64Array;
  /** Bytes resident. */
  resident: Float64Array;
  /** Most bytes that were ever resident, exact to the page fault. */
  peak: number;
  /** The first stop by which they had been. */
  peakStop: number;
  /** Mean of the resident bytes, over operations. */
  mean: number;
  /** Requests refused. */
  failures: number;
  /** System calls and page faults. */
  systemCalls: number;
  pageFaults: number;
}

/** What to replay, and how. */
export interface Replay {
  /** Numbers of operations at which to look, ascending. */
  stops: readonly number[];
  /** How payload is written. */
  touch: TouchPolicy;
  /** Call `malloc_trim(0)` when so many operations are done. */
  trimAt?: number;
  /** The requests with these numbers are served from elsewhere. */
  elsewhere?: readonly number[];
}

/** Where to look: evenly, at every mark, and at the operations `also`. */
export function stopsOf(
  { operations, marks }: Facts,
  also: readonly number[],
): number[] {
  const stops = new Set([operations, ...marks.map(({ op }) => op), ...also]);
  const points = Math.min(POINTS, operations);
  for (let i = 1; i < points; i++) {
    stops.add(Math.round(i * operations / points));
  }
  return [...stops].filter((op) => op > 0).sort((a, b) => a - b);
}

/** Replays `trace` on a new heap as `spec` says. */
export async function curveOf(
  trace: Trace,
  spec: Spec,
  { stops, touch, trimAt, elsewhere }: Replay,
): Promise<Curve> {
  const { heap, os, session } = sceneOf(spec, touch);
  const live = new Float64Array(stops.length);
  const resident = new Float64Array(stops.length);
  let [peak, peakStop, sum] = [0, 0, 0];
  await play(
    elsewhere ? without(trace, elsewhere) : trace,
    session,
    new Stops(stops, (i) => {
      if (os.peakResidentBytes > peak) {
        peak = os.peakResidentBytes;
        peakStop = i;
      }
      if (session.op === trimAt) heap.control!.trim(0);
      live[i] = session.requested;
      resident[i] = os.residentBytes;
      sum += os.residentBytes * (stops[i]! - (stops[i - 1] ?? 0));
    }),
  );
  return {
    live,
    resident,
    peak,
    peakStop,
    mean: sum / (stops.at(-1) ?? 1),
    failures: session.failures,
    systemCalls: os.systemCalls,
    pageFaults: os.pageFaults,
  };
}
