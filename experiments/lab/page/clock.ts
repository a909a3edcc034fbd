/**
 * Bytes requested over time, by the samples of a lane.
 *
 * @module
 */

/** Samples: operations done, and bytes requested by then; both rise. */
export interface Clock {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** Bytes requested by the first `op` operations; between two samples on a straight line. */
export function bytesAt({ x, y }: Clock, op: number): number {
  return between(x, y, op);
}

/** Operations that request `bytes`; likewise, a whole number. */
export function opAt({ x, y }: Clock, bytes: number): number {
  return Math.floor(between(y, x, bytes));
}

/** The value that `to` has where `from`, which rises, has the value `at`. */
function between(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  at: number,
): number {
  let low = 0;
  let high = from.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle]! <= at) low = middle;
    else high = middle;
  }
  const span = (from[low + 1] ?? from[low]!) - from[low]!;
  const share = span > 0 ? Math.min(1, (at - from[low]!) / span) : 0;
  return to[low]! + share * ((to[low + 1] ?? to[low]!) - to[low]!);
}
