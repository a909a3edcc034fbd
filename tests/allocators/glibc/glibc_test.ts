import { assert, assertEquals, assertThrows } from "@std/assert";
import { type BlockKind, NULL } from "../../../allocators/allocator.ts";
import { Glibc } from "../../../allocators/glibc/glibc.ts";
import type { Tunables } from "../../../allocators/glibc/params.ts";
import { FlatSource } from "../../../allocators/pages.ts";
import { drawing } from "../../oracle/generate.ts";
import { machine } from "../../oracle/machine.ts";
import { TUNINGS } from "../../oracle/tunings.ts";

function heapOf(tunables: Partial<Tunables> = {}, limit?: number): Glibc {
  return new Glibc(new FlatSource(limit), { tunables });
}

/** Fails unless `walk` adds up to `usage` and the structure is sound. */
function assertSound(heap: Glibc): void {
  heap.check();
  const bytes: Record<BlockKind, number> = {
    live: 0,
    cached: 0,
    free: 0,
    meta: 0,
    foreign: 0,
  };
  let largest = 0;
  let end = -1;
  heap.walk((start, length, kind) => {
    assert(start >= end, "blocks must not overlap");
    end = start + length;
    bytes[kind] += length;
    if (kind === "free") largest = Math.max(largest, length);
  });
  const usage = heap.usage();
  assertEquals(
    [bytes.live, bytes.cached, bytes.free, bytes.meta, bytes.foreign, largest],
    [
      usage.allocated,
      usage.cached,
      usage.free,
      usage.metadata,
      usage.side,
      usage.largestFree,
    ],
  );
  assertEquals(usage.footprint, heap.footprint);
}

for (const geometry of ["x86_64", "i386", "armhf"] as const) {
  for (const tuning of TUNINGS) {
    const name = [geometry, ...tuning].join(":");
    Deno.test(`${name} stays sound, and refuses frees of what is free`, () => {
      const header = "# heap0=10000000";
      const { heap, source } = machine(
        geometry,
        tuning,
        `${header}\nV 0 1000 `,
      );
      const draw = drawing(3);
      const live = new Map<number, number>();
      const gone = new Set<number>();
      const note = (address: number, size: number) => {
        if (address === NULL) return;
        assert(heap.usableSize(address) >= size);
        live.set(address, size);
        gone.delete(address);
      };
      for (let i = 0; i < 3000; i++) {
        const size = draw(2 ** (1 + draw(18)));
        const roll = draw(8);
        if (live.size < 60 || roll < 2) note(heap.malloc(size), size);
        else if (roll === 2) note(heap.memalign(2 ** draw(14), size), size);
        else if (roll === 3) note(heap.calloc(size), size);
        else {
          const address = [...live.keys()][draw(live.size)]!;
          const old = live.get(address)!;
          live.delete(address);
          gone.add(address);
          if (roll !== 4) heap.free(address, old);
          else {
            const moved = heap.realloc(address, old, size + 1);
            if (moved === NULL) note(address, old);
            else note(moved, size + 1);
          }
        }
        if (draw(100) === 0) source.sbrk(draw(9000));
        if (i % 100 === 0) assertSound(heap);
      }
      for (const address of gone) {
        assertThrows(() => heap.free(address, 0), RangeError);
        assertThrows(() => heap.usableSize(address), RangeError);
        assertThrows(() => heap.realloc(address, 0, 8), RangeError);
      }
      for (const address of live.keys()) {
        assertThrows(() => heap.free(address + 8, 0), RangeError);
        assertThrows(() => heap.free(address + 0.5, 0), RangeError);
      }
      assertThrows(() => heap.free(NULL, 0), RangeError);
      assertSound(heap);
      for (const [address, size] of live) heap.free(address, size);
      assertSound(heap);
      assertEquals(heap.usage().allocated, 0);
    });
  }
}

Deno.test("explain tells the way of a request", () => {
  const heap = heapOf();
  const block = (size: number) => heap.malloc(size);
  const told: string[] = [];
  const tell = (address: number) => {
    told.push(heap.explain());
    return address;
  };
  tell(block(24));
  const nine = Array.from({ length: 9 }, () => block(24));
  for (const address of nine) heap.free(address, 24);
  tell(NULL);
  tell(block(24));
  const small = tell(block(2000));
  block(3000);
  heap.free(small, 2000);
  tell(NULL);
  tell(block(900));
  tell(block(800));
  const mapped = tell(block(300_000));
  heap.free(mapped, 300_000);
  tell(NULL);
  tell(block(2 ** 63));
  assertEquals(told, [
    "top, brk",
    "put into fast bin",
    "tcache",
    "top, consolidated, merged into top",
    "put on unsorted list",
    "bitmap scan, split",
    "last remainder, split",
    "mmap",
    "munmap, threshold raised",
    "refused",
  ]);
});

Deno.test("a heap of 8 GiB is served, one too large is refused clearly", () => {
  const heap = heapOf({ mmap_max: 0 });
  const gibibyte = 2 ** 30;
  const blocks = Array.from({ length: 8 }, () => heap.malloc(gibibyte));
  assertEquals(new Set(blocks).size, 8);
  assertSound(heap);
  const last = blocks.pop()!;
  heap.free(last, gibibyte);
  assertEquals(heap.malloc(gibibyte), last);
  assertThrows(() => heap.malloc(16 * gibibyte), RangeError, "Cannot hold");
});

Deno.test("without memory from below a request is refused, not more", () => {
  const heap = heapOf({ mmap_max: 0 }, 2 ** 20);
  const kept = heap.malloc(1000);
  assert(kept !== NULL);
  assertEquals(heap.realloc(kept, 1000, 2 ** 52), NULL);
  assertEquals(heap.usableSize(kept), 1000);
  assertSound(heap);
});

Deno.test("filing at once leaves nothing unsorted", () => {
  const source = new FlatSource();
  const tunables = { tcache_count: 0 };
  const heap = new Glibc(source, { tunables, unsorted: false });
  const draw = drawing(9);
  const live: number[] = [];
  for (let i = 0; i < 5000; i++) {
    if (live.length < 100 || draw(2)) live.push(heap.malloc(draw(4000)));
    else heap.free(live.splice(draw(live.length), 1)[0]!, 0);
    if (i % 50 > 0) continue;
    assertSound(heap);
    assert(heap.census().every(({ list }) => list !== "unsorted"));
  }
});

Deno.test("a census finds every chunk that usage counts", () => {
  const heap = heapOf();
  const draw = drawing(5);
  const live: number[] = [];
  for (let i = 0; i < 5000; i++) {
    if (live.length < 300 || draw(2)) live.push(heap.malloc(draw(3000)));
    else heap.free(live.splice(draw(live.length), 1)[0]!, 0);
  }
  let cached = 0;
  let free = 0;
  for (const { list, bytes } of heap.census()) {
    if (/^(tcache|fast)/.test(list)) cached += bytes;
    else if (list !== "mmap") free += bytes;
  }
  const usage = heap.usage();
  assertEquals(cached, usage.cached);
  assertEquals(free, usage.free + 8); // the top's last word is its successor's
});
