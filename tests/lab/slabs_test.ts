/**
 * Slabs, groups and extents at the cursor.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { offersOf } from "../../allocators/capability.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { countsText, slabsTitle } from "../../experiments/lab/page/slots.ts";
import type { LaneState } from "../../experiments/lab/protocol.ts";
import { Driver } from "./driver.ts";

const SPECS = [
  ...ALLOCATORS.map(({ name }) => name),
  "kmalloc:version=7.2",
  "kmem_cache:version=6.1:cpus=2",
].filter((text) => offersOf(parseSpec(text, ALLOCATORS)).has("eachSlab"));

/** The state after the last of `lines` under `spec`. */
async function stateAfter(
  lines: readonly string[],
  spec: string,
): Promise<LaneState> {
  const lab = new Driver();
  await lab.load({ kind: "text", text: lines.join("\n") }, [spec]);
  const op = lines.length;
  return (await lab.ask({ kind: "state", ticket: 1, op }, "states")).lanes[0]!;
}

Deno.test("the slots of the slabs are the blocks at their places", async () => {
  assert(SPECS.length >= 6);
  const lines = Array.from({ length: 60 }, (_, i) => `a ${i} 100`);
  for (let i = 0; i < 60; i += 3) lines.push(`f ${i}`);
  for (const spec of SPECS) {
    const { slabs, slabCount, blocks } = await stateAfter(lines, spec);
    assertEquals(slabs.length, slabCount, spec);
    const starts = slabs.map(({ address }) => address);
    assertEquals(starts, starts.toSorted((a, b) => a - b), spec);
    let shown = 0;
    for (const { slots } of slabs) shown += slots.split("x").length - 1;
    assertEquals(shown, 40, spec);
    assertEquals(blocks.filter(({ kind }) => kind === "live").length, 40);
    // A live block lies in a slab of its size.
    for (const { address, kind } of blocks) {
      if (kind !== "live") continue;
      assert(
        slabs.some((slab) =>
          slab.slots.includes("x") && slab.address <= address &&
          address < slab.address + slab.bytes
        ),
        `${spec}: ${address}`,
      );
    }
  }
});

Deno.test("of many slabs those from the cursor's block on are told", async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `a ${i} 8000`);
  lines.push("r 20 8001"); // stays where it is
  const { slabs, slabCount, address } = await stateAfter(
    lines,
    "kmem_cache:object=8192",
  );
  assertEquals([slabs.length, slabCount], [64, 75]);
  const at = slabs.findIndex((slab) =>
    slab.address <= address! && address! < slab.address + slab.bytes
  );
  assert(at === 2, `${at}`);
  const starts = slabs.map(({ address }) => address);
  assertEquals(starts, starts.toSorted((a, b) => a - b));
});

Deno.test("signs in words, and what the pieces are called", () => {
  assertEquals(countsText("x~~.xx"), "3 live, 2 cached, 1 free");
  assertEquals(
    countsText("UMMMH"),
    "1 unmovable, 3 movable, 1 high-order atomic",
  );
  const row = { of: "", address: 0, bytes: 0, place: "", slots: "" };
  const titled = (...kinds: string[]) =>
    slabsTitle(kinds.map((kind) => ({ ...row, kind })));
  assertEquals(titled("slab", "slab"), "Slabs");
  assertEquals(titled("slab", "extent"), "Extents and slabs");
});
