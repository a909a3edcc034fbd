/**
 * Random lives of containers against recorded runs of containers.cpp: every
 * address that nodes, arrays and strings got, and the order in which they were
 * given back.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import recorded from "../../fixtures/stl/containers.txt" with { type: "text" };
import {
  type AllocatorName,
  LIVES,
  simulate,
} from "../../oracle/container_life.ts";

const sections = recorded.trim().split("\n\n");

Deno.test("every container was recorded with both allocators", () => {
  assertEquals(sections.length, 2 * Object.keys(LIVES).length);
});

for (const section of sections) {
  const [head, ...hashes] = section.split("\n");
  const [name, allocator, seed, operations] = head!.split(" ");
  Deno.test(`libstdc++: ${name} over ${allocator}`, () => {
    const simulated = simulate(
      name!,
      allocator as AllocatorName,
      Number(seed),
      Number(operations),
    );
    assertEquals(simulated, hashes);
  });
}
