import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import python from "../../data/traces/python.rep.gz" with { type: "bytes" };
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { pageOf } from "../../experiments/why/page.ts";
import type { Ledger } from "../../experiments/why/ledger.ts";
import { whyText } from "../../experiments/why/words.ts";
import { CLEARED_MAP, NODES, traceOf, why } from "./traces.ts";

function entriesOf({ entries }: Ledger): Record<string, number> {
  return Object.fromEntries(entries.map(({ name, bytes }) => [name, bytes]));
}

Deno.test("a cleared map is kept by the one block above it, whose place is named", async () => {
  const answer = await why(traceOf(CLEARED_MAP));
  assertEquals(answer.instant.op, 2 * NODES + 1);
  assertEquals(answer.time, 6000);
  const entries = entriesOf(answer.ledger);
  assertEquals(entries["cached: fast[64]"], (NODES - 7) * 64);
  assertEquals(entries["cached: tcache[64]"], 7 * 64);
  assertEquals(entries["live, as asked for"], 24);
  assertEquals(entries["free inside"], undefined);
  const [first, top, ...others] = answer.holders.named;
  assertEquals(others, []);
  assertEquals([first!.above, first!.name], ["live", "cache_put (cache.c:77)"]);
  assertEquals([first!.regions, first!.bytes], [1, NODES * 64]);
  assertEquals([first!.cached, first!.list], [NODES * 64, "fast[64]"]);
  assertEquals(first!.pin?.birth, NODES + 1);
  assertEquals(first!.pin?.time, 5000);
  assertEquals(first!.pin?.size, 24);
  assertEquals(first!.pin?.site, "cache_put (cache.c:77) < main (map.cc:44)");
  assertEquals([top!.above, top!.regions], ["nothing", 1]);
  assertEquals(top!.bytes, entries.top);
  // The nodes lie at 664 .. 128663 of the heap, the top begins at 128696.
  assertEquals(answer.shared, 4096 - 664 + 128664 % 4096 + 131072 - 128696);
  assertEquals(answer.growth.kind, "not returned");
  assertEquals(answer.growth.peakLive, 48 * NODES + 24);
  // A trim leaves the page of the tcache's table and that of the block.
  const now = answer.stops.indexOf(answer.instant.op);
  const [trim] = answer.tried;
  assertEquals([trim!.name, trim!.curve.resident[now]], [
    "malloc_trim(0) there",
    2 * 4096,
  ]);
  const text = whyText(answer);
  assertMatch(text, /1 block of cache_put \(cache\.c:77\) keeps 125\.0 KiB/);
  assertMatch(text, /allocated at operation 2,001 \(0\.005 s\); the only one/);
});

Deno.test("before it is cleared the map is in use, and its place is the program's own", async () => {
  const answer = await why(traceOf(CLEARED_MAP), { at: "filled" });
  assertEquals(answer.instant.op, NODES);
  assertEquals(answer.ledger.live, 48 * NODES);
  assertEquals(answer.holders.owners, [
    { name: "Map::put (map.cc:12)", blocks: NODES, bytes: 48 * NODES },
  ]);
  assertEquals(answer.growth.kind, "leak-like");
  assertEquals(answer.holders.named.map(({ above }) => above), ["nothing"]);
});

Deno.test("holes are kept by the blocks above them, grouped by place, the largest first", async () => {
  const answer = await why(
    traceOf([
      "S 1 work (a.c:1)",
      "S 2 keep (a.c:2)",
      "S 3 log (a.c:3)",
      ...Array.from({ length: 10 }, (_, i) => [
        `a ${2 * i} 10000 s1`,
        `a ${2 * i + 1} 24 s${i < 8 ? 2 : 3}`,
      ]).flat(),
      ...Array.from({ length: 10 }, (_, i) => `f ${2 * i}`),
    ]),
    { spec: "glibc:tcache_count=0:mxfast=0" },
  );
  const kept = answer.holders.named.map((h) => [h.name, h.regions, h.bytes]);
  assertEquals(kept.slice(0, 2), [
    ["keep (a.c:2)", 8, 8 * 10016],
    ["log (a.c:3)", 2, 2 * 10016],
  ]);
  assertEquals(answer.holders.named[0]!.lifetimes?.median, Infinity);
  assertEquals(entriesOf(answer.ledger)["free inside"], 10 * 10016);
  // Without the ten blocks all that was freed is top, and part of it goes.
  const all = answer.tried.find(({ name }) =>
    name === "10 blocks that keep most elsewhere"
  )!;
  const now = answer.stops.indexOf(answer.instant.op);
  assertEquals(all.curve.live[now], 0);
  assertEquals(all.curve.resident[now]! <= 132 * 1024 + 4096, true);
});

