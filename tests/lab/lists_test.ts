/**
 * The lists of allocators at an instant.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { memoryOf, newHeap } from "../../experiments/experiment/cell.ts";
import { listsOf, pageblocksOf } from "../../experiments/lab/lists.ts";

const SIZES = [40, 700, 5000, 9000];

/** A heap with blocks of several sizes, some of which were freed again. */
function used(text: string) {
  const spec = parseSpec(text, ALLOCATORS);
  const { heap } = newHeap(spec, 1, memoryOf(spec));
  const sizes = Array.from({ length: 60 }, (_, i) => SIZES[i % SIZES.length]!);
  const addresses = sizes.map((size) => heap.malloc(size));
  for (const first of [0, 3]) {
    for (let i = first; i < 60; i += 7) heap.free(addresses[i]!, sizes[i]!);
  }
  return heap;
}

/** Heaps whose lists name every block on them. */
const SPECS = [
  "glibc",
  "glibc:version=2.43",
  "musl",
  "jemalloc",
  "buddy",
  "linux_buddy",
  "kmalloc",
  "pool",
];

for (const spec of SPECS) {
  Deno.test(`lists of ${spec}: what lies on them is counted, and not live`, () => {
    const heap = used(spec);
    const others: [number, number][] = [];
    heap.walk((start, bytes, kind) => {
      if (kind !== "live") others.push([start, start + bytes]);
    });
    const rows = listsOf(heap);
    assertEquals(new Set(rows.map(({ list }) => list)).size, rows.length);
    let told = 0;
    for (const { list, blocks, bytes, most, members, isCut } of rows) {
      assert(blocks > 0 || most !== undefined, list);
      if (members.length === 0) continue;
      const sum = members.reduce((sum, { bytes }) => sum + bytes, 0);
      if (isCut) assert(members.length < blocks, list);
      else assertEquals([members.length, sum], [blocks, bytes], list);
      for (const { address } of members) {
        told++;
        const lies = others.some(([from, to]) =>
          from <= address && address < to
        );
        assert(lies, `${list}: ${address} is live, or nowhere`);
      }
    }
    assert(told >= 4, `${told} are told`);
    // Nothing that a list names is left out, up to 64 blocks of each.
    const expected = new Map<string, number>();
    const count = (list: string) =>
      expected.set(list, (expected.get(list) ?? 0) + 1);
    heap.eachCached?.(count);
    heap.eachBinned?.(count);
    for (const [list, count] of expected) {
      const row = rows.find((row) => row.list === list)!;
      assertEquals(row.members.length, Math.min(64, count), list);
      assertEquals(row.isCut, count > 64, list);
    }
  });
}

Deno.test("orders are told type by type, or as they are; pageblocks by letter", () => {
  const names = (spec: string) =>
    listsOf(used(spec)).map(({ list }) => list)
      .filter((list) => list.startsWith("order "));
  assert(names("buddy").every((list) => /^order \d+$/.test(list)));
  const typed = names("linux_buddy");
  assert(typed.length > 0);
  assert(typed.every((list) => /^order \d+ [a-z]/.test(list)), `${typed}`);
  assertMatch(pageblocksOf(used("linux_buddy")), /^U*M+$/);
  assertEquals(pageblocksOf(used("glibc")), "");
});
