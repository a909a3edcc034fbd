/**
 * What several seeds say together: mean, spread, and how sure the mean is.
 *
 * @module
 */
import { mean, sampleStandardDeviation } from "simple-statistics";

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
