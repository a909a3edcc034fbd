/**
 * Ids that were ever in use, beside a Set.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { prng } from "../../experiments/laws/prng.ts";
import { IdSet } from "../../experiments/traces/id_set.ts";

/** Adds `ids` one after the other; compares with a Set on the way. */
function compare(ids: readonly number[], asked: readonly number[]): void {
  const [ours, plain] = [new IdSet(), new Set<number>()];
  ids.forEach((id, i) => {
    ours.add(id);
    plain.add(id);
    if (i % 97 > 0 && i > 5) return;
    for (const one of asked) assertEquals(ours.has(one), plain.has(one));
  });
}

Deno.test("a set of ids is one, in whatever order they come", () => {
  const some = [-1, 0, 1, 2, 3, 50, 99, 100, 101, 2 ** 31, 2 ** 53 - 1];
  const up = Array.from({ length: 200 }, (_, i) => i);
  const draw = prng(7);
  const random = up.map(() => draw.below(120));
  const far = up.map((i) => (i * 7919) % 200 * 16 + 2 ** 46);
  compare(up, some);
  compare(up.map((i) => i + 1), some);
  compare(up.toReversed(), some);
  compare(random, some);
  compare(far, [...some, ...far, 2 ** 46 + 8]);
  compare([5, 3, 9, 4, 8, 6, 7, 2 ** 53 - 1, 0, 2, 1], [...up, ...some]);
});

Deno.test("a set with no room for more ids takes any for known", () => {
  const set = new IdSet(3);
  for (const id of [0, 1, 10, 20]) set.add(id);
  assertEquals([set.has(0), set.has(10), set.has(30)], [true, true, false]);
  set.add(30);
  set.add(2);
  assert(set.has(2) && set.has(20) && set.has(99));
});
