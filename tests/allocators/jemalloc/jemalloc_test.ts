/**
 * What a jemalloc heap tells of itself, and what it makes of bad requests.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { type Allocator, NULL } from "../../../allocators/allocator.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import type { AddressSpace } from "../../../allocators/os/address_space.ts";
import {
  FlatSource,
  PAGE,
  type PageSource,
} from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { newHeap } from "../../../experiments/experiment/cell.ts";

function heapOf(options = "", source?: PageSource): Allocator {
  const spec = parseSpec(`jemalloc${options}`, ALLOCATORS);
  return newHeap(spec, 1, source ?? spec.entry.process!(spec.values)!).heap;
}

Deno.test("requests say where they were served from", () => {
  const heap = heapOf();
  const small = heap.malloc(100);
  assertEquals(
    heap.explain!(),
    "cache filled from slabs, new slab, retained extent",
  );
  heap.free(small, 100);
  assertEquals(heap.explain!(), "to the cache");
  heap.malloc(100);
  assertEquals(heap.explain!(), "cached block");
  const long = heap.malloc(40_000);
  assertEquals(heap.explain!(), "extent of its own, retained extent");
  heap.free(long, 40_000);
  assertEquals(heap.explain!(), "extent freed");
  heap.malloc(9 * 2 ** 20);
  assertEquals(
    heap.explain!(),
    "extent of its own, huge arena, mmap, cache collected",
  );
});

Deno.test("lists name the cache, slabs and free extents", () => {
  const heap = heapOf(":decay=off");
  heap.free(heap.malloc(48), 48);
  heap.free(heap.malloc(100_000), 100_000);
  const rows = heap.census!();
  const blocks = (list: string) =>
    rows.find((row) => row.list === list)?.blocks;
  // Half of a capacity of 200 was cached, of 256 in the slab.
  assertEquals(blocks("tcache[48]"), 100);
  assertEquals(blocks("slabs[48]"), 156);
  assertEquals(blocks("dirty extents[131072]"), 1);
  assertEquals(rows.filter(({ list }) => list.startsWith("ret")).length, 1);
  let cached = 0;
  heap.eachCached!((list, _, bytes) => {
    assertEquals(list, "tcache[48]");
    cached += bytes;
  });
  assertEquals(cached, heap.usage().cached);
});

Deno.test("extents: slabs with their blocks, long blocks, dirty and retained ones", () => {
  const heap = heapOf(":decay=off");
  const small = heap.malloc(14_336);
  heap.free(heap.malloc(100_000), 100_000);
  const long = heap.malloc(200_000);
  const found = new Map<string, string>();
  heap.eachSlab!(({ kind, of, place, start, bytes, slots }) => {
    const holds = (address: number) =>
      start <= address && address < start + bytes;
    const what = holds(small) ? "small" : holds(long) ? "long" : place;
    found.set(what, `${kind} ${of} ${place} ${slots()}`);
  });
  // Two blocks of 14 KiB in a slab of 28 KiB: the cache took the other one.
  assertEquals(found.get("small"), "slab [14336] full x~");
  assertEquals(found.get("long"), "extent  long block x");
  assertEquals(found.get("dirty"), "extent  dirty .");
  assertMatch(found.get("retained")!, /^extent {2}retained \.$/);
});

Deno.test("time passes with every operation, also with idle ones", () => {
  // Requests until the pages of a dirty extent are given back.
  const purgedAfter = (idle: number) => {
    const heap = heapOf(":clock=10000");
    heap.free(heap.malloc(2 ** 22), 2 ** 22);
    const isPurged = () => heap.explain!().includes("pages purged");
    let requests = 0;
    for (; !isPurged(); requests++) {
      if (requests === 600) { for (let i = 0; i < idle; i++) heap.idle!(); }
      heap.free(heap.malloc(40_000), 40_000);
    }
    return requests;
  };
  assert(purgedAfter(20_000) < purgedAfter(0));
});

Deno.test("pages of the cache itself are written when its stacks grow", () => {
  // A block of each size in turn, as measured with the real ones.
  const MEASURED: readonly [size: number, pages: string][] = [
    [8, "06"],
    [16, "06"],
    [32, "016"],
    [64, "016"],
    [80, "0126"],
    [112, "0126"],
    [128, "01236"],
    [192, "01236"],
    [224, "012346"],
    [640, "012346"],
    [768, "0123456"],
    [32_768, "0123456"],
  ];
  for (const version of ["5.3.0", "5.3.1"]) {
    const text = `jemalloc:version=${version}`;
    const spec = parseSpec(text, ALLOCATORS);
    const source = spec.entry.process!(spec.values) as AddressSpace;
    const { heap } = newHeap(spec, 1, source);
    // The cache is what the first mapping of the arena begins with.
    let start = Infinity;
    heap.walk((address, bytes, kind) => {
      if (kind === "meta" && bytes === 32_768) start = address;
    });
    const written = () =>
      Array.from({ length: 8 }, (_, page) => page)
        .filter((page) => source.residentBytesIn(start + page * PAGE, PAGE) > 0)
        .join("");
    assertEquals(written(), "06");
    for (const [size, pages] of MEASURED) {
      heap.malloc(size);
      assertEquals(written(), pages, `${version}, ${size} bytes`);
    }
  }
});

Deno.test("calloc clears what is not new", () => {
  const spec = parseSpec("jemalloc:decay=off", ALLOCATORS);
  const memory = spec.entry.process!(spec.values)!;
  const { heap } = newHeap(spec, 1, memory);
  const block = heap.calloc!(2 ** 20);
  assert(memory.residentBytes! < 2 ** 16); // its own data

  heap.free(block, 2 ** 20);
  heap.calloc!(2 ** 20);
  assert(memory.residentBytes! >= 2 ** 20);
});

Deno.test("an alignment that is no power of two is refused", () => {
  const heap = heapOf();
  for (const alignment of [0, 3, 48, 4097]) {
    assertEquals(heap.memalign!(alignment, 100), NULL);
  }
});

Deno.test("a memory without room for its own data is refused", () => {
  class Full extends FlatSource {
    override mmap(): number {
      return NULL;
    }
  }
  assertThrows(() => heapOf("", new Full()), RangeError, "No room");
});
