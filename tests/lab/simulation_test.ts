/**
 * What the lab shows is what the command line computes.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { lottery } from "../../experiments/conformance/conformance.ts";
import { memoryOf, newHeap } from "../../experiments/experiment/cell.ts";
import { typed } from "../../experiments/lab/sources.ts";
import { Session } from "../../experiments/replay/replay.ts";
import { Driver } from "./driver.ts";

/** The heap of a plain replay after so many operations of typed requests. */
async function replayed(text: string, spec: string, op: number) {
  const source = memoryOf(parseSpec(spec, ALLOCATORS));
  const { heap } = newHeap(parseSpec(spec, ALLOCATORS), 1, source);
  const session = new Session(heap, source, { touch: "all" });
  let done = 0;
  for await (const block of typed(text).blocks()) {
    const rows = Math.min(block.length, op - done);
    session.run(block, 0, rows);
    done += rows;
  }
  return { heap, session };
}

/** Random requests as lines. */
function churn(count: number, live: number): string {
  const draw = lottery(11);
  const ids: number[] = [];
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const at = Math.floor(draw() * ids.length);
    const roll = draw();
    if (ids.length < live && roll < 0.6 || ids.length === 0) {
      ids.push(i);
      lines.push(`a ${i} ${Math.floor(draw() ** 3 * 3000)}`);
    } else if (roll < 0.7) lines.push(`r ${ids[at]} ${1 + i % 500}`);
    else lines.push(`f ${ids.splice(at, 1)[0]}`);
  }
  return lines.join("\n");
}

Deno.test("the state at any cursor is that of a replay up to there", async () => {
  const text = churn(3000, 120);
  const draw = lottery(5);
  for (
    const spec of [
      "glibc",
      "glibc:version=2.43",
      "musl",
      "first_fit",
      "best_fit",
      "tlsf",
      "buddy",
      "kmalloc",
      "pool",
    ]
  ) {
    const lab = new Driver();
    await lab.load({ kind: "text", text }, [spec]);
    for (let i = 0; i < 12; i++) {
      const op = Math.floor(draw() * 3001);
      const { lanes } = await lab.ask(
        { kind: "state", ticket: i, op },
        "states",
      );
      const { blocks, address, metrics } = lanes[0]!;
      const { heap, session } = await replayed(text, spec, op);
      const expected: unknown[] = [];
      heap.walk((address, bytes, kind) =>
        expected.push([address, bytes, kind])
      );
      assertEquals(
        blocks.map(({ address, bytes, kind }) => [address, bytes, kind]),
        expected,
        `${spec} after ${op}`,
      );
      assertEquals(metrics.footprint_bytes, heap.footprint);
      assertEquals(metrics.requested_bytes, session.requested);
      const live = blocks.filter(({ id }) => id !== undefined);
      assertEquals(live.length, session.live);
      let sum = 0;
      for (const { requested = NaN } of live) sum += requested;
      assertEquals(sum, session.requested);
      if (address !== null) assert(live.some((one) => one.address === address));
    }
  }
});

Deno.test("a block of 16 bytes that lives for one operation is seen among 10^5", async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `a ${i} 4000`);
  for (let i = 0; i < 999; i++) lines.push(`f ${i}`);
  for (let i = 0; i < 48_000; i++) lines.push("a 1 100000", "f 1");
  const at = lines.length;
  lines.push("a 2 200000", "a 7 16", "f 7", "f 2");
  for (let i = 0; i < 1000; i++) lines.push("a 1 100000", "f 1");
  const lab = new Driver();
  const { operations, lanes: [lane] } = await lab.load(
    { kind: "text", text: lines.join("\n") },
    ["first_fit"],
  );
  assertEquals(operations, lines.length);
  const view = { x0: 0, x1: operations + 1, y0: 0, y1: lane!.height };
  const found = await lab.ask({
    kind: "find",
    ticket: 1,
    lane: 0,
    what: { smallestAt: view },
  }, "found");
  assertEquals(found.op, at + 2);
  assertMatch(found.words, /16 bytes asked for by operation/);
  const picture = async () => {
    const { pixels } = await lab.ask({
      kind: "draw",
      ticket: 2,
      lane: 0,
      view,
      axis: "op",
      colour: "kind",
      blocks: "asked",
      width: 300,
      height: 200,
      dark: false,
    }, "drawn");
    return new Uint8Array(pixels!);
  };
  const x = Math.floor((at + 2) / (operations + 1) * 300);
  const y = 199 -
    Math.floor((found.view!.y0 + found.view!.y1) / 2 / lane!.height * 200);
  const pixel = (await picture()).subarray(4 * (y * 300 + x)).subarray(0, 3);
  const ground = [224, 226, 228];
  const distance = pixel.reduce((d, c, i) => d + Math.abs(c - ground[i]!), 0);
  assert(distance > 100, `${pixel} can hardly be told from ${ground}`);
});

