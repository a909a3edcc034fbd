/**
 * Lists and slabs of SLUB caches, as they are shown.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Allocator } from "../../../allocators/allocator.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { newHeap } from "../../../experiments/experiment/cell.ts";

const heapOf = (spec: string) => newHeap(parseSpec(spec, ALLOCATORS), 1).heap;

/** `name blocks/most`, of lists that hold something or are limited. */
function lists(heap: Allocator): string[] {
  return heap.census!().map(({ list, blocks, most }) =>
    `${list} ${blocks}${most === undefined ? "" : `/${most}`}`
  );
}

/** `of place slots`. */
function slabs(heap: Allocator): string[] {
  const found: string[] = [];
  heap.eachSlab!(({ of, place, slots }) =>
    found.push(`${of} ${place} ${slots()}`)
  );
  return found;
}

Deno.test("CPU slabs: the CPU's, its partial ones, the node's, full ones", () => {
  // Pages of 4 objects; a CPU of 6.12 has at most 24 slabs of such partial.
  const heap = heapOf("kmem_cache:version=6.12:object=1024:cpus=2");
  const objects = Array.from({ length: 9 }, () => heap.malloc(1024));
  const count = slabs(heap)[0]!.split(" ").at(-1)!.length;
  const rest = count - 9 % count;
  assertEquals(lists(heap), [`objects CPU 0 ${rest}`]);
  heap.free(objects[0]!, 1024); // of a full slab, or the CPU's
  if (count < 9) {
    assertEquals(lists(heap)[1], "objects CPU 0 partial 1");
    assertEquals(
      slabs(heap)[0],
      `objects CPU 0 partial .${"x".repeat(count - 1)}`,
    );
  }
  heap.threading!.run(1);
  heap.malloc(1024);
  heap.free(objects[8]!, 1024); // CPU 1 frees into the slab of CPU 0
  assertEquals(
    lists(heap).filter((line) => /elsewhere|CPU 1/.test(line)),
    ["objects CPU 0 freed elsewhere 1", `objects CPU 1 ${count - 1}`],
  );
});

Deno.test("sheaves: how many of how many, and the barn", () => {
  const heap = heapOf("kmem_cache:version=7.2:object=1024:sheaf=4");
  const most = Number(
    /main sheaf \d+\/(\d+)/.exec(
      (heap.malloc(1024), lists(heap)[0]!),
    )![1],
  );
  assertEquals(lists(heap).slice(0, 2), [
    `objects CPU 0 main sheaf ${most - 1}/${most}`,
    `objects CPU 0 spare sheaf 0/${most}`,
  ]);
  const more = Array.from({ length: 3 * most }, () => heap.malloc(1024));
  for (const address of more) heap.free(address, 1024);
  const [main, spare, barn] = lists(heap);
  assertEquals(main, `objects CPU 0 main sheaf ${most - 1}/${most}`);
  assertEquals(spare, `objects CPU 0 spare sheaf ${most}/${most}`);
  assertEquals(barn, `objects barn ${2 * most}/${10 * most}`);
  // What is in sheaves is kept; a slab has nothing on its own list then.
  const signs = slabs(heap).join("").match(/[x~.]/g)!.join("");
  assertEquals(signs.match(/~/g)!.length, 4 * most - 1);
});

Deno.test("a refusal says why", () => {
  const cache = heapOf("kmem_cache:object=100");
  assertEquals([cache.malloc(101), cache.explain!()], [
    -1,
    "longer than an object, of 100 bytes",
  ]);
  cache.malloc(100);
  assertEquals(cache.explain!(), "");
  const small = heapOf("kmalloc:pages=4");
  assertEquals(small.malloc(40_000), -1);
  assertEquals(small.explain!(), "no block of order 4");
});
