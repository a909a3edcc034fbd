import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { prng } from "../../experiments/laws/prng.ts";

/** 256 counts of `draw`, an integer below 256, over 2^18 draws. */
function chiSquare(draw: () => number): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < 2 ** 18; i++) counts[draw()]!++;
  return counts.reduce((sum, n) => sum + (n - 1024) ** 2 / 1024, 0);
}

Deno.test("the same seed gives the same numbers, on every machine", () => {
  const draw = prng(1);
  assertEquals([draw(), draw.below(1000), draw.bits()], [
    0.6397722917608917,
    270,
    3010337248,
  ]);
  const parent = prng(1);
  const child = parent.fork("x");
  const first = child();
  parent();
  assertEquals(parent.fork("x")(), first);
  assertNotEquals(prng(1).fork("y")(), first);
  assertNotEquals(prng(2).fork("x")(), first);
});

// 255 degrees of freedom: above 360 once in 10^5 fair tests.
Deno.test("numbers are uniform, also over neighbouring seeds", () => {
  const draw = prng(7);
  assert(chiSquare(() => draw.below(256)) < 360);
  assert(chiSquare(() => draw.bits() & 255) < 360);
  assert(chiSquare(() => Math.floor(draw() * 256)) < 360);
  let seed = 0;
  assert(chiSquare(() => prng(seed++).below(256)) < 360);
});

Deno.test("below stays below, also for 2^32 and 1", () => {
  const draw = prng(3);
  for (let i = 0; i < 10_000; i++) {
    assertEquals(draw.below(1), 0);
    const large = draw.below(2 ** 32);
    assert(Number.isInteger(large) && large >= 0 && large < 2 ** 32);
    const u = draw();
    assert(u >= 0 && u < 1);
  }
});
