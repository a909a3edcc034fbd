/**
 * The rules of the pool one by one, and its behaviour when memory is scarce
 * against recorded runs of scarce_pool.cpp.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { define, parseSpec } from "../../../allocators/entry.ts";
import { glibc } from "../../../allocators/glibc/entry.ts";
import { FlatSource } from "../../../allocators/pages.ts";
import { type PoolHeap, poolOver } from "../../../allocators/stl/entry.ts";
import { Pool } from "../../../allocators/stl/pool.ts";
import recorded from "../../fixtures/stl/scarce_pool.txt" with { type: "text" };
import { ScarceHeap, simulateScarce } from "../../oracle/scarce_pool.ts";

function poolOn(bytes: number): Pool {
  return new Pool(new ScarceHeap(bytes), new FlatSource());
}

for (const section of recorded.trim().split("\n\n")) {
  const [head, ...lines] = section.split("\n");
  const [seed, operations, bytes] = head!.split(" ").map(Number);
  Deno.test(`libstdc++'s pool, scarce: ${head}`, () => {
    assertEquals(simulateScarce(seed!, operations!, bytes!), lines);
  });
}

Deno.test("a refill cuts 20 objects in ascending order", () => {
  const pool = poolOn(2 ** 20);
  const got = Array.from({ length: 21 }, () => pool.malloc(17));
  assertEquals(got, Array.from({ length: 21 }, (_, i) => 24 * i));
  assertEquals(pool.chunkCount, 1);
  assertEquals(pool.explain(), "refill from the chunk");
  assertEquals(pool.usage().footprint, 2 * 20 * 24);
  assertEquals(pool.usage().free, 0);
  assertEquals(pool.usage().cached, 19 * 24);
});

Deno.test("a chunk has twice 20 objects and a sixteenth of all before", () => {
  const pool = poolOn(2 ** 20);
  for (let i = 0; i < 40; i++) pool.malloc(128);
  pool.malloc(128);
  assertEquals(pool.chunkCount, 2);
  const asked = [2 * 20 * 128, 2 * 20 * 128 + 320]; // 5120 / 16 = 320
  assertEquals(pool.footprint, asked[0]! + asked[1]!);
});

Deno.test("the rest of a chunk goes to the list of its length", () => {
  const pool = poolOn(2 ** 20);
  pool.malloc(8); // takes 160 of 320 bytes
  pool.malloc(128); // takes one more object, 32 bytes are left
  assertEquals(pool.usage().free, 32);
  pool.malloc(64);
  assertEquals(pool.census()[3], { list: "pool[32]", blocks: 1, bytes: 32 });
});

Deno.test("the last one freed is the next one used, and none goes back", () => {
  const pool = poolOn(2 ** 20);
  const [a, b] = [pool.malloc(40), pool.malloc(40)];
  const { footprint } = pool;
  pool.free(a, 40);
  pool.free(b, 40);
  assertEquals([pool.malloc(33), pool.malloc(40)], [b, a]);
  assertEquals(pool.footprint, footprint);
});

Deno.test("long requests are operator new's, and go back", () => {
  const pool = poolOn(2 ** 20);
  const a = pool.malloc(129);
  assertEquals(pool.usage().allocated, 144);
  assertEquals(pool.explain(), "operator new");
  pool.free(a, 129);
  assertEquals(pool.footprint, 0);
});

Deno.test("out of memory, shorter objects are cut from a longer free one", () => {
  const pool = poolOn(2 * 20 * 128);
  const objects = Array.from({ length: 40 }, () => pool.malloc(128));
  assertEquals(pool.malloc(8), NULL);
  assertEquals(pool.explain(), "refused");
  pool.free(objects[7]!, 128);
  assertEquals(pool.malloc(48), objects[7]);
  assertEquals(pool.explain(), "refill, from a longer object");
  assertEquals(pool.malloc(48), objects[7]! + 48);
  assertEquals(pool.malloc(48), NULL);
  assertEquals(pool.malloc(32), objects[7]! + 96); // the rest, by its list
  pool.check();
});

Deno.test("what is not live is refused", () => {
  const pool = poolOn(2 ** 20);
  const small = pool.malloc(24);
  const large = pool.malloc(1000);
  const chunk = pool.malloc(128); // a chunk of its own
  for (const wild of [small + 8, small + 24, large + 8, chunk - 8, NaN, -1]) {
    assertThrows(() => pool.free(wild, 24), RangeError);
    assertThrows(() => pool.usableSize(wild), RangeError);
  }
  pool.free(small, 24);
  pool.free(large, 1000);
  assertThrows(() => pool.free(small, 24), RangeError);
  assertThrows(() => pool.free(large, 1000), RangeError);
});

Deno.test("the spec of the heap below is part of the pool's", () => {
  const entries = [poolOver([glibc])];
  const parsed = (text: string) => parseSpec(text, entries).text;
  assertEquals(parsed("pool"), "pool");
  assertEquals(
    parsed("pool:below=glibc+mxfast=0"),
    "pool:below=glibc+mxfast=0",
  );
  assertThrows(
    () => parsed("pool:below=glibc+fast=0"),
    RangeError,
    'Unknown option "fast" of glibc',
  );
  assertThrows(() => parsed("pool:below=x"), RangeError, "known are glibc");
});

Deno.test("with the heap below, the footprint is all that is held", () => {
  const source = new FlatSource();
  const scarce = define({
    ...glibc,
    options: {},
    create: () => glibc.create({}, { source, draw: () => 0 }),
  });
  const heap = poolOver([scarce]).create({}, { source, draw: () => 0 });
  const pool = heap as PoolHeap;
  for (let i = 0; i < 1000; i++) pool.malloc(1 + i % 200);
  pool.below.malloc(500); // another client of the heap below
  const sums = new Map<string, number>();
  pool.walk((_, bytes, kind) => {
    sums.set(kind, (sums.get(kind) ?? 0) + bytes);
  });
  const usage = pool.usage();
  assertEquals(usage.footprint, source.sbrk(0));
  assertEquals(sums.get("live"), usage.allocated);
  assertEquals(sums.get("cached"), usage.cached);
  assertEquals(sums.get("free"), usage.free);
  assertEquals(sums.get("meta"), usage.metadata);
  pool.check();
});
