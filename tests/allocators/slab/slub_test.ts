/**
 * SLUB geometry against a live kernel, and its invariants for every size.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  getOrder,
  SLUB_MAX_ORDER,
  slubGeometry,
  slubOrder,
} from "../../../allocators/slab/slub.ts";
import { mergesInto, type MergeSpec } from "../../../allocators/slab/merge.ts";
import { SLABINFO } from "../../../experiments/kernel_text/slabs/slabinfo.ts";
import { read } from "../../kernel_text/read.ts";
import { gunzipped } from "../../oracle/linux/fixtures.ts";
import slabinfo from "../../oracle/linux/slabinfo.txt.gz" with {
  type: "bytes",
};
import sysfs from "../../oracle/linux/sysfs_slab.tsv.gz" with { type: "bytes" };

/** CPUs of the recorded guest. */
const CPUS = 2;
/** RCU, yet its free pointer lies inside the object: sysfs does not show it. */
const INNER_POINTER = "vm_area_struct";

/** The caches of /sys/kernel/slab that own slabs: columns by name. */
async function caches(): Promise<Map<string, Record<string, string>>> {
  const [head, ...rows] = (await gunzipped(sysfs)).trimEnd().split("\n")
    .map((line) => line.split("\t"));
  return new Map(rows.map((row) => {
    const cache = Object.fromEntries(head!.map((name, i) => [name, row[i]!]));
    return [cache.real!, cache];
  }));
}

function specOf(cache: Record<string, string>): MergeSpec {
  return {
    objectSize: Number(cache.object_size),
    align: Number(cache.align),
    hwcacheAlign: cache.hwcache_align === "1",
    rcu: cache.destroy_by_rcu === "1",
    ctor: cache.ctor !== "",
    innerFreePointer: cache.name === INNER_POINTER,
    reclaimAccount: cache.reclaim_account === "1",
    dma: cache.cache_dma === "1",
    account: /^:[^-]*A/.test(cache.real!),
    userSize: Number(cache.usersize),
  };
}

Deno.test("235 of 235 rows of /proc/slabinfo", async () => {
  const rows = read(SLABINFO, await gunzipped(slabinfo))[0]!;
  assertEquals(rows.length, 235);
  for (const { name, size, objectsPerSlab, pagesPerSlab } of rows) {
    const order = slubOrder(size, 2, "new");
    assertEquals(1 << order, pagesPerSlab, name);
    assertEquals(Math.floor((4096 << order) / size), objectsPerSlab, name);
  }
});

Deno.test("235 of 235 caches of /sys/kernel/slab", async () => {
  const all = await caches();
  assertEquals(all.size, 235);
  for (const [name, cache] of all) {
    const g = slubGeometry(specOf(cache), CPUS);
    assertEquals(
      [g.size, g.align, g.order, g.objects, g.cpuPartial, g.minPartial],
      [
        ...["slab_size", "align", "order", "objs_per_slab", "cpu_partial"],
        "min_partial",
      ].map((column) => Number(cache[column])),
      name,
    );
  }
});

Deno.test("the kernel's merged caches would not merge any further", async () => {
  const merged = [...await caches()].filter(([name]) => name.startsWith(":"));
  assertEquals(merged.length, 96);
  for (const [name, cache] of merged) {
    for (const [other, existing] of merged) {
      const merges = mergesInto(
        specOf(cache),
        specOf(existing),
        Number(existing.slab_size),
      );
      assertEquals(merges, name === other, `${name} into ${other}`);
    }
  }
});

Deno.test("the order grows with the CPUs", () => {
  const orders = (objectSize: number, cpus: number[]) =>
    cpus.map((n) => slubGeometry({ objectSize, align: objectSize }, n).order);
  assertEquals(orders(512, [1, 2, 8, 256]), [0, 1, 2, 3]);
  assertEquals(orders(1024, [1, 2, 8]), [1, 2, 3]);
});

Deno.test("hardware alignment is halved for small objects", () => {
  const align = (objectSize: number) =>
    slubGeometry({ objectSize, hwcacheAlign: true }, 2).align;
  assertEquals([8, 16, 17, 32, 33, 64].map(align), [8, 16, 32, 32, 64, 64]);
});

Deno.test("invariants, 8 bytes to 4 MiB, 1 to 256 CPUs, both rule sets", () => {
  for (const rules of ["new", "old"] as const) {
    for (let bits = 1; bits <= 9; bits++) {
      for (let size = 8; size <= 4 << 20; size += 8) {
        const order = slubOrder(size, bits, rules);
        const slab = 4096 << order;
        const waste = slab % size;
        const fits = slab >= size && Math.floor(slab / size) <= 32_767;
        // at most order 3, but for what does not fit there
        const bounded = order <= SLUB_MAX_ORDER || order === getOrder(size);
        // each order from the start on was passed over for its waste
        const fraction = [16, 8, 4, 2].find((f) => waste * f <= slab) ?? 1;
        const wasted = fraction > 1 || order === getOrder(size);
        if (fits && bounded && wasted && !skipsOne(size, bits, order, rules)) {
          continue;
        }
        assert(false, `${rules}, ${bits} bits, ${size} bytes: order ${order}`);
      }
    }
  }
  assertThrows(() => slubOrder((4 << 20) + 8, 2, "new"), RangeError);
});

/** Whether a smaller order with enough objects wastes as little. */
function skipsOne(
  size: number,
  bits: number,
  order: number,
  rules: string,
): boolean {
  if (rules === "old" || order > SLUB_MAX_ORDER) return false;
  const most = Math.max(1, Math.floor(32_768 / size));
  const start = getOrder(Math.min(4 * (bits + 1), most) * size);
  const share = ((4096 << order) % size) / (4096 << order);
  const bound = [1 / 16, 1 / 8, 1 / 4, 1 / 2].find((b) => share <= b) ?? 1;
  for (let o = start; o < order; o++) {
    if (((4096 << o) % size) <= bound * (4096 << o)) return true;
  }
  return false;
}
