/**
 * Bytes over pages: which blocks are aligned to what.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { type Allocator, NULL } from "../../allocators/allocator.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { FlatSource } from "../../allocators/pages.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";

/** A heap whose memory begins at `base`. */
function make(spec: string, base = 0): Allocator {
  const { entry, values } = parseSpec(spec, ALLOCATORS);
  const source = new FlatSource();
  source.sbrk(base);
  return entry.create(values, { source, draw: () => 0 });
}

Deno.test("a block as long as the alignment is aligned", () => {
  for (const name of ["buddy", "lazy_buddy", "linux_buddy"]) {
    const heap = make(name);
    heap.malloc(1);
    const [a, b] = [heap.memalign!(64, 100), heap.memalign!(65_536, 5000)];
    assertEquals([a, heap.usableSize(a!)], [4096, 4096]);
    assertEquals([b, heap.usableSize(b!)], [65_536, 65_536]);
    const c = heap.memalign!(4096, 9000);
    assertEquals([c, heap.usableSize(c)], [16_384, 16_384]);
    assertEquals(heap.memalign!(8 * 2 ** 20, 1), NULL);
    assertEquals(heap.memalign!(2 ** 60, 1), NULL);
    for (const odd of [0, -16, 48, 2.5, NaN, Infinity]) {
      assertThrows(() => heap.memalign!(odd, 1), RangeError, "power of two");
    }
    heap.check();
  }
});

Deno.test("blocks of other lengths are aligned to their page only", () => {
  for (const name of ["fibonacci_buddy", "weighted_buddy"]) {
    const heap = make(name);
    assertEquals(heap.memalign!(4096, 5000) % 4096, 0);
    const before = heap.usage();
    assertThrows(
      () => heap.memalign!(8192, 1),
      RangeError,
      "multiples of 8192",
    );
    assertEquals(heap.usage(), before);
    heap.check();
  }
});

Deno.test("blocks are aligned no better than page 0", () => {
  const heap = make("buddy", 4096);
  assertEquals(heap.memalign!(4096, 1), 4096);
  assertThrows(() => heap.memalign!(8192, 1), RangeError, "multiples of 8192");
});
