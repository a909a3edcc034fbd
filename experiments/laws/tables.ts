/**
 * Tables that turn one uniform draw into one value in constant time, whatever
 * the law: a logarithm or a power per request would cost as much as simulating
 * the request.
 *
 * @module
 */

/** Cells of a quantile table; the table fits the first-level cache. */
const CELLS = 4096;
/** Cells at either end where quantiles bend too much to be interpolated. */
const EDGE = 16;

/**
 * `quantile` by a table: exact at multiples of 1/4096, linear in between, and
 * the closed form itself in the outer 0.4 % on either side, so that tails are
 * as long as they should be. Takes and needs 0 <= u < 1.
 */
export function tabulated(
  quantile: (u: number) => number,
): (u: number) => number {
  // nodes[i] = quantile(i / CELLS); the infinite ends are never read.
  const nodes = Float64Array.from(
    { length: CELLS + 1 },
    (_, i) => quantile(i / CELLS),
  );
  return (u) => {
    const x = u * CELLS;
    const i = Math.floor(x);
    if (i < EDGE || i >= CELLS - EDGE) return quantile(u);
    const low = nodes[i]!;
    return low + (x - i) * (nodes[i + 1]! - low);
  };
}

/**
 * The alias method: maps 0 <= u < 1 to the index i with probability
 * weights[i] / sum. After A. J. Walker (1977), built as by M. D. Vose (1991).
 *
 * Throws `RangeError` unless every weight is >= 0 and one is positive.
 */
export function alias(weights: ArrayLike<number>): (u: number) => number {
  const n = weights.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (!(weights[i]! >= 0)) {
      throw new RangeError(`Cannot draw with weight ${weights[i]}`);
    }
    sum += weights[i]!;
  }
  if (!(sum > 0 && sum < Infinity)) {
    throw new RangeError(`Cannot draw with weights that sum to ${sum}`);
  }
  // Cell i of n equal ones yields i in its first keep[i], else other[i].
  const keep = Float64Array.from(weights, (w) => w * n / sum);
  const other = Int32Array.from(keep, (_, i) => i);
  const poor: number[] = [];
  const rich: number[] = [];
  keep.forEach((share, i) => (share < 1 ? poor : rich).push(i));
  while (poor.length > 0 && rich.length > 0) {
    const taker = poor.pop()!;
    const giver = rich.at(-1)!;
    other[taker] = giver;
    keep[giver]! -= 1 - keep[taker]!;
    if (keep[giver]! < 1) poor.push(rich.pop()!);
  }
  for (const i of poor) keep[i] = 1; // rounding left these a hair short
  return (u) => {
    const x = u * n;
    const i = Math.floor(x);
    return x - i < keep[i]! ? i : other[i]!;
  };
}
