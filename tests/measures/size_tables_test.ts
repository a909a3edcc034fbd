/**
 * Size classes of real libraries: as runs of equal distance, and what they
 * round to.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  listed,
  muslSlot,
  SPACINGS,
} from "../../experiments/measures/size_classes.ts";
import { runsOf } from "../../experiments/real/sizes.ts";

Deno.test("ascending numbers are runs of equal distance", () => {
  const runs = runsOf([8, 16, 32, 48, 64, 96, 97]);
  assertEquals(runs, [[8, 8, 16], [32, 16, 64], [96, 1, 97]]);
  assertEquals(runsOf([5]), [[5, 0, 5]]);
});

Deno.test("a size is rounded up to the next class, to pages above all", () => {
  const round = listed([[8, 8, 16], [32, 16, 64], [100, 0, 100]]);
  const sizes = [1, 8, 9, 16, 17, 32, 33, 64, 65, 100, 101, 4096, 4097];
  assertEquals(sizes.map(round), [
    ...[8, 8, 16, 16, 32, 32, 48, 64, 100, 100, 4096, 4096, 8192],
  ]);
});

Deno.test("musl: the slot that holds it, or its own mapping", () => {
  const sizes = [1, 12, 13, 48, 131_051, 131_052, 135_148, 135_149];
  const slots = [12, 12, 28, 60, 131_052, 131_052, 135_148, 139_244];
  assertEquals(sizes.map(muslSlot), slots);
});

Deno.test("every spacing grows with the size and holds it", () => {
  for (const [name, round] of Object.entries(SPACINGS)) {
    let last = 0;
    for (let size = 1; size < 300_000; size += 1 + size % 7) {
      const length = round(size);
      assert(length >= size && length >= last, `${name} ${size}`);
      assertEquals(round(length), length, `${name} ${size}`);
      last = length;
    }
  }
});

Deno.test("what libraries answered", () => {
  const of = (name: string) => (size: number) => SPACINGS[name]!(size);
  assertEquals([129, 16_385, 40_961].map(of("jemalloc 5.3.0")), [
    160,
    20_480,
    49_152,
  ]);
  assertEquals(of("jemalloc 5.3.1")(40_961), 45_056);
  assertEquals(of("mimalloc 2.0.9")(524_289), 1_048_576);
  assertEquals(of("tcmalloc 2.10")(3329), 4096);
  assertEquals(of("glibc 2.36")(132_937), 135_144);
});
