import { assertEquals } from "@std/assert";
import { IdTable } from "../../experiments/harness/id_table.ts";
import { prng } from "../../experiments/harness/prng.ts";

/** Does the same to a table and a Map; fails unless they agree. */
function compare(keys: readonly number[], rounds: number): void {
  const random = prng(1);
  const table = new IdTable();
  const map = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    const key = keys[random.below(keys.length)]!;
    const place = table.find(key);
    assertEquals(place < 0 ? undefined : table.value(place), map.get(key));
    if (place < 0) {
      table.insert(~place, key, round);
      map.set(key, round);
    } else if (round % 3 > 0) {
      table.remove(place);
      map.delete(key);
    } else {
      table.setValue(place, -round);
      map.set(key, -round);
    }
    assertEquals(table.size, map.size);
  }
  for (const key of keys) {
    const place = table.find(key);
    assertEquals(place < 0 ? undefined : table.value(place), map.get(key));
  }
}

Deno.test("a table does what a Map does", () => {
  const series = (count: number, step: number, from = 0) =>
    Array.from({ length: count }, (_, i) => from + i * step);
  compare(series(50, 1), 20000);
  compare(series(20000, 1), 60000);
  compare(series(5000, 16, 2 ** 46), 30000);
  compare(series(3000, 4096), 20000);
  compare(series(3000, 2 ** 31), 20000);
  compare(series(1000, 2 ** 43), 10000);
  compare(series(1000, -1, 2 ** 53 - 1), 10000);
});
