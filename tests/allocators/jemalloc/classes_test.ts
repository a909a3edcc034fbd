/**
 * What the real jemalloc says of its classes: arenas.bin.N.* of mallctl, the
 * usable size of requests, and how many blocks a thread caches; equal in 5.3.0
 * and 5.3.1 but for large requests.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  CACHED,
  CAPACITY,
  REGIONS,
  SLAB_BYTES,
  SMALL,
} from "../../../allocators/jemalloc/classes.ts";
import { parseSpec } from "../../../allocators/entry.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { newHeap } from "../../../experiments/experiment/cell.ts";

/** Bytes of a block, pages of a slab, blocks in it, and in the cache. */
const SMALL_CLASSES = [
  ...[[8, 1, 512, 200], [16, 1, 256, 200], [32, 1, 128, 200]],
  ...[[48, 3, 256, 200], [64, 1, 64, 128], [80, 5, 256, 200]],
  ...[[96, 3, 128, 200], [112, 7, 256, 200], [128, 1, 32, 64]],
  ...[[160, 5, 128, 200], [192, 3, 64, 128], [224, 7, 128, 200]],
  ...[[256, 1, 16, 32], [320, 5, 64, 128], [384, 3, 32, 64]],
  ...[[448, 7, 64, 128], [512, 1, 8, 20], [640, 5, 32, 64]],
  ...[[768, 3, 16, 32], [896, 7, 32, 64], [1024, 1, 4, 20]],
  ...[[1280, 5, 16, 32], [1536, 3, 8, 20], [1792, 7, 16, 32]],
  ...[[2048, 1, 2, 20], [2560, 5, 8, 20], [3072, 3, 4, 20]],
  ...[[3584, 7, 8, 20], [4096, 1, 1, 20], [5120, 5, 4, 20]],
  ...[[6144, 3, 2, 20], [7168, 7, 4, 20], [8192, 2, 1, 20]],
  ...[[10_240, 5, 2, 20], [12_288, 3, 1, 20], [14_336, 7, 2, 20]],
];

/** Requests and their usable sizes in 5.3.0 and in 5.3.1. */
const USABLE = [
  [0, 8, 8],
  [1, 8, 8],
  [9, 16, 16],
  [65, 80, 80],
  [3000, 3072, 3072],
  [14_336, 14_336, 14_336],
  [14_337, 16_384, 16_384],
  [16_385, 20_480, 20_480],
  [32_768, 32_768, 32_768],
  [32_769, 40_960, 36_864],
  [100_000, 114_688, 102_400],
  [300_000, 327_680, 303_104],
  [1_000_000, 1_048_576, 1_003_520],
  [1_048_577, 1_310_720, 1_052_672],
  [4_194_304, 4_194_304, 4_194_304],
];

Deno.test("small classes, their slabs and the capacity of caches", () => {
  const all = SMALL.map((size, c) => [
    size,
    SLAB_BYTES[c]! / 4096,
    REGIONS[c],
    CAPACITY[c],
  ]);
  assertEquals(all, SMALL_CLASSES);
  assertEquals(CACHED.slice(36), [16_384, 20_480, 24_576, 28_672, 32_768]);
  assertEquals(CAPACITY.slice(36), [20, 20, 20, 20, 20]);
});

Deno.test("usable sizes", () => {
  for (const [i, version] of ["5.3.0", "5.3.1"].entries()) {
    const spec = parseSpec(`jemalloc:version=${version}`, ALLOCATORS);
    const { heap } = newHeap(spec, 1);
    for (const row of USABLE) {
      const [size, usable] = [row[0]!, row[i + 1]!];
      const address = heap.malloc(size);
      assertEquals(heap.usableSize(address), usable, `${version}: ${size}`);
    }
  }
});
