/**
 * The lists of glibc hold every free chunk that a walk shows, once.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parseSpec } from "../../../allocators/entry.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";
import { memoryOf, newHeap } from "../../../experiments/experiment/cell.ts";

Deno.test("glibc: every free block lies on a list of the census", () => {
  for (const version of ["2.31", "2.43"]) {
    const spec = parseSpec(`glibc:version=${version}`, ALLOCATORS);
    const { heap } = newHeap(spec, 1, memoryOf(spec));
    const draw = lottery(9);
    for (const thread of [0, 1]) {
      heap.threading!.run(thread);
      const live: [address: number, size: number][] = [];
      for (let i = 0; i < 4000; i++) {
        if (draw() < 0.5 || live.length === 0) {
          const size = Math.floor(draw() ** 4 * 20_000);
          live.push([heap.malloc(size), size]);
        } else {
          const at = Math.floor(draw() * live.length);
          heap.free(...live.splice(at, 1)[0]!);
        }
      }
    }
    const free = new Map<number, number>();
    heap.walk((start, bytes, kind) => {
      if (kind === "free") free.set(start, bytes);
    });
    const sums = new Map<string, [blocks: number, bytes: number]>();
    const lists = new Set<string>();
    heap.eachBinned!((list, start, bytes) => {
      lists.add(list.replace(/\[\d+\]/, ""));
      const isTop = list.endsWith("top"); // its last word ends the segment
      assertEquals(free.get(start), isTop ? bytes - 8 : bytes, list);
      free.delete(start);
      const [blocks, sum] = sums.get(list) ?? [0, 0];
      sums.set(list, [blocks + 1, sum + bytes]);
    });
    assertEquals([...free], []);
    for (const name of ["small", "large", "top", "arena 1 small"]) {
      assert(lists.has(name), `${version}: nothing in ${name}`);
    }
    const census = heap.census!().filter(({ list }) => sums.has(list));
    assertEquals(
      census.map(({ list, blocks, bytes }) => [list, [blocks, bytes]]),
      [...sums],
    );
  }
});

Deno.test("glibc: each thread's tcache has lists of its own, with their limit", () => {
  const spec = parseSpec("glibc", ALLOCATORS);
  const { heap } = newHeap(spec, 1, memoryOf(spec));
  const blocks: number[] = [];
  for (const thread of [0, 1]) {
    heap.threading!.run(thread);
    for (let i = 0; i < 9; i++) blocks.push(heap.malloc(100));
  }
  heap.free(blocks[0]!, 100); // by thread 1
  for (const address of blocks.slice(9)) heap.free(address, 100);
  heap.threading!.run(0);
  heap.free(blocks[1]!, 100);
  const rows = heap.census!().filter(({ list }) => !list.endsWith("top"));
  assertEquals(
    rows.map(({ list, blocks, most }) => [list, blocks, most]),
    [
      ["tcache[112]", 1, 7],
      ["thread 1 tcache[112]", 7, 7],
      ["arena 1 fast[112]", 3, undefined],
    ],
  );
  const first = new Map<string, number>();
  heap.eachCached!((list, start) => {
    if (!first.has(list)) first.set(list, start + 8);
  });
  assertEquals(first.get("tcache[112]"), blocks[1]);
  assertEquals(first.get("thread 1 tcache[112]"), blocks[14]);
  assertEquals(first.get("arena 1 fast[112]"), blocks[17]);
});
