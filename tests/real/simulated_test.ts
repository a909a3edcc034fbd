/**
 * Models beside real allocators.
 *
 * @module
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import type { Measured } from "../../experiments/real/measure.ts";
import { simulate } from "../../experiments/real/simulated.ts";
import { readRep } from "../../experiments/traces/rep_reader.ts";

/** An address space in which jemalloc's variables lie at `threadLocal`. */
const spaceOf = (threadLocal: string) =>
  `V 555555554000 55555557b000 /program
V 7ffff7400000 7ffff7fff000 /libraries
V 7ffffffde000 7ffffffff000 [stack]
D 55555557a140 55555557b000
P 55555557b000
X ${threadLocal} 4000 /usr/lib/libjemalloc.so.2`;
/** Blocks whose offset decides how many pages they are on, and small ones. */
const TRACE = Array.from({ length: 40 }, (_, i) => `a ${i} ${17_000 + i * 7}\n`)
  .concat(Array.from({ length: 40 }, (_, i) => `a ${i + 40} ${100 + i}\n`))
  .join("");

/** Resident bytes over time under the model `text`, beside real allocators. */
async function curveOf(
  text: string,
  ...real: Pick<Measured, "version" | "linked" | "space">[]
): Promise<number[]> {
  const spec = parseSpec(text, ALLOCATORS);
  const trace = readRep("t", () => [new TextEncoder().encode(TRACE)]);
  const { curve } = await simulate(spec, trace, 1, real as Measured[]);
  return curve.map(({ resident }) => resident);
}

Deno.test("jemalloc begins where the real one does", async () => {
  const version = "jemalloc 5.3.0";
  const alone = await curveOf("jemalloc");
  const at = (threadLocal: string) =>
    curveOf("jemalloc", { version, space: spaceOf(threadLocal) });
  assertEquals(await at("7ffff7d2b738"), alone);
  assertNotEquals(await at("7ffff7d2c738"), alone);
  const other = { version: "glibc 2.36", space: spaceOf("7ffff7d2c738") };
  assertEquals(await curveOf("jemalloc", other), alone);
});

Deno.test("musl is linked as the real one is", async () => {
  const version = "musl 1.2.6";
  const space = spaceOf("7ffff7d2b738");
  const alone = await curveOf("musl:build=dyn");
  const beside = (linked: "static" | "dyn") =>
    curveOf("musl:build=dyn", { version, linked, space });
  assertEquals(await beside("static"), alone);
  // One gap instead of two is donated.
  assertNotEquals(await beside("dyn"), alone);
});

Deno.test("other models stay where they are", async () => {
  const real = { version: "glibc 2.36", space: "not to be read" };
  assertEquals(await curveOf("glibc", real), await curveOf("glibc"));
});
