/**
 * What several seeds say together: mean, median, spread, and how sure they are.
 *
 * @module
 */
import { mean, median, sampleStandardDeviation } from "simple-statistics";
import { prng } from "../laws/prng.ts";

/** Resamples of the bootstrap. */
const RESAMPLES = 1000;
/** What an interval leaves out at either end. */
const TAIL = 0.025;

/** A sample of one quantity, summed up. */
export interface Spread {
  /** Number of values. */
  count: number;
  /** Their mean. */
  mean: number;
  /** Sample standard deviation (n - 1); undefined for one value. */
  deviation: number | undefined;
  /** Half the width of the 95 % confidence interval of the mean, as above. */
  margin: number | undefined;
}

/** Sums up `values`, at least one; the interval is Student's. */
export function spread(values: readonly number[]): Spread {
  const count = values.length;
  const deviation = count > 1
    ? sampleStandardDeviation([...values])
    : undefined;
  return {
    count,
    mean: mean([...values]),
    deviation,
    margin: deviation === undefined
      ? undefined
      : studentT(0.95, count - 1) * deviation / Math.sqrt(count),
  };
}

/** A median and how sure it is. */
export interface Middle {
  /** Mean of the middle two of an even number of values. */
  median: number;
  /** The 95 % interval of the median, low end first; undefined for one value. */
  interval: readonly [number, number] | undefined;
}

/**
 * The median of `values`, at least one, and its bootstrap interval: the middle
 * 95 % of the medians of 1000 seeded resamples. After B. Efron, Bootstrap
 * Methods (1979), the percentile method.
 */
export function middle(values: readonly number[]): Middle {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  if (count === 1) return { median: sorted[0]!, interval: undefined };
  const draws = resampled(count);
  const medians = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    const [low, high] = [draws[2 * i]!, draws[2 * i + 1]!];
    medians[i] = (sorted[low]! + sorted[high]!) / 2;
  }
  medians.sort();
  const out = Math.floor(RESAMPLES * TAIL);
  return {
    median: median([...values]),
    interval: [medians[out]!, medians[RESAMPLES - 1 - out]!],
  };
}

/** {@linkcode resampled} by count: drawn once, as all samples may share them. */
const RESAMPLED = new Map<number, Int32Array>();

/**
 * For every resample of `count` sorted values, the places of its middle two
 * (one, twice): a resample of places has its median where its values have.
 */
function resampled(count: number): Int32Array {
  const known = RESAMPLED.get(count);
  if (known) return known;
  const draw = prng(count, "bootstrap");
  const middles = new Int32Array(2 * RESAMPLES);
  const places = new Int32Array(count);
  for (let i = 0; i < RESAMPLES; i++) {
    for (let k = 0; k < count; k++) places[k] = draw.below(count);
    places.sort();
    middles[2 * i] = places[(count - 1) >> 1]!;
    middles[2 * i + 1] = places[count >> 1]!;
  }
  RESAMPLED.set(count, middles);
  return middles;
}

/**
 * The t with P(|T| <= t) = `probability` for Student's distribution with
 * `freedom` >= 1 degrees of freedom, by bisection on the angle.
 */
export function studentT(probability: number, freedom: number): number {
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return Math.sqrt(freedom) * Math.tan(low);
}

/**
 * P(|T| <= sqrt(freedom) tan(angle)): the finite series for whole degrees of
 * freedom, Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
 */
function within(angle: number, freedom: number): number {
  const sin = Math.sin(angle);
  const cos = Math.cos(angle);
  const odd = freedom % 2 === 1;
  let term = odd ? cos : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= (k - 1) / k * cos * cos;
    sum += term;
  }
  return odd ? 2 / Math.PI * (angle + sin * sum) : sin * sum;
}
