/**
 * Sheaves of Linux 7.2: where objects come from and go to.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { NULL } from "../../../allocators/allocator.ts";
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { FlatSource } from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { KmemCache } from "../../../allocators/slab/kmem_cache.ts";
import { type CacheSpec, slubGeometry } from "../../../allocators/slab/slub.ts";
import type { SlubVersion } from "../../../allocators/slab/versions.ts";
import { lottery } from "../../../experiments/conformance/conformance.ts";

/** Objects of 4 KiB: 8 on a slab, 4 in a sheaf. */
const LARGE = { objectSize: 4096, align: 4096 };
const PER_SLAB = 8;

function cacheOf(
  spec: CacheSpec = LARGE,
  { cpus = 1, pages = 4096, version = "7.2" as SlubVersion } = {},
): KmemCache {
  const geometry = slubGeometry(spec, 1, version);
  return new KmemCache(new LinuxBuddy({ pages, type: 0 }), geometry, { cpus });
}

/** So many objects of a cache. */
function objectsOf(cache: KmemCache, count: number): number[] {
  return Array.from({ length: count }, () => cache.alloc());
}

/** Which object of its slab each is. */
function indexes(objects: readonly number[]): number[] {
  return objects.map((at) => at / 4096 % PER_SLAB);
}

/** What is in the sheaves of CPU 0, and in the barn. */
function held(cache: KmemCache) {
  cache.check();
  const { main, spare, rcu, full, empty } = cache.sheaves()!;
  return [main[0], spare[0], rcu[0], full, empty];
}

Deno.test("a refill hands out its last object first", () => {
  const cache = cacheOf();
  assertEquals(indexes(objectsOf(cache, 9)), [3, 2, 1, 0, 7, 6, 5, 4, 3]);
  assertEquals(held(cache), [3, 0, -1, 0, 0]);
  assertEquals(cache.census(), {
    slabs: 2,
    node: 1,
    cpuPartial: 0,
    cpu: 0,
    empty: 0,
    active: 12,
  });
});

Deno.test("frees fill main, spare and the barn; then the spare is flushed", () => {
  const cache = cacheOf();
  const objects = objectsOf(cache, 80);
  const states = objects.map((at) => {
    cache.free(at);
    return held(cache).join();
  });
  assertEquals(states.slice(0, 10), [
    ...["1,0,-1,0,0", "2,0,-1,0,0", "3,0,-1,0,0", "4,0,-1,0,0"],
    ...["1,4,-1,0,0", "2,4,-1,0,0", "3,4,-1,0,0", "4,4,-1,0,0"],
    ...["1,4,-1,1,0", "2,4,-1,1,0"],
  ]);
  assertEquals(states[47], "4,4,-1,10,0");
  assertEquals(states[48], "1,4,-1,10,0");
  // 4 objects went to slabs, and the first two slabs were not wholly free
  assertEquals(cache.freeObjects, 32);
  assertEquals(cache.capacity - cache.freeObjects, 48);
  assertEquals(cache.census().active, 48);
});

Deno.test("allocations empty main, the spare and the barn; then slabs", () => {
  const cache = cacheOf();
  for (const at of objectsOf(cache, 48)) cache.free(at);
  const states = objectsOf(cache, 49).map(() => held(cache).join());
  assertEquals(states.at(-1), "3,0,-1,0,10");
  const again = cacheOf();
  for (const at of objectsOf(again, 48)) again.free(at);
  const steps = Array.from({ length: 9 }, () => {
    again.alloc();
    return held(again).join();
  });
  assertEquals(steps.slice(3), [
    ...["0,4,-1,10,0", "3,0,-1,10,0", "2,0,-1,10,0", "1,0,-1,10,0"],
    ...["0,0,-1,10,0", "3,0,-1,9,1"],
  ]);
});

