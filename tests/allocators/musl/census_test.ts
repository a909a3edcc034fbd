/**
 * The free slots of musl's groups as lists.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseSpec } from "../../../allocators/entry.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { newHeap } from "../../../experiments/experiment/cell.ts";

Deno.test("a group's slots are available, in use, freed, available again", () => {
  const { heap } = newHeap(parseSpec("musl", ALLOCATORS), 1);
  const of = (stride: number) =>
    heap.census!().filter(({ list }) => list.endsWith(`[${stride}]`))
      .map(({ list, blocks, bytes }) => {
        assertEquals(bytes, blocks * stride);
        return `${list} ${blocks}`;
      });
  // 100 bytes take slots of 112, four in a group that lies in a longer slot.
  const all = [1, 2, 3, 4].map(() => heap.malloc(100));
  assertEquals(of(112), []);
  heap.free(all[1]!, 100);
  heap.free(all[3]!, 100);
  assertEquals(of(112), ["freed[112] 2"]);
  heap.malloc(100);
  assertEquals(of(112), ["available[112] 1"]);
});

Deno.test("the census is all that is free", () => {
  const { heap } = newHeap(parseSpec("musl", ALLOCATORS), 1);
  const live: number[] = [];
  for (let i = 0; i < 2000; i++) {
    live.push(heap.malloc(1 + i * 37 % 5000));
    if (i % 3 === 2) heap.free(live.splice(i * 7 % live.length, 1)[0]!, 0);
    if (i % 100 > 0) continue;
    const listed = heap.census!().reduce((sum, { bytes }) => sum + bytes, 0);
    assertEquals(listed, heap.usage().free, `${i}`);
  }
});
