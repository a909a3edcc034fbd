/**
 * The library: what mod.ts offers is enough to work with.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  ALLOCATORS,
  CONFORMANCE,
  FlatSource,
  openTrace,
  parseLaw,
  parseSpec,
  prng,
  readRep,
  replay,
  type Sample,
  Session,
  type Trace,
  WORKLOADS,
  writeRep,
} from "../mod.ts";

/** The last sample of `trace` on first fit. */
async function endOf(trace: Trace): Promise<Sample> {
  const { entry, values } = parseSpec("first_fit", ALLOCATORS);
  const source = new FlatSource();
  const session = new Session(
    entry.create(values, { source, draw: () => 0 }),
    source,
  );
  let last: Sample | undefined;
  await replay(trace, session, { every: 0, sink: (s) => last = s });
  return last!;
}

Deno.test("a workload is built, written, read and replayed", async () => {
  const workload = WORKLOADS.find(({ name }) => name === "random_churn")!;
  const built = workload.build({ live: 50, steps: 500 }, prng(7));
  let text = "";
  for await (const lines of writeRep(built)) text += lines;
  const open = () => [new TextEncoder().encode(text)];
  const end = await endOf(built);
  assertEquals(end.op, 50 + 2 * 500);
  assertEquals(await endOf(readRep("x.rep", open)), end);
  assertEquals(await endOf(openTrace("x.rep", open)), end);
});

Deno.test("laws and the conformance suite are there", () => {
  assertEquals(parseLaw("constant:7").mean, 7);
  const { entry, values } = parseSpec("best_fit:align=32", ALLOCATORS);
  for (const { run } of CONFORMANCE) {
    run((source) => entry.create(values, { source, draw: prng(1) }));
  }
  assert(CONFORMANCE.length > 5);
});
