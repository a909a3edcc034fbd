/**
 * What is resident while a program runs, and once it has freed all.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { memoryOf, newHeap } from "../../experiments/experiment/cell.ts";
import { overLive, ResidentRun } from "../../experiments/replay/resident.ts";
import { TraceBuilder } from "../../experiments/traces/trace.ts";

const PAGE = 4096;

async function run(text: string) {
  const spec = parseSpec(text, ALLOCATORS);
  const made = newHeap(spec, 1, memoryOf(spec));
  const { source } = made;
  source.touch(source.sbrk(PAGE), PAGE); // somebody else's
  const before = source.residentBytes;
  const running = new ResidentRun(made);
  const trace = new TraceBuilder();
  const ids = [1, 2, 3, 4].map(() => trace.malloc(10 * PAGE));
  trace.free(ids[3]!);
  const curve = await running.replay(trace.build("four"), 1);
  return { before, curve, released: running.release() };
}

Deno.test("what is there before the first request does not count", async () => {
  const { before, curve } = await run("glibc");
  assertEquals(before, PAGE);
  assertEquals(curve[0], { op: 0, live: 0, resident: 0, faults: 0 });
});

Deno.test("payload is written; what is freed may stay until it is asked for", async () => {
  const { curve, released } = await run("glibc");
  assertEquals(curve.map(({ op }) => op), [0, 1, 2, 3, 4, 5]);
  const pages = curve.map(({ resident }) => Math.round(resident / PAGE));
  assertEquals(pages, [0, 11, 21, 31, 41, 41]);
  assertEquals(curve.at(-1)!.faults, 41);
  assertEquals(released.freed >= released.purged!, true);
  // The small blocks stay in the tcache.
  assertEquals(released.purged! < 15 * PAGE, true);
  assertEquals((await run("musl")).released.purged, undefined);
});

Deno.test("peak and mean over what is live", () => {
  const instant = (live: number, resident: number) => ({
    op: 0,
    live,
    resident,
    faults: 0,
  });
  const curve = [
    instant(0, 0),
    instant(10, 12),
    instant(20, 40),
    instant(2, 36),
  ];
  assertEquals(overLive(curve), { peak: 2, mean: 88 / 32 });
});
