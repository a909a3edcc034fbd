/**
 * Laws of sizes and lifetimes, written as text: `uniform:1:1999`.
 *
 * Values are whole numbers below 2^53; a law that could pass them is refused. A
 * law on the reals is rounded: up where it reaches below 1 (exp, lognormal:
 * never 0), down elsewhere. Whole-number laws (uniform, constant, empirical)
 * are exact; the others are drawn from quantile tables.
 *
 * @module
 */
import { normalCdf, probit } from "./normal.ts";
import { alias, tabulated } from "./tables.ts";

/** Yields a uniform number in [0, 1), a multiple of 2^-32. */
export type Draw = () => number;

/** The largest number that a {@linkcode Draw} yields. */
const LAST_DRAW = 1 - 2 ** -32;

/** A distribution over whole numbers. */
export interface Law {
  /** The text that `parseLaw` reads back, or where the law was observed. */
  readonly name: string;
  /** Expected value before rounding; Infinity if it does not exist. */
  readonly mean: number;
  /** Probability of a value of at most `value`, a whole number. */
  cdf(value: number): number;
  /** A source of independent values, one draw each (hyperexp: two). */
  sampler(draw: Draw): () => number;
}

/** A way to write a law. */
interface Form {
  /** Arguments, for messages and help. */
  syntax: string;
  /** What the arguments must satisfy. */
  expects: string;
  /** The law; undefined if the arguments are not as expected. */
  make(name: string, numbers: readonly number[]): Law | undefined;
}

const isSize = (n: number | undefined): n is number =>
  Number.isSafeInteger(n) && n! >= 0;

/**
 * A law on the reals from its distribution function and its inverse; undefined
 * if it could draw what is no whole number below 2^53.
 */
function continuous(
  name: string,
  mean: number,
  rounding: "up" | "down",
  distribution: (x: number) => number,
  quantile: (u: number) => number,
): Law | undefined {
  if (!(quantile(LAST_DRAW) <= Number.MAX_SAFE_INTEGER)) return undefined;
  const up = rounding === "up";
  return {
    name,
    mean,
    cdf: (value) => distribution(up ? value : value + 1),
    sampler(draw) {
      const value = tabulated(quantile);
      return up
        ? () => Math.max(1, Math.ceil(value(draw())))
        : () => Math.floor(value(draw()));
    },
  };
}

function uniform(name: string, low: number, high: number): Law {
  const count = high - low + 1;
  return {
    name,
    mean: (low + high) / 2,
    cdf: (value) => Math.min(1, Math.max(0, (value - low + 1) / count)),
    sampler: (draw) => () => low + Math.floor(draw() * count),
  };
}

function exponential(name: string, mean: number): Law | undefined {
  return continuous(
    name,
    mean,
    "up",
    (x) => x > 0 ? 1 - Math.exp(-x / mean) : 0,
    (u) => -mean * Math.log1p(-u),
  );
}

/** Density proportional to x^-`exponent` on [`low`, `high`). */
function power(
  name: string,
  exponent: number,
  low: number,
  high: number,
): Law | undefined {
  const e = 1 - exponent;
  // The integral of x^(k-1) from low to x.
  const integral = (k: number, x: number) =>
    Math.abs(k) < 1e-9 ? Math.log(x / low) : (x ** k - low ** k) / k;
  const whole = integral(e, high);
  return continuous(
    name,
    integral(e + 1, high) / whole,
    "down",
    (x) => x <= low ? 0 : x >= high ? 1 : integral(e, x) / whole,
    Math.abs(e) < 1e-9
      ? (u) => low * Math.exp(u * whole)
      : (u) => (u * whole * e + low ** e) ** (1 / e),
  );
}

/** The law that draws `values[i]` with probability weights[i] / sum. */
export function empirical(
  name: string,
  values: readonly number[],
  weights: readonly number[],
): Law {
  const index = alias(weights); // before anything, as it checks the weights
  const sum = weights.reduce((total, w) => total + w, 0);
  const meanOf = (f: (value: number) => number) =>
    values.reduce((total, v, i) => total + f(v) * weights[i]! / sum, 0);
  const table = Float64Array.from(values);
  return {
    name,
    mean: meanOf((v) => v),
    cdf: (value) => meanOf((v) => v <= value ? 1 : 0),
    sampler: (draw) => () => table[index(draw())]!,
  };
}

