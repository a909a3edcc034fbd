/**
 * What every workload owes: possible requests, the same for the same seed.
 *
 * @module
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parseLaw } from "../../experiments/laws/distributions.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { MOST_LIVE, Op, TraceBuilder } from "../../experiments/traces/trace.ts";
import { WORKLOADS } from "../../experiments/workloads/mod.ts";
import { pageChurn } from "../../experiments/workloads/page_churn.ts";
import { lazyTrace } from "../../experiments/workloads/workload.ts";
import { requests } from "./requests.ts";

/** Enough to see it, where the fallback is much. */
const SMALL: Record<string, number> = {
  steps: 3000,
  ticks: 3000,
  objects: 500,
  elements: 500,
  mebibytes: 8,
};

/** Workloads without luck: every seed gives the same. */
const FIXED = new Set([
  "checkerboard",
  "equal_blocks",
  "ping_pong",
  "doubling",
]);

for (const workload of WORKLOADS) {
  const { name, parameters } = workload;
  const small = Object.fromEntries(
    Object.entries(SMALL).filter(([key]) => key in parameters),
  );
  Deno.test(`${name} can be replayed and repeated`, async () => {
    const trace = workload.build(small, prng(1));
    assertEquals(trace.name, name);
    const rows = await requests(trace);
    assert(rows.some(({ op }) => op === Op.MALLOC));
    assertEquals(await requests(trace), rows, "read twice");
    assertEquals(await requests(workload.build(small, prng(1))), rows);
    const other = await requests(workload.build(small, prng(2)));
    assertEquals(
      JSON.stringify(other) === JSON.stringify(rows),
      FIXED.has(name),
    );
  });

  Deno.test(`${name} takes every value that it accepts`, async () => {
    for (const [key, { expects }] of Object.entries(parameters)) {
      const choices = expects.startsWith("one of ")
        ? expects.slice("one of ".length).split(", ")
        : /law/.test(expects)
        ? [
          "constant:3",
          "uniform:0:2",
          ...expects.startsWith("none") ? ["none"] : [],
        ]
        : [expects.startsWith("a power") ? "8" : "4"];
      for (const value of choices) {
        await requests(workload.build({ ...small, [key]: value }, prng(1)));
      }
      assertThrows(
        () => workload.build({ [key]: "none:such" }, prng(1)),
        RangeError,
      );
    }
  });
}

Deno.test("names of workloads and parameters can stand on a command line", () => {
  const names = WORKLOADS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const { name, parameters } of WORKLOADS) {
    for (const word of [name, ...Object.keys(parameters)]) {
      assert(/^[a-z0-9_]+$/.test(word), word);
    }
  }
});

Deno.test("a bad parameter is refused with what is expected", () => {
  const [churn] = WORKLOADS;
  const build = (values: Record<string, string | number>) => () =>
    churn!.build(values, prng(1));
  const bad: [Record<string, string | number>, string][] = [
    [
      { life: 3 },
      'Unknown parameter "life" of random_churn: did you mean live?',
    ],
    [{ toString: 3 }, 'Unknown parameter "toString"'],
    [{ live: 0 }, 'Bad parameter "live=0" of random_churn: expects a whole'],
    [{ live: 1.5 }, 'Bad parameter "live=1.5"'],
    [{ steps: -1 }, 'Bad parameter "steps=-1"'],
    [{ sizes: "uniform:2:1" }, "expected uniform:LOW:HIGH"],
  ];
  for (const [values, message] of bad) {
    assertThrows(build(values), RangeError, message);
  }
});

/** `workload` of a name with `values`. */
function built(name: string, values: Record<string, string | number>) {
  return WORKLOADS.find((w) => w.name === name)!.build(values, prng(1));
}

Deno.test("what would not fit into memory is refused", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const much: [string, Record<string, number>][] = [
    ["random_churn", { live: 2 ** 26 }],
    ["equal_blocks", { count: most }],
    ["ping_pong", { held: 2 ** 23 }],
    ["map_nodes", { elements: 2 ** 26 }],
    ["doubling", { largest: 2 ** 40, live: 2 ** 26 }],
    ["ramp", { objects: most }],
    ["plateau", { objects: most }],
    ["peak", { objects: most }],
    ["phased", { rounds: most }],
    ["pinned_pages", { mebibytes: 2 ** 16 }],
    ["checkerboard", { mebibytes: 2 ** 16 }],
    ["order_after_churn", { mebibytes: 2 ** 16 }],
  ];
  for (const [name, values] of much) {
    assertThrows(() => built(name, values), RangeError, "expects a whole");
  }
  const churn = { peak_percent: 90, fill_percent: 50, unmovable_percent: 10 };
  const orders = parseLaw("uniform:0:4");
  assertThrows(
    () => pageChurn({ ...churn, pages: 64, orders, steps: 2 ** 25 }, prng(1)),
    RangeError,
    "at most 16777216 steps",
  );
});

Deno.test("what only takes time is made while it is read", async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const long: [string, Record<string, number>][] = [
    ["random_churn", { steps: most }],
    ["lifetime_churn", { ticks: most }],
    ["ping_pong", { rounds: most }],
    ["order_after_churn", { steps: most }],
    ["peak", { rounds: 10_000 }],
    ["phased", { rounds: 10_000 }],
  ];
  for (const [name, values] of long) {
    let blocks = 0;
    for await (const _ of built(name, values).blocks()) {
      if (++blocks === 20) break;
    }
    assertEquals(blocks, 20, name);
  }
});

Deno.test("a trace requests whole bytes that a number can tell", () => {
  const trace = new TraceBuilder();
  const slot = trace.malloc(2 ** 53 - 1);
  for (const size of [-1, 0.5, NaN, 2 ** 53, 1e304, Infinity]) {
    for (
      const request of [
        () => trace.malloc(size),
        () => trace.calloc(size),
        () => trace.memalign(16, size),
        () => trace.realloc(slot, size),
      ]
    ) assertThrows(request, RangeError, `Cannot request ${size} bytes`);
  }
  assertEquals([trace.length, trace.malloc(0)], [1, 1]);
});

Deno.test("a trace has no more live objects than a heap can hold", async () => {
  let made = 0;
  const trace = lazyTrace("many", function* (builder) {
    for (;; made++) {
      builder.malloc(8);
      if (builder.ready) yield;
    }
  });
  const read = async () => {
    for await (const block of trace.blocks()) assert(block.length > 0);
  };
  await assertRejects(read, RangeError, `More than ${MOST_LIVE} objects`);
  assertEquals(made, MOST_LIVE);
});

Deno.test("a lazy trace hands out blocks while it is made", async () => {
  let made = 0;
  const trace = lazyTrace("steps", function* (builder) {
    for (; made < 100_000; made++) {
      builder.free(builder.malloc(8));
      if (made % 1000 === 999) builder.phase(`phase ${made}`);
      if (builder.ready) yield;
    }
  });
  let rows = 0;
  for await (const block of trace.blocks()) {
    rows += block.length;
    assert(2 * made - rows < 20_000, "at most two blocks wait");
  }
  assertEquals(rows, 200_100);
  assertEquals(trace.names.length, 100);
});
