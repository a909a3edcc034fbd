/**
 * Whether a program leaks or its heap fragments, by what live and resident
 * bytes do before an instant.
 *
 * Looked at is the last half before it: the median of its last quarter against
 * that of its first. A change of less than a tenth of the resident memory there
 * counts as none.
 *
 * @module
 */
import type { Curve } from "./curve.ts";

/** A change below this share is none. */
const TENTH = 0.1;
/** Live memory has fallen if it is this share below its most. */
const QUARTER = 0.25;

/** What a curve does. */
export interface Growth {
  /** Verdict. */
  kind: "leak-like" | "fragmentation" | "not returned" | "shrinks" | "steady";
  /** Operations between which it was looked. */
  from: number;
  to: number;
  /** Live and resident bytes early and late in between. */
  live: readonly [early: number, late: number];
  resident: readonly [early: number, late: number];
  /** Live and resident bytes then. */
  now: { live: number; resident: number };
  /** Most live bytes by then, and when. */
  peakLive: number;
  peakOp: number;
}

/** What happens up to stop `last`, of which there is one at least. */
export function growthOf(
  { live, resident }: Curve,
  stops: readonly number[],
  last: number,
): Growth {
  let peak = 0;
  for (let i = 1; i <= last; i++) if (live[i]! > live[peak]!) peak = i;
  const first = stops.findIndex((op) => op >= stops[last]! / 2);
  const quarter = Math.max(1, Math.ceil((last - first + 1) / 4));
  const ends = (values: Float64Array) =>
    [
      middle(values.subarray(first, first + quarter)),
      middle(values.subarray(last + 1 - quarter, last + 1)),
    ] as const;
  const [liveEnds, residentEnds] = [ends(live), ends(resident)];
  const step = TENTH * Math.max(...residentEnds, 1);
  const change = ([early, late]: readonly [number, number]) =>
    Math.abs(late - early) < step ? 0 : late - early;
  const [dl, dr] = [change(liveEnds), change(residentEnds)];
  return {
    kind: kindOf(dl, dr, {
      most: live[peak]!,
      fallen: live[peak]! - live[last]!,
      kept: resident[last]! - live[last]!,
    }),
    from: stops[first]!,
    to: stops[last]!,
    live: liveEnds,
    resident: residentEnds,
    now: { live: live[last]!, resident: resident[last]! },
    peakLive: live[peak]!,
    peakOp: stops[peak]!,
  };
}

function kindOf(
  live: number,
  resident: number,
  { most, fallen, kept }: { most: number; fallen: number; kept: number },
): Growth["kind"] {
  // Much less is live than was, and most of the difference is still there.
  if (fallen >= most * QUARTER && fallen > 0 && kept >= fallen / 2) {
    return "not returned";
  }
  if (resident > 0) return live >= resident / 2 ? "leak-like" : "fragmentation";
  return resident < 0 ? "shrinks" : "steady";
}

/** The median, the upper one of an even number. */
function middle(values: Float64Array): number {
  return values.toSorted()[values.length >> 1]!;
}