Deno.test("what kfree_rcu frees comes to the barn a grace period later", () => {
  const cache = cacheOf();
  const objects = objectsOf(cache, 9);
  for (const at of objects.slice(0, 3)) cache.freeRcu(at);
  assertEquals(held(cache), [3, -1, 3, 0, 0]); // the spare was empty
  assertThrows(() => cache.free(objects[0]!), RangeError);
  cache.gracePeriod();
  assertEquals(held(cache), [3, -1, 3, 0, 0]); // it is not full
  cache.freeRcu(objects[3]!);
  assertEquals(held(cache), [3, -1, -1, 0, 0]);
  cache.gracePeriod();
  assertEquals(held(cache), [3, -1, -1, 1, 0]);
  assertEquals(cache.live, 5);
});

Deno.test("a full barn: the sheaf of kfree_rcu is flushed", () => {
  const cache = cacheOf();
  const objects = objectsOf(cache, 60);
  for (const at of objects.slice(0, 48)) cache.free(at);
  const free = cache.freeObjects;
  for (const at of objects.slice(48, 52)) cache.freeRcu(at);
  assertEquals(cache.freeObjects, free);
  cache.gracePeriod();
  assertEquals(held(cache), [4, 4, -1, 10, 1]);
  assertEquals(cache.live, 8);
  assertEquals(cache.capacity - cache.freeObjects, 48 + 8);
});

Deno.test("without sheaves kfree_rcu frees a grace period later as well", () => {
  const cache = cacheOf(LARGE, { version: "6.12" });
  const [first, second] = objectsOf(cache, 2);
  cache.freeRcu(first!);
  cache.check();
  assertEquals(cache.live, 1);
  assertThrows(() => cache.free(first!), RangeError);
  assertEquals(indexes([cache.alloc()]), [2]);
  cache.gracePeriod();
  cache.check();
  assertEquals(cache.alloc(), first);
  cache.free(second!);
  cache.check();
});

Deno.test("a cache without sheaves uses its slabs, object by object", () => {
  const cache = cacheOf({ ...LARGE, sheafCapacity: 0 });
  const objects = objectsOf(cache, 3 * PER_SLAB);
  assertEquals(indexes(objects.slice(0, 9)), [0, 1, 2, 3, 4, 5, 6, 7, 0]);
  assertEquals(cache.census().node, 0);
  for (const i of [0, 1, PER_SLAB, 2 * PER_SLAB]) cache.free(objects[i]!);
  assertEquals(cache.freeObjects, 4);
  // by fullness; of the two with one free object the later comes first
  cache.shrink();
  cache.check();
  assertEquals(objectsOf(cache, 4), [
    ...[objects[2 * PER_SLAB], objects[PER_SLAB], objects[1], objects[0]],
  ]);
});

Deno.test("shrinking leaves slabs with more than 32 free objects in order", () => {
  const spec = { objectSize: 64, sheafCapacity: 0 };
  const cache = cacheOf(spec);
  const [a, b, c] = [0, 1, 2].map(() => objectsOf(cache, 64)) as [
    number[],
    number[],
    number[],
  ];
  for (const at of a.slice(1)) cache.free(at); // 63 free
  for (const at of b.slice(20)) cache.free(at); // 44 free
  for (const at of c.slice(32)) cache.free(at); // 32 free
  cache.shrink();
  const order = objectsOf(cache, 32 + 63 + 44)
    .map((at) => Math.floor(at / 4096));
  assertEquals(
    [...new Set(order)],
    [c, a, b].map((x) => Math.floor(x[0]! / 4096)),
  );
});

Deno.test("the node keeps as many partial slabs as it must, empty or not", () => {
  const cache = cacheOf({ ...LARGE, sheafCapacity: 0 });
  const objects = objectsOf(cache, 10 * PER_SLAB);
  for (const at of objects) cache.free(at);
  cache.check();
  const { slabs, node, empty } = cache.census();
  // the slab that would be one too many counts as well
  const kept = cache.geometry.minPartial - 1;
  assertEquals([slabs, node, empty], [kept, kept, kept]);
  cache.shrink();
  assertEquals(cache.slabs, 0);
});

