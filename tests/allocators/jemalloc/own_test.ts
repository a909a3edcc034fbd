/**
 * When jemalloc maps memory for its own data, as measured with the real one:
 * after how many blocks of 16 KiB with an extent each.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseSpec } from "../../../allocators/entry.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { newHeap } from "../../../experiments/experiment/cell.ts";

/** Version, blocks that the first two mappings suffice for, bytes of the third. */
const MEASURED = [["5.3.0", 32_023], ["5.3.1", 32_010]] as const;
const THIRD = 6 * 2 ** 20;

Deno.test("the third mapping for own data", () => {
  for (const [version, blocks] of MEASURED) {
    const text = `jemalloc:version=${version}:decay=off`;
    const spec = parseSpec(text, ALLOCATORS);
    const memory = spec.entry.process!(spec.values)!;
    const { heap } = newHeap(spec, 1, memory);
    for (let i = 0; i < blocks; i++) heap.memalign!(64, 16_384);
    const before = heap.footprint;
    heap.memalign!(64, 16_384);
    assertEquals(heap.footprint - before, THIRD, version);
  }
});
