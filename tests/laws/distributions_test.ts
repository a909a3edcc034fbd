/**
 * Laws: what is drawn has the distribution that the law states.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { assertThrows } from "@std/assert";
import {
  empirical,
  LAW_SYNTAX,
  parseLaw,
} from "../../experiments/laws/distributions.ts";
import { normalCdf, probit } from "../../experiments/laws/normal.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { alias, tabulated } from "../../experiments/laws/tables.ts";

const DRAWS = 200_000;
/** Kolmogorov's bound that 200,000 draws exceed once in 10^6 laws. */
const FAR = 2.7 / Math.sqrt(DRAWS);

/** One law of every form, and its mean as drawn (NaN: too heavy a tail). */
const LAWS: readonly [text: string, mean: number, tolerance: number][] = [
  ["constant:64", 64, 0],
  ["uniform:1:1999", 1000, 6],
  ["uniform:0:3", 1.5, 0.02],
  // Rounding up makes a geometric variable: 1 / (1 - e^(-1/m)).
  ["exp:1000", 1 / (1 - Math.exp(-1 / 1000)), 10],
  ["exp:0.5", 1 / (1 - Math.exp(-2)), 0.01],
  ["hyperexp:0.9:100:9100", 1000.5, 40],
  ["lognormal:4:1", Math.exp(4.5) + 0.5, 1.5],
  ["pareto:16:3", 24 - 0.5, 0.5],
  ["pareto:16:0.8", NaN, 0],
  ["power:1.5:8:8192", NaN, 0],
  ["power:0:1:11", 5.5, 0.05],
  ["loguniform:1:65536", 65535 / Math.log(65536) - 0.5, 150],
  // Sum of P(X >= k): 4 + 4.0005 (H(32768) - H(4)) - 4.0005.
  ["inverse_square:4:32768", 35.57, 4],
  ["empirical:16:3:24:1:4096:0", 18, 0.05],
];

for (const [text, mean, tolerance] of LAWS) {
  Deno.test(`${text} draws what it says`, () => {
    const law = parseLaw(text);
    assertEquals(law.name, text);
    const next = law.sampler(prng(1));
    const drawn = Float64Array.from({ length: DRAWS }, next).sort();
    assert(drawn.every((v) => Number.isSafeInteger(v) && v >= 0));
    for (let i = 0; i < DRAWS; i++) {
      if (drawn[i] === drawn[i + 1]) continue;
      const far = Math.abs((i + 1) / DRAWS - law.cdf(drawn[i]!));
      assert(far < FAR, `P(X <= ${drawn[i]}) is ${far} off`);
    }
    if (Number.isNaN(mean)) return;
    const sum = drawn.reduce((a, b) => a + b, 0);
    assertAlmostEquals(sum / DRAWS, mean, tolerance);
    assertAlmostEquals(law.mean, mean, Math.max(tolerance, 0.7));
  });
}

Deno.test("every form of a law is tested", () => {
  const forms = new Set(LAWS.map(([text]) => text.split(":")[0]));
  assertEquals(forms, new Set(LAW_SYNTAX.map((text) => text.split(":")[0])));
});

Deno.test("uniform integers are exact", () => {
  // Every one of 2^16 equidistant draws hits each of 16 values equally often.
  let i = 0;
  const next = parseLaw("uniform:5:20").sampler(() => i++ / 2 ** 16);
  const hits = new Int32Array(32);
  for (let k = 0; k < 2 ** 16; k++) hits[next()]!++;
  assertEquals(hits.slice(5, 21), new Int32Array(16).fill(4096));
});

Deno.test("the alias table is exact", () => {
  const weights = [1, 0, 5, 2, 8];
  const index = alias(weights);
  const hits = new Array(5).fill(0);
  for (let i = 0; i < 80_000; i++) hits[index(i / 80_000)]++;
  assertEquals(hits, weights.map((w) => w * 5000));
});

Deno.test("an alias table needs weights", () => {
  for (const weights of [[], [0, 0], [1, -1], [NaN], [Infinity]]) {
    assertThrows(() => alias(weights), RangeError);
  }
});