Deno.test("CPUs have sheaves of their own and share the barn", () => {
  const cache = cacheOf(LARGE, { cpus: 2 });
  const objects = objectsOf(cache, 12);
  cache.cpu = 1;
  for (const at of objects) cache.free(at);
  cache.check();
  assertEquals(cache.sheaves(), {
    main: [0, 4],
    spare: [0, 4],
    rcu: [-1, -1],
    full: 1,
    empty: 0,
  });
  cache.cpu = 0;
  assertEquals(cache.alloc(), objects[7]); // out of the barn
  cache.check();
  cache.shrink();
  cache.check();
  assertEquals([cache.slabs, cache.live], [1, 1]);
});

/**
 * Flushes sheaves of 12 objects, named by slab and index, and refills them:
 * the objects in the order in which the slabs then hand them out.
 */
function flushed(...sheaves: string[]): string[] {
  const cache = cacheOf({ objectSize: 1024 }); // 8 on a slab
  const objects = objectsOf(cache, 24 * 12).sort((a, b) => a - b);
  const places = sheaves.map((names) =>
    names.split(" ").map((name) =>
      objects[8 * (name.charCodeAt(0) - 65) + Number(name[1])]!
    )
  );
  const used = new Set(places.flat());
  const others = objects.slice(64).filter((at) => !used.has(at));
  for (const at of others.slice(0, 12 * 12)) cache.free(at); // all are full
  for (const sheaf of places) {
    for (const at of sheaf) cache.freeRcu(at);
    cache.gracePeriod();
  }
  objectsOf(cache, 12 * 12);
  return places.map(() =>
    objectsOf(cache, 12).reverse().map((at) => {
      const i = objects.indexOf(at);
      return String.fromCharCode(65 + (i >> 3)) + (i & 7);
    }).join(" ")
  );
}

Deno.test("a flush takes objects of one slab together", () => {
  const fill = "F0 F1 F2 F3 G0 G1 G2 G3";
  // C0 takes the place of B0, so that A0 goes before it
  assertEquals(flushed(`${fill} B0 A0 C0 B1`), [
    "B0 B1 A0 C0 G0 G1 G2 G3 F0 F1 F2 F3",
  ]);
  // three objects lie between: B0 is not found
  assertEquals(flushed("F0 F1 F2 F3 F4 F5 F6 B0 D0 A0 C0 B1"), [
    "B0 B1 C0 A0 D0 F0 F1 F2 F3 F4 F5 F6",
  ]);
});

Deno.test("a refill takes no slab beyond what it needs", () => {
  assertEquals(
    flushed(
      "B0 B1 B2 B3 B4 B5 A0 A1 A2 A3 A4 A5",
      "E0 E1 E2 E3 D0 D1 D2 D3 C0 C1 C2 C3",
    ),
    [
      "A0 A1 A2 A3 A4 A5 B0 B1 B2 B3 B4 B5",
      "C0 C1 C2 C3 D0 D1 D2 D3 E0 E1 E2 E3",
    ],
  );
});

Deno.test("short of memory no object is lost in sheaves", () => {
  const spec = { objectSize: 1024 }; // 8 on a slab, 12 in a sheaf
  const cache = cacheOf(spec, { pages: 2 });
  assertEquals([cache.geometry.objects, cache.geometry.sheafCapacity], [8, 12]);
  for (const round of [1, 2]) {
    const objects = objectsOf(cache, 10);
    assertEquals(objects.filter((at) => at !== NULL).length, 8, `${round}`);
    assertEquals(new Set(objects).size, 9);
    cache.check();
    for (const at of objects.slice(0, 8)) cache.free(at);
    cache.check();
  }
  cache.shrink();
  assertEquals(cache.slabs, 0);
});