Deno.test("typed requests in OSTEP's form, two allocators, words", async () => {
  const lab = new Driver();
  const ready = await lab.load(
    { kind: "text", text: "+10,+20,-0,+5" },
    ["first_fit", "worst_fit"],
  );
  assertEquals([ready.operations, ready.lanes.length], [4, 2]);
  const { lanes } = await lab.ask(
    { kind: "state", ticket: 1, op: 3 },
    "states",
  );
  assertEquals(lanes.map(({ request }) => request), ["free", "free"]);
  assertMatch(lanes[0]!.words[0]!, /hole|wilderness|back/);
  const slab = await lab.load({ kind: "text", text: "a 0 64;a 1 64" }, [
    "kmem_cache",
    "glibc",
  ]);
  assertEquals(slab.operations, 2);
  const second = await lab.ask({ kind: "state", ticket: 2, op: 2 }, "states");
  assertMatch(second.lanes[0]!.words[0]!, /^at 0x40: .* of 64 at 0x40 in /);
  assertMatch(second.lanes[1]!.words[0]!, /^at 0x5[0-9a-f]{11}: .* at 0x5/);
});

Deno.test("what cannot be read or made is one line", async () => {
  const lab = new Driver();
  const says = async (text: string, spec = "first_fit") =>
    (await lab.ask({
      kind: "load",
      source: { kind: "text", text },
      allocators: [spec],
      maxOperations: 10,
    }, "failed")).line;
  assertMatch(await says("a 0 16\nx"), /^typed:2: /);
  assertMatch(await says("a 0 many"), /^typed:1: /);
  const workload = { name: "nobody's", parameters: {}, seed: 1 };
  const { line } = await lab.ask({
    kind: "load",
    source: { kind: "workload", ...workload },
    allocators: ["first_fit"],
    maxOperations: 10,
  }, "failed");
  assertMatch(line, /^Unknown workload "nobody's": known are /);
  assertMatch(await says("a 0 1", "fist_fit"), /did you mean first_fit/);
  assertMatch(await says("a 0 1\nt 0", "bump"), /has no malloc_trim/);
  await lab.ask({ kind: "state", ticket: 1, op: 0 }, "states");
  const none = { kind: "draw", lane: 3 } as never;
  assertMatch((await lab.ask(none, "failed")).line, /no allocator number 4/);
});

Deno.test("a trace that is too long is cut and says so", async () => {
  const lab = new Driver();
  const { operations, isCut } = await lab.load(
    { kind: "text", text: churn(50, 10) },
    ["kingsley"],
    20,
  );
  assertEquals([operations, isCut], [20, true]);
});

Deno.test("workloads and the catalogue of what can be chosen", async () => {
  const lab = new Driver();
  const { allocators, workloads } = await lab.ask(
    { kind: "list" },
    "catalogue",
  );
  assertEquals(allocators.length, ALLOCATORS.length);
  assert(workloads.some(({ name }) => name === "random_churn"));
  const { operations } = await lab.load({
    kind: "workload",
    name: "random_churn",
    parameters: { live: "10", steps: "20" },
    seed: 3,
  }, ["glibc"]);
  assertEquals(operations, 50);
});

Deno.test("an adversary plays against the first allocator", async () => {
  const spec = "best_fit:header=0:align=1";
  const lab = new Driver();
  const { name, operations, lanes } = await lab.load({
    kind: "cell",
    experiment: "best_fit_killer",
    parameters: { m: "8", M: "128" },
    seed: 1,
    files: [],
  }, [spec, "first_fit:header=0:align=1"]);
  assertEquals(name, `best_fit_killer against ${spec}`);
  assert(operations > 1000);
  // What drives best fit far beyond 128 cells leaves first fit as it is.
  const most = lanes.map(({ series }) =>
    Math.max(...series.find(({ name }) => name === "footprint_bytes")!.y)
  );
  assert(most[0]! > 3 * most[1]!, `${most}`);
});

Deno.test("a cell of an experiment, by its parameters and seed", async () => {
  const lab = new Driver();
  const cell = {
    kind: "cell",
    experiment: "map_churn",
    parameters: {
      elements: "100",
      erase: "every_other",
      keys: "random",
      strings: "none",
    },
    seed: 1,
    files: [],
  } as const;
  const { operations } = await lab.load({ ...cell, files: [] }, ["glibc"]);
  assertEquals(operations, 100 + 50 + 50 + 100);
  const lineOf = async (experiment: string, parameters = {}) => {
    const source = { ...cell, experiment, parameters, files: [] };
    const { line } = await lab.ask({
      kind: "load",
      source,
      allocators: ["first_fit"],
      maxOperations: 1e6,
    }, "failed");
    return line;
  };
  assertMatch(await lineOf("brk_top_pin"), /with a trace "brk_top_pin"/);
  assertMatch(
    await lineOf("tunables", { program: "perl" }),
    /deno task lab data\/traces\/perl/,
  );
  assertMatch(await lineOf("map_churm"), /map_churn/);
  assertMatch(
    await lineOf("map_churn", { element: "5", x: "1" }),
    /"element" of map_churn: did you mean elements\?.* "x" of map_churn: known/,
  );
  const { operations: all } = await lab.load(
    { ...cell, parameters: { elements: "10" }, files: [] },
    ["glibc"],
  );
  assertEquals(all, 10 + 5 + 5 + 10); // the others as they are declared
});
