/**
 * A SLUB cache: where objects come from, where slabs go.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { SlubCaches } from "../../../allocators/slab/caches.ts";
import { KmemCache } from "../../../allocators/slab/kmem_cache.ts";
import type { CacheOptions } from "../../../allocators/slab/node_slabs.ts";
import { SlabPages } from "../../../allocators/slab/slab_pages.ts";
import { SlabTable } from "../../../allocators/slab/slab_table.ts";
import { slubGeometry } from "../../../allocators/slab/slub.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";

/** struct file of the recorded guest: 21 objects of 192 bytes on a page. */
const FILP = slubGeometry(
  { objectSize: 184, hwcacheAlign: true, rcu: true },
  2,
);
const PER_SLAB = 21;

function filp(options: CacheOptions = {}, pages = 4096): KmemCache {
  return new KmemCache(new LinuxBuddy({ pages, type: 0 }), FILP, options);
}

/** A cache with `count` objects, and where they are. */
function filled(count: number): { cache: KmemCache; objects: number[] } {
  const cache = filp();
  const objects = Array.from({ length: count }, () => cache.alloc());
  return { cache, objects };
}

Deno.test("slab pinning: one in 21 kept keeps all 900 slabs", () => {
  const { cache, objects } = filled(18_900);
  assertEquals(cache.slabs, 900);
  objects.forEach((at, i) => i % PER_SLAB === 0 || cache.free(at));
  cache.check();
  assertEquals(cache.slabs, 900);
  assertEquals((100 * cache.live / cache.capacity).toFixed(1), "4.8");
  cache.shrink();
  assertEquals(cache.slabs, 900);
});

Deno.test("slab pinning: the first 900 kept keep 43 slabs and some empties", () => {
  const { cache, objects } = filled(18_900);
  for (const at of objects.slice(900)) cache.free(at);
  cache.check();
  const { node, cpuPartial, cpu, empty, slabs } = cache.census();
  // 5 empties stay on the node, 5 on the CPU's list, and the CPU's own slab
  assertEquals({ node, cpuPartial, cpu, empty, slabs }, {
    node: 1 + 5,
    cpuPartial: 5,
    cpu: 1,
    empty: 11,
    slabs: 43 + 5 + 5 + 1,
  });
  cache.shrink();
  cache.check();
  assertEquals(cache.census().slabs, 43);
});

Deno.test("an object freed last is handed out first", () => {
  const { cache, objects } = filled(5);
  assertEquals(objects, [0, 1, 2, 3, 4].map((i) => objects[0]! + 192 * i));
  cache.free(objects[1]!);
  cache.free(objects[3]!);
  assertEquals(cache.alloc(), objects[3]);
  assertEquals(cache.alloc(), objects[1]);
});

Deno.test("a full slab that gets a free is used before the node's", () => {
  const { cache, objects } = filled(3 * PER_SLAB);
  cache.free(objects[0]!); // its slab goes to the CPU's partial list
  assertEquals(cache.census().cpuPartial, 1);
  assertEquals(cache.alloc(), objects[0]);
  assertEquals(cache.census().cpuPartial, 0);
});

Deno.test("a full partial list moves to the node's tail", () => {
  const count = FILP.cpuPartialSlabs + 2;
  const { cache, objects } = filled(count * PER_SLAB);
  for (let slab = 0; slab < count - 1; slab++) {
    cache.free(objects[slab * PER_SLAB]!);
  }
  const { node, cpuPartial } = cache.census();
  assertEquals([node, cpuPartial], [FILP.cpuPartialSlabs, 1]);
  cache.check();
});

Deno.test("objects freed by another CPU return to their own slab", () => {
  const cache = filp({ cpus: 2 });
  const objects = Array.from({ length: 10 }, () => cache.alloc());
  cache.cpu = 1;
  for (const at of objects) cache.free(at);
  assertEquals(cache.freeObjects, 10);
  const other = cache.alloc(); // CPU 1 has no slab: a new one
  assertEquals(cache.slabs, 2);
  cache.free(other);
  cache.cpu = 0;
  const rest = Array.from({ length: PER_SLAB }, () => cache.alloc());
  assertEquals(new Set(rest).size, PER_SLAB);
  assertEquals(cache.slabs, 2);
  cache.check();
});

Deno.test("shuffled slabs hand every object out once", () => {
  const cache = filp({ draw: lottery(1) });
  const objects = Array.from({ length: PER_SLAB }, () => cache.alloc());
  assertEquals(new Set(objects).size, PER_SLAB);
  assert(objects.some((at, i) => i > 0 && at < objects[i - 1]!));
  assertEquals(cache.slabs, 1);
});

Deno.test("short of memory a slab of a smaller order will do", () => {
  const geometry = slubGeometry({ objectSize: 2048, align: 2048 }, 256);
  assertEquals(geometry.order, 3);
  const pages = new LinuxBuddy({ pages: 4, type: 0 });
  const cache = new KmemCache(pages, geometry);
  const objects = Array.from({ length: 9 }, () => cache.alloc());
  assertEquals(objects.filter((at) => at !== NULL).length, 8);
  assertEquals([cache.slabs, cache.capacity], [4, 8]);
  cache.check();
});

Deno.test("double, wild and interior frees are refused", () => {
  const { cache, objects } = filled(30);
  const at = objects[7]!;
  cache.free(at);
  for (const wild of [at, at + 8, objects[0]! - 192, NULL, NaN, 2 ** 40]) {
    assertThrows(() => cache.free(wild), RangeError);
  }
  cache.check();
});

Deno.test("caches merge when size, alignment and flags allow it", () => {
  const caches = new SlubCaches(new LinuxBuddy({ pages: 1024 }));
  const plain = caches.create({ objectSize: 96 });
  assertEquals(caches.create({ objectSize: 90 }), plain);
  assert(caches.create({ objectSize: 88 }) !== plain); // 8 bytes less
  assert(caches.create({ objectSize: 96, align: 64 }) !== plain);
  assert(caches.create({ objectSize: 96, account: true }) !== plain);
  assert(caches.create({ objectSize: 96, reclaimAccount: true }) !== plain);
  assert(caches.create({ objectSize: 96, rcu: true }) !== plain);
  assert(caches.create({ objectSize: 96, ctor: true }) !== plain);
  assert(caches.create({ objectSize: 96, userSize: 8 }) !== plain);
  assertEquals(caches.create({ objectSize: 95 }), plain);
  assertEquals(caches.all.length, 8);
  const apart = new SlubCaches(new LinuxBuddy({ pages: 1024 }), {}, false);
  assert(apart.create({ objectSize: 96 }) !== apart.create({ objectSize: 96 }));
});

Deno.test("what has no number is refused, not wrapped", () => {
  assertThrows(() => new SlabTable(2 ** 15, 8), RangeError, "32767 objects");
  const pages = new SlabPages();
  const cache = pages.addCache();
  pages.set(1, 1, cache, 2 ** 24 - 1);
  assertEquals(pages.slabOf(1, cache), 2 ** 24 - 1);
  assertThrows(() => pages.set(2, 1, cache, 2 ** 24), RangeError, "slabs");
});
