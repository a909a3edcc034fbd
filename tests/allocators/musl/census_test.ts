/**
 * The free slots of musl's groups as lists.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
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

Deno.test("groups: which slots are live, available, freed, or hold a group", () => {
  const { heap } = newHeap(parseSpec("musl", ALLOCATORS), 1);
  const groups = () => {
    const found: string[] = [];
    heap.eachSlab!(({ kind, of, place, slots }) =>
      found.push(`${kind} ${of} ${place}: ${slots()}`)
    );
    return found;
  };
  const all = [1, 2, 3].map(() => heap.malloc(100));
  heap.free(all[1]!, 100);
  const inner = groups().find((line) => line.startsWith("group [112]"));
  assertEquals(inner, "group [112] in a slot, active: x-x.");
  const members: string[] = [];
  heap.eachBinned!((list, start) => {
    if (list.endsWith("[112]")) members.push(`${list} ${start - all[0]!}`);
  });
  assertEquals(members, ["freed[112] 112", "available[112] 336"]);
  // It lies in a slot of a longer class, and so on: 496, 1008, 2032.
  assertEquals(groups().filter((line) => line.includes("+")).length, 3);
  heap.malloc(500_000);
  assertEquals(groups().at(-1), "mapping  of its own: x");
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

Deno.test("of the groups of a class that have free slots one is active", () => {
  const { heap } = newHeap(parseSpec("musl", ALLOCATORS), 1);
  const blocks = Array.from({ length: 60 }, () => heap.malloc(100));
  for (let i = 0; i < 60; i += 3) heap.free(blocks[i]!, 100);
  let active = 0, next = 0;
  heap.eachSlab!(({ of, place, slots }) => {
    if (of !== "[112]") return;
    const isListed = /, (active|next)$/.test(place);
    assertEquals(isListed, /[.-]/.test(slots()), place);
    if (place.endsWith(", active")) active++;
    if (place.endsWith(", next")) next++;
  });
  assertEquals(active, 1);
  assert(next > 1);
});
