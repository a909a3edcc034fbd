import { assertEquals, assertThrows } from "@std/assert";
import { InvariantError } from "../../allocators/allocator.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { Op } from "../../experiments/traces/trace.ts";
import type { Curve } from "../../experiments/why/curve.ts";
import { without } from "../../experiments/why/elsewhere.ts";
import { factsOf } from "../../experiments/why/facts.ts";
import { growthOf } from "../../experiments/why/growth.ts";
import { ledgerOf } from "../../experiments/why/ledger.ts";
import { lifetimesOf } from "../../experiments/why/lifetimes.ts";
import { sceneOf } from "../../experiments/why/run.ts";
import { ownFrame } from "../../experiments/why/sites.ts";
import { whatIfs } from "../../experiments/why/what_ifs.ts";
import { traceOf } from "./traces.ts";

Deno.test("a ledger that misses a byte is a defect", () => {
  const scene = sceneOf(parseSpec("glibc", ALLOCATORS), "all");
  scene.heap.malloc(100);
  ledgerOf(scene, new Map());
  const walk = scene.heap.walk.bind(scene.heap);
  scene.heap.walk = (visit) =>
    walk((start, bytes, kind) =>
      visit(start, kind === "live" ? bytes + 16 : bytes, kind)
    );
  assertThrows(() => ledgerOf(scene, new Map()), InvariantError);
});

Deno.test("lifetimes count operations; who is never freed outlives all", async () => {
  const trace = traceOf([
    "a 0 8", // 1, never freed
    "a 1 16", // 2, freed by 4: lives 2
    "a 2 16", // 3, resized by 5: lives 2; a birth in group 2
    "f 1",
    "p x",
    "r 2 32",
    "a 3 16", // 6, freed by 8: lives 2
    "f -1",
    "f 3",
    "r 9 8", // 9: a malloc
    "r 9 0", // 10: a free: lives 1
  ]);
  const sizes = [8, 16, 32];
  const all = await lifetimesOf(trace, 3, (_, size) => sizes.indexOf(size));
  const found = all.map(({ born, freed, median }) => [born, freed, median]);
  assertEquals(found, [[2, 1, Infinity], [3, 3, 2], [1, 0, Infinity]]);
});

Deno.test("a long median is right within 1 in 32", async () => {
  const trace = traceOf([
    "a 0 8",
    ...Array.from({ length: 100_000 }, () => "f -1"),
    "f 0",
  ]);
  const [all] = await lifetimesOf(trace, 1, () => 0);
  const { median } = all!;
  assertEquals(Math.abs(median / 100_001 - 1) < 1 / 32, true);
});

Deno.test("growth: a leak, fragmentation, memory that stays, a steady state", () => {
  const stops = Array.from({ length: 100 }, (_, i) => 10 * (i + 1));
  const kind = (live: (i: number) => number, resident: (i: number) => number) =>
    growthOf(
      {
        live: Float64Array.from(stops, (_, i) => live(i)),
        resident: Float64Array.from(stops, (_, i) => resident(i)),
      } as Curve,
      stops,
      99,
    ).kind;
  assertEquals(kind((i) => i, (i) => 1.1 * i), "leak-like");
  assertEquals(kind(() => 50, (i) => 50 + i), "fragmentation");
  assertEquals(kind((i) => i < 98 ? i : 1, (i) => i), "not returned");
  assertEquals(kind(() => 50, () => 60), "steady");
  assertEquals(kind((i) => 100 - i, (i) => 102 - i), "shrinks");
});

Deno.test("the frame of the program is told from the libraries' own", () => {
  const own = "parse_header (http.c:214)";
  for (
    const plumbing of [
      "operator new(unsigned long) (libstdc++.so.6+0xa)",
      "std::vector<int>::reserve(unsigned long) (vector:70)",
      "__gnu_cxx::new_allocator<int>::allocate(unsigned long) (new:1)",
      "xmalloc (util.c:3)",
      "strdup (libc.so.6+0x1)",
      "_Znwm (libstdc++.so.6)",
      "libstdc++.so.6+0xae98c",
      "libc.so.6+0x27249",
      "malloc (malloc.c:1)",
    ]
  ) assertEquals(ownFrame(`${plumbing} < ${own} < main (a.c:9)`), own);
  assertEquals(
    ownFrame("xmalloc_stats (a.c:1) < main"),
    "xmalloc_stats (a.c:1)",
  );
  assertEquals(ownFrame("malloc (x) < std::f (y)"), "malloc (x)");
});

Deno.test("what is tried keeps the settings there are and says the line to paste", async () => {
  const facts = await factsOf(
    traceOf(["a 0 16", "T 1", "m 1 64 100", "p a", "p b", "t 0"]),
  );
  assertEquals([facts.operations, facts.requests, facts.pooled], [4, 2, 2]);
  assertEquals(facts.marks, [{ name: "a", op: 3 }, { name: "b", op: 3 }]);
  assertEquals(facts.ops.has(Op.TRIM), true);
  const spec = parseSpec("glibc:version=2.41:top_pad=4096", ALLOCATORS);
  const all = whatIfs(spec, facts);
  const one = all.find(({ name }) => name === "tcache_count=0")!;
  assertEquals(one.spec.text, "glibc:version=2.41:tcache_count=0:top_pad=4096");
  assertEquals(
    one.paste,
    "GLIBC_TUNABLES=glibc.malloc.top_pad=4096:glibc.malloc.tcache_count=0",
  );
  // Neither has malloc_trim, which the trace calls.
  assertEquals(
    all.filter(({ name }) => ["tlsf", "best_fit"].includes(name)),
    [],
  );
  assertEquals(
    whatIfs(parseSpec("tlsf", ALLOCATORS), facts).map((w) => w.name),
    [
      "glibc",
    ],
  );
});

Deno.test("what lies elsewhere is neither asked for, nor resized, nor freed", async () => {
  const trace = traceOf([
    "a 0 100", // 1
    "a 1 24", // 2: elsewhere
    "p x",
    "w 1 0 8",
    "r 1 50", // 4: still elsewhere
    "a 2 300", // 5
    "r 0 200", // 6: from here on elsewhere, what it held is freed
    "f 1",
    "f 0",
    "a 1 64", // 9: another object
    "f 1",
  ]);
  const rows: number[][] = [];
  for await (const block of without(trace, [2, 6]).blocks()) {
    for (let i = 0; i < block.length; i++) {
      rows.push([block.op[i]!, block.size[i]!, Math.min(block.slot[i]!, 0)]);
    }
  }
  const { MALLOC, FREE, PHASE } = Op;
  assertEquals(rows.map(([op, size, slot]) => op === MALLOC ? size : slot), [
    100,
    -1,
    0,
    -1,
    -1,
    300,
    0,
    -1,
    -1,
    64,
    0,
  ]);
  assertEquals(rows.map(([op]) => op), [
    MALLOC,
    FREE,
    PHASE,
    FREE,
    FREE,
    MALLOC,
    FREE,
    FREE,
    FREE,
    MALLOC,
    FREE,
  ]);
});
