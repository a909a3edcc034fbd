import { assert, assertEquals } from "@std/assert";
import type { ListVisitor } from "../../../allocators/allocator.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { newHeap } from "../../../experiments/experiment/cell.ts";

Deno.test("the free extent that a list of jemalloc has in front is used first", () => {
  const { heap } = newHeap(parseSpec("jemalloc:decay=off", ALLOCATORS), 1);
  const size = 40_000;
  const blocks = Array.from({ length: 8 }, () => heap.malloc(size));
  for (const i of [4, 2, 6, 0]) heap.free(blocks[i]!, size);
  const members: [from: number, to: number][] = [];
  const visit: ListVisitor = (list, address, bytes) => {
    if (/^dirty /.test(list)) members.push([address, address + bytes]);
  };
  heap.eachBinned!(visit);
  assertEquals(members.length, 4);
  const [[from, to] = [0, 0]] = members;
  const next = heap.malloc(size);
  assert(from <= next && next < to, `${next} is not in ${from} .. ${to}`);
});
