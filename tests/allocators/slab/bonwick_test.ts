/**
 * The 1/8 rule and the classical SLAB geometry.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  bonwickOrder,
  bonwickPages,
  tailWaste,
} from "../../../allocators/slab/bonwick.ts";
import { slabGeometry } from "../../../allocators/slab/classic.ts";

const SIZES = Array.from({ length: 512 }, (_, i) => 8 * i + 8);
const mean = (waste: (size: number) => number) =>
  SIZES.reduce((sum, size) => sum + waste(size), 0) / SIZES.length;

Deno.test("bonwick: at most 7 pages, 5.33 % waste on average", () => {
  assertEquals(Math.max(...SIZES.map(bonwickPages)), 7);
  assertAlmostEquals(mean((s) => tailWaste(s, bonwickPages(s))), 0.0533, 5e-5);
  assert(SIZES.every((s) => tailWaste(s, bonwickPages(s)) <= 1 / 8));
});

Deno.test("bonwick: with power-of-two slabs at most 8 pages, 5.74 %", () => {
  const pages = (size: number) => 2 ** bonwickOrder(size);
  assertEquals(Math.max(...SIZES.map(pages)), 8);
  assertAlmostEquals(mean((s) => tailWaste(s, pages(s))), 0.0574, 5e-5);
});

Deno.test("bonwick: single-page slabs waste 17.64 %, up to 49.8 %", () => {
  assertAlmostEquals(mean((s) => tailWaste(s, 1)), 0.1764, 5e-5);
  assertAlmostEquals(
    Math.max(...SIZES.map((s) => tailWaste(s, 1))),
    0.498,
    5e-4,
  );
});

Deno.test("classical SLAB: objects, indexes and leftover fill the slab", () => {
  for (let objectSize = 8; objectSize <= 1 << 20; objectSize += 8) {
    for (const indexBytes of [1, 2] as const) {
      const g = slabGeometry({ objectSize, ctor: true }, indexBytes);
      const index = g.management === "on" ? indexBytes : 0;
      const slab = 4096 << g.order;
      assertEquals(g.objects * (g.size + index) + g.leftover, slab);
      assert(g.objects >= 1 && g.leftover >= 0);
      // the 1/8 rule, given up at order 1
      assert(g.leftover * 8 <= slab || g.order >= 1);
      assertEquals(g.colours, Math.floor(g.leftover / g.colourOff));
    }
  }
});

Deno.test("classical SLAB: where the indexes are", () => {
  // 32 objects of 128 bytes need 32 index bytes: a free object holds them
  assertEquals(slabGeometry({ objectSize: 128 }).management, "object");
  // constructed objects must not be overwritten; the tail is too short
  assertEquals(slabGeometry({ objectSize: 128, ctor: true }).management, "off");
  // 21 of 192 bytes leave 64 bytes over: enough for 21 indexes
  const on = slabGeometry({ objectSize: 192, ctor: true });
  assertEquals([on.management, on.objects, on.order], ["on", 21, 0]);
});

Deno.test("classical SLAB: leftover bytes make colours", () => {
  const g = slabGeometry({ objectSize: 600, ctor: true });
  assertEquals(g.colours, Math.floor(g.leftover / 64));
  assert(g.colours > 1);
});
