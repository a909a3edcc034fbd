/**
 * Churn: how many objects live, and how long.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { parseLaw } from "../../experiments/laws/distributions.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { Op, TraceBuilder } from "../../experiments/traces/trace.ts";
import {
  lifetimeChurn,
  randomChurn,
} from "../../experiments/workloads/churn.ts";
import { observe } from "../../experiments/workloads/observed.ts";
import { census, requests } from "./requests.ts";

const sizes = parseLaw("uniform:1:9");

Deno.test("random churn keeps the number of live objects", async () => {
  const trace = randomChurn({ live: 50, sizes, steps: 20_000 }, prng(3));
  assertEquals(await census(trace), {
    mallocs: 20_050,
    live: 50,
    most: 50,
    phases: { fill: 50 },
  });
});

Deno.test("the victims of random churn are geometric in age", async () => {
  const { lifetimes } = await observe(
    randomChurn({ live: 50, sizes, steps: 100_000 }, prng(4)),
  );
  // P(age > a) = (1 - 1/50)^a.
  for (const age of [1, 10, 50, 200]) {
    assertAlmostEquals(1 - lifetimes.cdf(age), 0.98 ** age, 0.01);
  }
});

/** Tick of birth and age at death of every object that dies. */
async function ages(lifetimes: string, ticks: number): Promise<number[]> {
  const trace = lifetimeChurn(
    { sizes, lifetimes: parseLaw(lifetimes), ticks },
    prng(5),
  );
  const born = new Map<number | string, number>();
  const found: number[] = [];
  let now = -1;
  for (const { op, slot } of await requests(trace)) {
    if (op === Op.MALLOC) born.set(slot, ++now);
    // Deaths of a tick come before its birth.
    else found.push(now + 1 - born.get(slot)!);
  }
  return found;
}

Deno.test("objects of equal lifetimes die in the order of birth", async () => {
  const all = await ages("constant:1000", 5000);
  assertEquals(all, new Array(4000).fill(1000));
});

Deno.test("a lifetime may be longer than a turn of the wheel", async () => {
  const all = await ages("constant:10000", 25_000);
  assertEquals(all, new Array(15_000).fill(10_000));
});

Deno.test("lifetimes have the law that was asked for", async () => {
  const law = parseLaw("uniform:500:1500");
  const all = (await ages(law.name, 100_000)).slice(0, 90_000);
  assert(all.every((age) => age >= 500 && age <= 1500));
  for (const age of [700, 1000, 1300]) {
    const share = all.filter((a) => a <= age).length / all.length;
    assertAlmostEquals(share, law.cdf(age), 0.01);
  }
});

Deno.test("a lifetime of 0 is one tick", async () => {
  assertEquals(await ages("constant:0", 5), [1, 1, 1, 1]);
});

Deno.test("the laws of a trace are those of its objects", async () => {
  const trace = new TraceBuilder();
  const a = trace.malloc(16);
  const b = trace.calloc(32);
  trace.realloc(b, 64);
  trace.free(a);
  trace.free(b);
  trace.free(trace.malloc(16));
  trace.malloc(48);
  trace.append(Op.FREE, -1, 0, 0);
  const { sizes, lifetimes, objects } = await observe(trace.build("small"));
  assertEquals(objects, 4);
  assertEquals(sizes.name, "sizes of small");
  assertEquals([15, 16, 32, 48].map(sizes.cdf), [0, 0.5, 0.75, 1]);
  // a: 2 requests, b: 1, the third: 1; the last never dies: 4.
  assertEquals([0, 1, 2, 3, 4].map(lifetimes.cdf), [0, 0.5, 0.75, 0.75, 1]);
});
