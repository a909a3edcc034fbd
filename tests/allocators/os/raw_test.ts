/**
 * The two heaps that ask the system for every request, and what that costs.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { costOf, PRICES } from "../../../allocators/os/cost.ts";
import { Events } from "../../../allocators/os/events.ts";
import { RawBrk } from "../../../allocators/os/raw_brk.ts";
import { RawMmap } from "../../../allocators/os/raw_mmap.ts";
import { FlatSource, PAGE } from "../../../allocators/pages.ts";

Deno.test("raw_brk: low memory goes back only after higher memory", () => {
  const os = new AddressSpace();
  const heap = new RawBrk(os);
  const start = os.break;
  const [a, b, c] = [100_000, 100_000, 30_000].map((n) => heap.malloc(n));
  heap.free(a!);
  heap.free(b!);
  assertEquals(os.break, start + 230_000 + 3 * 16);
  assertEquals(heap.usage().free, 200_032);
  assertEquals(os.events.brk, 3);
  heap.free(c!);
  assertEquals([os.break, heap.footprint, os.events.brk], [start, 0, 4]);
  heap.check();
});

Deno.test("raw_brk: what is foreign above keeps all that is below", () => {
  const source = new FlatSource();
  const heap = new RawBrk(source);
  const a = heap.malloc(100);
  source.sbrk(7);
  const b = heap.malloc(100);
  assertEquals(b % 16, 0);
  assertEquals(heap.usage().side, 7);
  assertEquals(heap.usage().metadata, 2 * 16 + 9);
  heap.check();
  heap.free(a);
  heap.free(b); // goes back with its padding, down to the foreign bytes
  assertEquals(source.sbrk(0), 128 + 7);
  assertEquals([heap.footprint, heap.usage().side], [128, 0]);
  source.sbrk(-7);
  const c = heap.malloc(1);
  source.sbrk(7);
  heap.free(c); // not at the break: it stays
  assertEquals([heap.footprint, source.sbrk(0)], [160, 167]);
  source.sbrk(-7);
  heap.free(heap.malloc(1));
  assertEquals([heap.footprint, source.sbrk(0)], [0, 0]);
  source.sbrk(7);
  heap.malloc(1);
  assertEquals(heap.usage().side, 0, "nothing of ours lies below");
  heap.check();
});

Deno.test("raw_brk: NULL when the break cannot move", () => {
  const heap = new RawBrk(new FlatSource(1000));
  assertEquals(heap.malloc(2000), NULL);
  const a = heap.malloc(500);
  assertEquals(heap.malloc(500), NULL);
  assertThrows(() => heap.free(a + 16), RangeError);
});

Deno.test("raw_mmap: a byte takes a page, and a free gives it back", () => {
  const os = new AddressSpace();
  const heap = new RawMmap(os);
  const blocks = Array.from({ length: 10 }, () => heap.malloc(1));
  for (const address of blocks) os.touch(address, 1);
  assertEquals([heap.footprint, os.residentBytes], [10 * PAGE, 10 * PAGE]);
  for (const address of blocks) heap.free(address);
  assertEquals([heap.footprint, os.residentBytes], [0, 0]);
  assertEquals([os.events.mmap, os.events.munmap], [10, 10]);
  heap.check();
});

Deno.test("raw_mmap: realloc is one call and copies nothing", () => {
  const os = new AddressSpace();
  const heap = new RawMmap(os);
  const a = heap.malloc(PAGE);
  assertEquals(heap.realloc(a, PAGE, 10), a);
  assertEquals(os.systemCalls, 1);
  heap.malloc(PAGE);
  const moved = heap.realloc(a, 10, 5 * PAGE);
  assertEquals(os.events.mremap, 1);
  assertEquals(heap.counters.bytesMoved, 0);
  assertEquals(heap.usableSize(moved), 5 * PAGE);
  assertThrows(() => heap.free(a), RangeError);
  heap.check();
});

Deno.test("cost: the measured pairs come out again, and prices are replaceable", () => {
  const pair = Object.assign(new Events(), { mmap: 1, munmap: 1 });
  assertEquals(costOf(pair).total, 8095);
  assertEquals(costOf(Object.assign(new Events(), { brk: 2 })).total, 8439);
  const faults = Object.assign(new Events(), {
    writeFaults: 2,
    zeroFaults: 1,
    hugeFaults: 1,
  });
  assertEquals(costOf(faults).faults, 2 * 3764 + 1243 + 222_579);
  const free = { ...PRICES, writeFault: 0 };
  assertEquals(costOf(faults, free).faults, 1243 + 222_579);
});
