/**
 * Lists are told from their heads on: the first block is the next to be
 * handed out.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { newHeap } from "../../experiments/experiment/cell.ts";

/** Spec, and the list that the next request for 100 bytes is served from. */
const HEADS: readonly (readonly [spec: string, list: RegExp])[] = [
  ["kmem_cache:version=6.12:object=100", /^objects CPU 0$/],
  ["kmem_cache:version=7.2:object=100", /^objects CPU 0 main sheaf$/],
  ["kmalloc", /^kmalloc-128 CPU 0$/],
  ["linux_buddy:pages=4096:pcp=63", /^CPU 0 order 0 movable$/],
  ["lazy_buddy", /^lazy 0$/],
  ["glibc", /^tcache\[112\]$/],
  ["glibc:tcache_count=0", /^fast\[112\]$/],
  ["jemalloc", /^tcache\[112\]$/],
  ["musl", /^available\[112\]$/],
  ["kingsley", /^bucket 128$/],
  ["pool", /^pool\[104\]$/],
];

Deno.test("the head of a list is what the next request gets", () => {
  for (const [spec, list] of HEADS) {
    const { heap } = newHeap(parseSpec(spec, ALLOCATORS), 1);
    const blocks = Array.from({ length: 41 }, () => heap.malloc(100));
    for (const i of [3, 30, 12, 7]) heap.free(blocks[i]!, 100);
    for (let i = 0; i < 2; i++) heap.malloc(100);
    const first = new Map<string, number>();
    const visit = (list: string, start: number) => {
      if (!first.has(list)) first.set(list, start);
    };
    heap.eachCached?.(visit);
    heap.eachBinned?.(visit);
    const [head] = [...first].filter(([name]) => list.test(name));
    assert(head, `${spec}: no list ${list} among ${[...first.keys()]}`);
    const address = heap.malloc(100);
    // A header of a word or two may lie before the payload.
    const header = address - head[1];
    assert(header >= 0 && header <= 16, `${spec}: ${head} and ${address}`);
    assertEquals(header % 8, 0, spec);
  }
});
