/**
 * Kingsley's buckets, TLSF's bins and the bump pointer, rule by rule.
 *
 * @module
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { type Allocator, NULL } from "../../../allocators/allocator.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { FlatSource } from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";

function make(spec: string, limit?: number): [Allocator, FlatSource] {
  const { entry, values } = parseSpec(spec, ALLOCATORS);
  const source = new FlatSource(limit);
  return [entry.create(values, { source, draw: () => 0 }), source];
}

Deno.test("kingsley rounds header and payload up to a power of two", () => {
  const [heap] = make("kingsley");
  for (let size = 0; size < 5000; size++) {
    const address = heap.malloc(size);
    const block = heap.usableSize(address) + 8;
    assertEquals(block, Math.max(16, 2 ** Math.ceil(Math.log2(size + 8))));
    heap.free(address, size);
  }
  heap.check();
});

Deno.test("kingsley cuts a page up and reuses the block freed last", () => {
  const [heap, source] = make("kingsley");
  const at = [100, 100, 100].map((n) => heap.malloc(n));
  assertEquals(at, [8, 136, 264]);
  assertEquals([heap.footprint, source.systemCalls], [4096, 1]);
  assertEquals(heap.census!(), [
    { list: "bucket 128", blocks: 29, bytes: 29 * 128 },
  ]);
  heap.free(at[0]!, 100);
  heap.free(at[2]!, 100);
  assertEquals([heap.malloc(65), heap.malloc(65)], [264, 8]);
  assertEquals(heap.malloc(10_000), 4096 + 8);
  assertEquals(heap.footprint, 4096 + 16_384);
});

Deno.test("kingsley moves a block that changes its bucket, up or down", () => {
  const [heap] = make("kingsley");
  const a = heap.malloc(100);
  assertEquals(heap.realloc(a, 100, 120), a);
  assertEquals(heap.realloc(a, 120, 57), a);
  assertEquals(heap.realloc(a, 57, 56), 4096 + 8);
  assertEquals(heap.realloc(4104, 56, 57), a);
  assertEquals(heap.counters.bytesMoved, 56 + 56);
  heap.check();
});

Deno.test("kingsley's buckets are exact where Math.log2 rounds", () => {
  const [heap] = make("kingsley:header=0", 2 ** 52);
  assertEquals(heap.usableSize(heap.malloc(2 ** 50)), 2 ** 50);
  assertEquals(heap.usableSize(heap.malloc(2 ** 50 + 1)), 2 ** 51);
});

Deno.test("kingsley serves up to 2^52 bytes and nothing beyond", () => {
  const [heap] = make("kingsley:header=0", 2 ** 53);
  assertEquals(heap.usableSize(heap.malloc(2 ** 52)), 2 ** 52);
  for (const size of [2 ** 52 + 1, 2 ** 53, 2 ** 63, 2 ** 64, Infinity]) {
    assertEquals(heap.malloc(size), NULL);
    assertEquals(heap.realloc(0, 2 ** 52, size), NULL);
  }
});

Deno.test("kingsley skips the first bytes of a longer block to align", () => {
  const [heap] = make("kingsley");
  // 8 + 63 + 100 bytes need a block of 256, whose payload begins at 56 + 8.
  const a = heap.memalign!(64, 100);
  assertEquals([a, heap.usableSize(a)], [64, 192]);
  assertEquals(heap.usage().metadata, 56 + 8);
  const seen: string[] = [];
  heap.walk((start, bytes, kind) => seen.push(`${kind} ${start}+${bytes}`));
  assertEquals(seen.slice(0, 3), ["meta 0+56", "meta 56+8", "live 64+192"]);
  heap.check();
  assertEquals(heap.realloc(a, 100, 192), a);
  assertThrows(() => heap.free(8, 100), RangeError);
  heap.free(a, 192);
  heap.check();
  assertEquals([heap.malloc(200), heap.usableSize(8)], [8, 248]);
  assertEquals(heap.memalign!(8, 100), 4096 + 8); // as it comes
  assertEquals(heap.memalign!(2 ** 60, 1), NULL);
  assertThrows(() => heap.memalign!(48, 1), RangeError);
});

Deno.test("kingsley's blocks without headers are aligned as they are", () => {
  const [heap] = make("kingsley:header=0");
  const [a, b] = [heap.memalign!(128, 100), heap.memalign!(4096, 5000)];
  assertEquals([a, heap.usableSize(a!)], [0, 128]);
  assertEquals([b, heap.usableSize(b!)], [4096, 8192]);
  const c = heap.memalign!(8192, 5000); // 8 KiB blocks start at any page
  assertEquals([c, heap.usableSize(c)], [16_384, 12_288]);
});

Deno.test("kingsley takes a mebibyte at most to cut up", () => {
  make("kingsley:page=1M");
  assertThrows(() => make("kingsley:page=2M"), RangeError, "in 1..1048576");
});

Deno.test("kingsley's free blocks never serve another length", () => {
  const [heap] = make("kingsley:arena=8K");
  const at = Array.from({ length: 64 }, () => heap.malloc(50));
  for (const address of at) heap.free(address, 50);
  assertEquals(heap.usage().largestFree, 4096);
  assert(heap.malloc(200) !== NULL);
  assertEquals(heap.usage().free, 4096 + 15 * 256);
  assertEquals(heap.malloc(500), NULL);
  heap.check();
});

Deno.test("tlsf wastes less than 1/33 of a block, and almost that", () => {
  const [heap] = make("tlsf:header=0:align=1");
  let worst = 0;
  for (let size = 1; size < 70_000; size++) {
    const address = heap.malloc(size);
    const waste = 1 - size / heap.usableSize(address);
    assert(waste < 1 / 33, `${size} bytes: ${waste}`);
    worst = Math.max(worst, waste);
    heap.free(address, size);
  }
  assertAlmostEquals(worst, 1 / 33, 1e-3);
});

Deno.test("tlsf serves lengths beyond 2^40", () => {
  const [heap] = make("tlsf");
  const at = [2 ** 42, 100, 2 ** 41, 100].map((n) => heap.malloc(n));
  heap.free(at[0]!, 0);
  heap.free(at[2]!, 0);
  heap.check();
  assertEquals(heap.usage().largestFree, heap.usage().free - 2 ** 41 - 2 ** 36);
  assertEquals(heap.malloc(2 ** 41), at[2]);
  assertEquals(heap.malloc(2 ** 41), at[0]);
});

Deno.test("tlsf's holes serve nothing longer than they are", () => {
  const [heap] = make("tlsf:align=1:header=0");
  const low = heap.malloc(2 ** 33);
  heap.malloc(100);
  heap.free(low, 2 ** 33);
  for (const size of [2 ** 53, 2 ** 63, 2 ** 64, 2 ** 1000, Infinity]) {
    assertEquals(heap.malloc(size), NULL);
    assertEquals(heap.memalign!(64, size), NULL);
  }
  assertEquals(heap.malloc(2 ** 33), low);
});

Deno.test("tlsf looks at no more than two bins", () => {
  const [heap] = make("tlsf");
  const at = Array.from({ length: 5000 }, (_, i) => heap.malloc(i));
  for (let i = 0; i < at.length; i += 2) heap.free(at[i]!, i);
  const before = heap.counters.searchSteps;
  for (let i = 0; i < 1000; i++) heap.malloc(i);
  assert(heap.counters.searchSteps - before <= 2000);
});

Deno.test("bump moves up until nothing is live", () => {
  const [heap] = make("bump:align=1");
  const at = [10, 20, 30, 40].map((n) => heap.malloc(n));
  assertEquals(at, [0, 10, 30, 60]);
  for (const i of [2, 1, 3]) heap.free(at[i]!, 0);
  assertEquals(heap.malloc(5), 100);
  const { allocated, cached, free, footprint } = heap.usage();
  assertEquals([allocated, cached, free, footprint], [15, 90, 0, 105]);
  const dead: number[] = [];
  heap.walk((_, bytes, kind) => kind === "cached" && dead.push(bytes));
  assertEquals(dead, [90]);
  heap.free(at[0]!, 10);
  heap.free(100, 5);
  assertEquals([heap.footprint, heap.malloc(1)], [0, 0]);
});

Deno.test("bump skips up to a multiple of the alignment", () => {
  const [heap, source] = make("bump:align=1:arena=300");
  const [a, b] = [heap.malloc(10), heap.memalign!(64, 20)];
  assertEquals([a, b, heap.usableSize(b!)], [0, 64, 20]);
  assertEquals([heap.usage().metadata, heap.usage().cached], [54, 0]);
  assertEquals(heap.memalign!(256, 40), 256);
  assertEquals(heap.memalign!(4, 1), 296);
  assertEquals(heap.memalign!(256, 1), NULL);
  assertEquals(heap.usage().free, 3);
  heap.check();
  for (const address of [64, 256, 0]) heap.free(address, 0);
  assertEquals([heap.usage().metadata, heap.usage().cached], [0, 296]);
  heap.free(296, 1);
  heap.check();
  assertEquals([heap.usage().free, source.systemCalls], [300, 1]);
  assertThrows(() => heap.memalign!(48, 1), RangeError);
});

Deno.test("bump keeps what lies below somebody else's memory", () => {
  const [heap, source] = make("bump");
  const [a, b] = [heap.malloc(10), (source.sbrk(8), heap.malloc(10))];
  assertEquals([a, b], [0, 32]);
  heap.free(a!, 10);
  heap.free(b!, 10);
  heap.check();
  assertEquals([heap.footprint, heap.usage().cached], [16, 16]);
  assertEquals([heap.malloc(1), heap.usage().side], [32, 8]);
});

Deno.test("tlsf: holes lie in the bins that say their least length", () => {
  const [heap] = make("tlsf:header=0:align=1:sli=1:arena=4K");
  const blocks = [100, 1, 13, 1, 14, 1].map((size) => heap.malloc(size));
  heap.free(blocks[0]!, 100);
  heap.free(blocks[2]!, 13);
  heap.free(blocks[4]!, 14);
  // Requests are rounded up to where a bin begins: 8, 12, 16, ... 96, 128.
  assertEquals(heap.census!().map(({ list, blocks }) => `${list} ${blocks}`), [
    "bin[16] 2",
    "bin[128] 1",
    "never reached 1",
  ]);
  const first: number[] = [];
  heap.eachBinned!((_, start) => first.push(start));
  assertEquals(first, [blocks[4]!, blocks[2]!, blocks[0]!]);
});
