/**
 * The objects of a trace beside a Map, for ids that come in any series.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Objects } from "../../experiments/traces/objects.ts";
import { prng } from "../../experiments/laws/prng.ts";

/** What an id has: its slot and bytes; 0 bytes after realloc to 0. */
interface Held {
  slot: number;
  bytes: number;
}

/** Does the same to both; fails unless they agree. */
function compare(ids: readonly number[], rounds: number): void {
  const random = prng(1);
  const objects = new Objects();
  const held = new Map<number, Held>();
  const taken = new Set<number>();
  /** A new object takes the lowest slots first, and no slot twice. */
  const enter = (id: number, slot: number, bytes: number) => {
    const before = held.get(id);
    if (before) assertEquals(slot, before.slot, `${id} keeps its slot`);
    else assertEquals(taken.has(slot), false, `slot ${slot} is taken`);
    taken.add(slot);
    held.set(id, { slot, bytes });
  };
  let most = 0;
  for (let round = 1; round <= rounds; round++) {
    const id = ids[random.below(ids.length)]!;
    const of = held.get(id);
    const live = of !== undefined && of.bytes > 0;
    assertEquals(objects.slotOf(id) >= 0, live);
    if (live) {
      assertEquals(objects.slotOf(id), of.slot);
      assertEquals(objects.sizeOf(of.slot), of.bytes);
      assertEquals(objects.allocate(id, 1), -1);
    }
    const action = random.below(4);
    if (action === 0) {
      assertEquals(objects.free(id), of?.slot ?? -1);
      if (of) taken.delete(of.slot);
      held.delete(id);
    } else if (action === 1 && live) {
      assertEquals(objects.reallocate(id, 0), of.slot);
      held.set(id, { slot: of.slot, bytes: 0 });
    } else if (action === 2 || live) {
      enter(id, objects.reallocate(id, round), round);
    } else enter(id, objects.allocate(id, round), round);
    most = Math.max(most, held.size);
  }
  for (const { slot } of held.values()) assertEquals(slot < most, true);
}

Deno.test("objects are kept by ids of any series", () => {
  const series = (count: number, step: number, from = 0) =>
    Array.from({ length: count }, (_, i) => from + i * step);
  compare(series(50, 1), 10_000);
  compare(series(20_000, 1), 40_000);
  compare(series(5000, 16, 2 ** 46), 20_000);
  compare(series(3000, 4096), 10_000);
  compare(series(3000, 2 ** 31), 10_000);
  compare(series(1000, 2 ** 43), 5000);
  compare(series(1000, -1, 2 ** 53 - 1), 5000);
});