Deno.test("without sites blocks are grouped by size", async () => {
  const bare = CLEARED_MAP.filter((line) => !line.startsWith("S"))
    .map((line) => line.replace(/ s\d$/, ""));
  const answer = await why(traceOf(bare));
  assertEquals(answer.holders.named[0]!.name, "24 bytes");
  assertEquals(answer.holders.named[0]!.lifetimes?.born, 1);
  assertMatch(whyText(answer), /1 block of 24 bytes keeps 125\.0 KiB/);
});

Deno.test("the ledger sums to the resident bytes, whatever the heap and the instant", async () => {
  const trace = openTrace("python", () => [python]);
  const heaps = ["glibc", "glibc:version=2.43", "glibc:geometry=i386"];
  const touches = ["none", "first", "all"] as const;
  let turn = 0;
  for (const spec of [...heaps, "tlsf", "best_fit:header=0:align=1", "pool"]) {
    for (const at of ["peak", "777"]) {
      const touch = touches[turn++ % 3]!;
      const answer = await why(trace, { spec, at, touch });
      const { ledger, curve, stops, instant } = answer;
      const sum = ledger.entries.reduce((sum, { bytes }) => sum + bytes, 0);
      assertEquals(sum, ledger.resident, `${spec} ${at} ${touch}`);
      assertEquals(ledger.resident % 4096, 0);
      assertEquals(curve.resident[stops.indexOf(instant.op)], sum);
      assert(sum <= curve.peak);
    }
  }
});

Deno.test("the answer for threads: arenas, and a limit for them", async () => {
  const answer = await why(
    traceOf([
      "a 0 1000",
      "T 1",
      ...Array.from({ length: 50 }, (_, i) => `a ${i + 1} 5000`),
      ...Array.from({ length: 49 }, (_, i) => `f ${i + 1}`),
      "T 0",
      "a 60 1000",
    ]),
  );
  const [first] = answer.holders.named;
  assertEquals([first!.name, first!.pin?.arena], ["5000 bytes", 1]);
  const arenas = answer.tried.filter(({ name }) => name.startsWith("arena"));
  assertEquals(arenas.map(({ paste }) => paste).sort(), [
    "GLIBC_TUNABLES=glibc.malloc.arena_max=1",
    "GLIBC_TUNABLES=glibc.malloc.arena_max=2",
  ]);
});

Deno.test("what cannot be replayed is left out, and said", async () => {
  const down = ["a 0 100", "a 1 100", "k -64", "a 2 200000"];
  const answer = await why(traceOf(down));
  const said = "hand.rep:4: The break was moved down into the heap";
  assertEquals(answer.refused, [
    { name: "tlsf", why: said },
    { name: "best_fit", why: said },
  ]);
  assertMatch(whyText(answer), /not replayed: best_fit \(hand\.rep:4: /);
});

Deno.test("an instant that there is not is refused, and offers those there are", async () => {
  const trace = traceOf(CLEARED_MAP);
  const refused = (at: string, says: string) =>
    assertRejects(() => why(trace, { at }), RangeError, says);
  await refused("clearde", `did you mean cleared?`);
  await refused("0", "--at 0: the trace has operations 1..4001");
  await refused("4002", "--at 4002: the trace has operations 1..4001");
  await refused("x", "known are filled, cleared, end, waste, peak");
  const empty = traceOf(["f -1"]);
  await assertRejects(() => why(empty), RangeError, "nothing is requested");
  const flat = () => why(trace, { spec: "kmalloc" });
  await assertRejects(flat, RangeError, "kmalloc has memory of its own");
});

Deno.test("the page stands alone and shows names from the trace as text", async () => {
  const hostile = CLEARED_MAP.map((line) =>
    line.replace("cache_put", "<script>alert(1)</script>")
  );
  const page = pageOf(await why(traceOf(hostile)));
  assert(!/<script|<link|https?:\/\/(?!www\.w3\.org)|@import/.test(page));
  assertMatch(page, /&#60;script&#62;alert/);
  assertMatch(page, /malloc_trim\(0\) there/);
});