const FORMS: Record<string, Form> = {
  constant: {
    syntax: "constant:N",
    expects: "a whole number N >= 0",
    make: (name, [n, ...more]) =>
      isSize(n) && more.length === 0 ? uniform(name, n, n) : undefined,
  },
  uniform: {
    syntax: "uniform:LOW:HIGH",
    expects: "whole numbers 0 <= LOW <= HIGH",
    make: (name, [low, high, ...more]) =>
      isSize(low) && isSize(high) && low <= high && more.length === 0
        ? uniform(name, low, high)
        : undefined,
  },
  exp: {
    syntax: "exp:MEAN",
    expects: "MEAN > 0",
    make: (name, [mean = 0, ...more]) =>
      mean > 0 && more.length === 0 ? exponential(name, mean) : undefined,
  },
  hyperexp: {
    syntax: "hyperexp:SHARE:MEAN:MEAN2",
    expects: "0 < SHARE < 1 of draws with the first of two means > 0",
    make(name, [share = 0, one = 0, two = 0, ...more]) {
      if (!(share > 0 && share < 1 && one > 0 && two > 0) || more.length > 0) {
        return undefined;
      }
      const [a, b] = [exponential("", one), exponential("", two)];
      return a && b && {
        name,
        mean: share * one + (1 - share) * two,
        cdf: (value) => share * a.cdf(value) + (1 - share) * b.cdf(value),
        sampler(draw) {
          const [first, second] = [a.sampler(draw), b.sampler(draw)];
          return () => draw() < share ? first() : second();
        },
      };
    },
  },
  lognormal: {
    syntax: "lognormal:MU:SIGMA",
    expects: "MU and SIGMA > 0 of the logarithm",
    make: (name, [mu = NaN, sigma = 0, ...more]) =>
      sigma > 0 && Number.isFinite(mu) && more.length === 0
        ? continuous(
          name,
          Math.exp(mu + sigma * sigma / 2),
          "up",
          (x) => x > 0 ? normalCdf((Math.log(x) - mu) / sigma) : 0,
          (u) => Math.exp(mu + sigma * probit(u)),
        )
        : undefined,
  },
  pareto: {
    syntax: "pareto:LOW:ALPHA",
    expects: "LOW >= 1, ALPHA > 0",
    make: (name, [low = 0, alpha = 0, ...more]) =>
      low >= 1 && alpha > 0 && more.length === 0
        ? continuous(
          name,
          alpha > 1 ? alpha * low / (alpha - 1) : Infinity,
          "down",
          (x) => x > low ? 1 - (low / x) ** alpha : 0,
          (u) => low * (1 - u) ** (-1 / alpha),
        )
        : undefined,
  },
  power: {
    syntax: "power:EXPONENT:LOW:HIGH",
    expects: "density x^-EXPONENT, 1 <= LOW < HIGH",
    make: (name, [exponent = NaN, low = 0, high = 0, ...more]) =>
      Number.isFinite(exponent) && low >= 1 && low < high && more.length === 0
        ? power(name, exponent, low, high)
        : undefined,
  },
  loguniform: {
    syntax: "loguniform:LOW:HIGH",
    expects: "1 <= LOW < HIGH",
    make: (name, [low = 0, high = 0, ...more]) =>
      low >= 1 && low < high && more.length === 0
        ? power(name, 1, low, high)
        : undefined,
  },
  inverse_square: {
    syntax: "inverse_square:LOW:HIGH",
    expects: "1 <= LOW < HIGH",
    make: (name, [low = 0, high = 0, ...more]) =>
      low >= 1 && low < high && more.length === 0
        ? power(name, 2, low, high)
        : undefined,
  },
  empirical: {
    syntax: "empirical:VALUE:WEIGHT[:VALUE:WEIGHT...]",
    expects: "whole numbers VALUE >= 0 with weights that sum to > 0",
    make(name, numbers) {
      const values = numbers.filter((_, i) => i % 2 === 0);
      const weights = numbers.filter((_, i) => i % 2 === 1);
      const sum = weights.reduce((total, w) => total + w, 0);
      return values.length === weights.length && values.every(isSize) &&
          weights.every((w) => w >= 0) && sum > 0
        ? empirical(name, values, weights)
        : undefined;
    },
  },
};

/** How every law is written, for help. */
export const LAW_SYNTAX: readonly string[] = Object.values(FORMS).map((form) =>
  form.syntax
);

/** Reads a law such as `exp:1000`; `RangeError` says what is expected. */
export function parseLaw(text: string): Law {
  const [name, ...parts] = text.split(":");
  const form = Object.hasOwn(FORMS, name!) ? FORMS[name!] : undefined;
  if (!form) {
    throw new RangeError(
      `Unknown law "${text}": expected one of ${LAW_SYNTAX.join(", ")}`,
    );
  }
  const numbers = parts.map((part) =>
    /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(part) ? Number(part) : NaN
  );
  const law = numbers.every(Number.isFinite) && form.make(text, numbers);
  if (!law) {
    throw new RangeError(
      `Bad law "${text}": expected ${form.syntax}, ${form.expects}; ` +
        "all values below 2^53",
    );
  }
  return law;
}
