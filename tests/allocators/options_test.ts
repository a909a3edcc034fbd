/**
 * What `list` shows of an allocator's options is what a spec can say: defaults
 * are accepted, and the least and greatest values make heaps that work.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { NULL } from "../../allocators/allocator.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { FlatSource } from "../../allocators/pages.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";

/** Requests some blocks and frees them; false if none is served. */
function works(text: string): boolean {
  const { entry, values } = parseSpec(text, ALLOCATORS);
  const source = new FlatSource();
  const heap = entry.create(values, { source, draw: () => 0.5 });
  const sizes = [1, 100, 5000, 300_000];
  const blocks = sizes.map((size) => ({ size, at: heap.malloc(size) }))
    .filter(({ at }) => at !== NULL);
  const { allocated, footprint } = heap.usage();
  const usable = blocks.reduce((sum, { at }) => sum + heap.usableSize(at), 0);
  assertEquals(allocated, usable, text);
  assert(Number.isSafeInteger(footprint), text);
  for (const { at, size } of blocks) heap.free(at, size);
  assertEquals(heap.usage().allocated, 0, text);
  return blocks.length > 0;
}

for (const { name, options } of ALLOCATORS) {
  Deno.test(`${name}: every default and every limit of an option works`, () => {
    for (const [key, { fallback, edges = [] }] of Object.entries(options)) {
      const spec = `${name}:${key}=${fallback}`;
      assertEquals(parseSpec(spec, ALLOCATORS).text, name, spec);
      for (const edge of edges) {
        // all that the C library can be told, however useless
        const useless = key === "top_pad" && edge === Number.MAX_SAFE_INTEGER;
        const text = `${name}:${key}=${edge}`;
        assertEquals(works(text) || useless, true, text);
      }
    }
  });
}

Deno.test("what lies beyond a limit is no value", () => {
  for (const { name, options } of ALLOCATORS) {
    for (const [key, { parse, edges = [] }] of Object.entries(options)) {
      const numbers = edges.filter((edge) => typeof edge === "number");
      if (numbers.length === 0) continue;
      const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
      for (
        const beyond of [low - 1, low / 2 - 1, high + 1, 2 * high + 2, "x"]
      ) {
        assertEquals(parse(`${beyond}`), undefined, `${name}:${key}=${beyond}`);
      }
    }
  }
});