Deno.test("random requests of three CPUs keep all invariants", () => {
  for (const version of ["6.1", "6.12", "7.2"] as const) {
    const cache = cacheOf({ objectSize: 600 }, { cpus: 3, version });
    const draw = lottery(5);
    const live: number[] = [];
    for (let step = 0; step < 6000; step++) {
      cache.cpu = Math.floor(draw() * 3);
      const grows = draw() < (step % 2000 < 1000 ? 0.7 : 0.3);
      if (grows || live.length === 0) live.push(cache.alloc());
      else {
        const [at] = live.splice(Math.floor(draw() * live.length), 1);
        if (draw() < 0.2) cache.freeRcu(at!);
        else cache.free(at!);
      }
      if (draw() < 0.01) cache.gracePeriod();
      if (draw() < 0.001) cache.shrink();
      if (step % 100 === 0) {
        cache.check();
        assertEquals(cache.live, live.length);
      }
    }
    assertEquals(new Set(live).size, live.length);
    for (const at of live) cache.free(at);
    cache.gracePeriod();
    cache.shrink();
    cache.check();
    assertEquals(cache.slabs, 0, version);
  }
});

Deno.test("a creator asks for sheaves as long as others, or longer", () => {
  const capacity = (wish: number) =>
    slubGeometry({ objectSize: 256, sheafCapacity: wish }, 1, "7.2")
      .sheafCapacity;
  assertEquals([1, 28, 29, 32, 0].map(capacity), [28, 28, 29, 32, 0]);
});

const heap = (text: string) => {
  const { entry, values } = parseSpec(text, ALLOCATORS);
  return entry.create(values, { source: new FlatSource(), draw: lottery(1) });
};

Deno.test("kmem_cache: the first request makes the cache, longer ones are refused", () => {
  const cache = heap("kmem_cache:version=7.2");
  assertEquals(cache.malloc(2 ** 40), NULL);
  const address = cache.malloc(100);
  assertEquals(cache.usableSize(address), 104);
  assert(cache.malloc(7) !== NULL);
  assertEquals(cache.malloc(101), NULL);
  assertEquals(cache.usage().cached, 58 * 104);
});

Deno.test("threads are CPUs", () => {
  const cache = heap("kmem_cache:version=7.2:cpus=2:object=64");
  const address = cache.malloc(64);
  cache.threading!.run(3); // the second CPU
  cache.free(address, 64);
  assert(cache.malloc(64) === address);
  cache.free(address, 64);
  cache.threading!.end(3);
  assert(cache.malloc(64) !== address);
  assertThrows(() => cache.threading!.end(3), RangeError);
  assertThrows(() => cache.threading!.end(0), RangeError);
});

Deno.test("kmalloc: families as the kernel has them", () => {
  const caches = (text: string, ...sizes: number[]) => {
    const slabs = heap(text);
    for (const size of sizes) slabs.malloc(size);
    const names: string[] = [];
    slabs.eachSlab!(({ of }) => names.push(of));
    return names;
  };
  assertEquals(caches("kmalloc", 65, 128, 129, 256, 257, 1024), [
    ...["kmalloc-96", "kmalloc-128", "kmalloc-192", "kmalloc-256"],
    ...["kmalloc-512", "kmalloc-1k"],
  ]);
  const first = (text: string, size: number) => caches(text, size)[0];
  assertEquals(first("kmalloc:version=6.1:family=dma", 1), "dma-kmalloc-8");
  assertEquals(first("kmalloc:family=msg_msg", 8000), "msg_msg-8k");
  assertThrows(
    () => heap("kmalloc:version=6.1:family=msg_msg"),
    RangeError,
    "Linux 6.1 has no msg_msg-* caches",
  );
  assertEquals(
    caches("kmalloc:cache=5000", 5000, 5001),
    ["cache-5000", "kmalloc-8k"],
  );
});
