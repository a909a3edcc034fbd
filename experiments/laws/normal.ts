/**
 * The standard normal distribution function and its inverse, to about 1e-15
 * absolute, by a series and Newton's method: after G. Marsaglia, Evaluating
 * the Normal Distribution, J. Stat. Software 11(4), 2004.
 *
 * @module
 */

function density(x: number): number {
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/** Probability that a standard normal variable is at most `x`. */
export function normalCdf(x: number): number {
  if (x > 8) return 1;
  if (x < -8) return 0;
  let sum = x;
  let term = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= x * x / odd;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/** The x with normalCdf(x) = `u`; -Infinity and Infinity at 0 and 1. */
export function probit(u: number): number {
  if (u <= 0) return -Infinity;
  if (u >= 1) return Infinity;
  // From the inflection outward Newton's steps never overshoot: one that turns
  // back is rounding.
  const outward = Math.sign(u - 0.5);
  let x = 0;
  let step;
  do {
    step = (u - normalCdf(x)) / density(x);
    x += step;
  } while (step * outward > 1e-12 && Math.abs(x) < 8);
  return x;
}
