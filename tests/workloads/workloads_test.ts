/**
 * What every workload owes: possible requests, the same for the same seed.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { prng } from "../../experiments/harness/prng.ts";
import { Op } from "../../experiments/harness/trace.ts";
import { WORKLOADS } from "../../experiments/workloads/mod.ts";
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
    [{ life: 3 }, 'Unknown parameter "life" of random_churn: known are live'],
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