Deno.test("the quantile table follows its closed form", () => {
  const quantile = (u: number) => -Math.log1p(-u);
  const table = tabulated(quantile);
  for (let i = 0; i < 100_000; i++) {
    const u = i / 100_000;
    assertAlmostEquals(table(u), quantile(u), 6e-4);
  }
  assertEquals(table(1 - 2 ** -32), quantile(1 - 2 ** -32));
});

Deno.test("probit is the inverse of the normal distribution", () => {
  assertAlmostEquals(probit(0.975), 1.959963984540054, 1e-12);
  assertAlmostEquals(probit(2 ** -32), -6.230260, 1e-6);
  assertEquals([probit(0), probit(1)], [-Infinity, Infinity]);
  for (let u = 1e-6; u < 1; u += 1e-3) {
    assertAlmostEquals(normalCdf(probit(u)), u, 1e-13);
  }
});

Deno.test("a law observed has the mean of what was observed", () => {
  const law = empirical("sizes of x", [24, 40], [1, 3]);
  assertEquals([law.mean, law.cdf(39), law.cdf(40)], [36, 0.25, 1]);
});

Deno.test("the largest draw of a law that is accepted is a size", () => {
  const wide = ["exp:4e14", "pareto:16:0.8", "power:2:1:1e300"];
  wide.push("lognormal:36:0.1", "loguniform:1:9e15", "uniform:0:9e15");
  for (const text of wide) {
    for (const u of [0, 2 ** -32, 0.5, 1 - 2 ** -32]) {
      const drawn = parseLaw(text).sampler(() => u)();
      assert(Number.isSafeInteger(drawn) && drawn >= 0, `${text}: ${drawn}`);
    }
  }
});

Deno.test("a bad law is refused with what is expected", () => {
  const bad: [text: string, message: string][] = [
    ["", "expected one of constant:N"],
    ["unifrom:1:2", 'Unknown law "unifrom:1:2": expected one of'],
    ["toString", "Unknown law"],
    ["uniform:5:1", "expected uniform:LOW:HIGH, whole numbers"],
    ["uniform:1", "expected uniform:LOW:HIGH"],
    ["uniform:1:2:3", "expected uniform:LOW:HIGH"],
    ["uniform:1:2.5", "expected uniform:LOW:HIGH"],
    ["uniform:0x1:2", "expected uniform:LOW:HIGH"],
    ["uniform::2", "expected uniform:LOW:HIGH"],
    ["constant:-1", "expected constant:N"],
    ["exp:0", "expected exp:MEAN"],
    ["exp:1e999", "expected exp:MEAN"],
    ["exp:1e300", "expected exp:MEAN, MEAN > 0; all values below 2^53"],
    ["hyperexp:0.5:1:1e300", "all values below 2^53"],
    ["lognormal:700:1", "all values below 2^53"],
    ["lognormal:0:1e300", "all values below 2^53"],
    ["pareto:1:0.001", "all values below 2^53"],
    ["pareto:1e300:2", "all values below 2^53"],
    ["power:-1000:1:10", "all values below 2^53"],
    ["power:400:100:1000", "all values below 2^53"],
    ["loguniform:1:1e300", "all values below 2^53"],
    ["uniform:0:9007199254740992", "expected uniform:LOW:HIGH"],
    ["hyperexp:1:1:1", "expected hyperexp:"],
    ["lognormal:1:0", "expected lognormal:"],
    ["pareto:0:1", "expected pareto:"],
    ["power:1:8:8", "expected power:"],
    ["loguniform:9:8", "expected loguniform:"],
    ["inverse_square:0:8", "expected inverse_square:"],
    ["empirical:16", "expected empirical:"],
    ["empirical:16:0", "weights that sum to > 0"],
    ["empirical:1.5:1", "expected empirical:"],
  ];
  for (const [text, message] of bad) {
    assertThrows(() => parseLaw(text), RangeError, message);
  }
});
