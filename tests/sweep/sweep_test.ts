/**
 * A sweep from its plan to its results, which are those of a local run.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Failure } from "../../experiments/runner/failure.ts";
import { leave, resultOf } from "../../experiments/runner/finish.ts";
import { checkComplete, collected } from "../../experiments/sweep/collect.ts";
import { PlanFile } from "../../experiments/sweep/plan_file.ts";
import { ShardFolder } from "../../experiments/sweep/shards.ts";
import { statusOf } from "../../experiments/sweep/status.ts";
import { EXPERIMENTS } from "../runner/fixture.ts";
import { visible } from "../runner/folders.ts";
import { end, ok, processTest, start } from "../runner/lab.ts";
import { Sweep } from "./lab.ts";

const ALLOCATORS = ["glibc", "tlsf", "kingsley"];
const SPEC = [
  {
    experiment: "churning",
    allocators: ALLOCATORS,
    set: { steps: [300] },
    seeds: 6,
  },
  // One of these cannot take part.
  { experiment: "explaining", allocators: ALLOCATORS, seeds: 6 },
];
const LOCAL = [
  ...["experiments", "churning", "explaining", "--seeds", "6"],
  ...["--set", "steps=300", "--allocator", ALLOCATORS.join()],
];

processTest("shards are collected to what a local run leaves", async (base) => {
  const told = await ok([...LOCAL, "--out", `${base}/local`]);
  const sweep = new Sweep(base);
  await sweep.plan(SPEC);
  // In any order, in any number of processes, a shard more than once.
  await sweep.ok("run", "--shard", "3/4");
  const third = sweep.bytes();
  assertEquals(third.size, 1);
  const [name] = third.keys();
  Deno.removeSync(`${sweep.shards}/${name}`);
  await Promise.all([
    sweep.ok("run", "--shards", "4", "--jobs", "4"),
    sweep.ok("run", "--shard", "4/4", "--jobs", "3"),
  ]);
  const all = sweep.bytes();
  assertEquals(
    [...all.keys()].map((name) => name.slice(21)),
    [1, 2, 3, 4].map((k) => `${k}-of-4.shard`),
  );
  assertEquals(all.get(name!), third.get(name!));
  // In the place of older results, too.
  for (const place of ["collected", "local"]) {
    const results = ["--shards", "4", "--results", `${base}/${place}`];
    const { out } = await sweep.ok("collect", ...results);
    assertEquals(visible(`${base}/collected`), visible(`${base}/local`));
    assertEquals(out, told.out);
  }
});

processTest("what is there and what is missing", async (base) => {
  const sweep = new Sweep(base);
  await sweep.plan({ experiment: "churning", scale: "quick", seeds: 4 });
  using plan = new PlanFile(sweep.cells);
  const folder = sweep.division(plan, 6);
  const status = () => statusOf(plan, folder);
  assertEquals(status().missing, [[1, 6]]);
  for (const k of [2, 5]) await sweep.ok("run", "--shard", `${k}/6`);
  const { cells, finished_cells, published, missing } = status();
  assertEquals([cells, finished_cells, published], [12, 4, 2]);
  assertEquals(missing, [[1, 1], [3, 4], [6, 6]]);
  const text = await sweep.ok("status", "--shards", "6");
  assertMatch(
    text.out,
    /\n2 of 6 shards, 4 of 12 cells.*\nMissing: 1,3-4,6\n$/,
  );
  assertThrows(
    () => checkComplete(folder),
    Failure,
    "lacks 4 of 6 shards: 1,3-4,6",
  );
  await sweep.ok("run", "--shards", "6");
  assertEquals(status().missing, []);
  // Another number of shards would count cells twice.
  await sweep.ok("run", "--shard", "1/2");
  const twice = "holds 1 shard of another plan, or of another number of";
  assertThrows(() => checkComplete(folder), Failure, twice);
  assertEquals(status().foreign.length, 1);
  const [first] = sweep.names().filter((name) => name.includes("-of-2."));
  Deno.removeSync(`${sweep.shards}/${first}`);
  checkComplete(folder);
  // Another plan has another name.
  const other = new ShardFolder(sweep.shards, {
    ...folder.division,
    plan: "0".repeat(20),
  });
  const foreign = "holds 6 shards of another plan";
  assertThrows(() => checkComplete(other), Failure, foreign);
});

processTest("a shard that is damaged is refused", async (base) => {
  const sweep = new Sweep(base);
  await sweep.plan({ experiment: "churning", scale: "quick", seeds: 2 });
  await sweep.ok("run", "--shards", "2");
  const [one, two] = sweep.names().map((name) => `${sweep.shards}/${name}`);
  const text = Deno.readTextFileSync(one!);
  const lines = text.split("\n");
  const cases: Record<string, string> = {
    "a digit of a row": text.replace(/\d(?=\n)/, (d) => `${9 - +d}`),
    "a measure": text.replace(/(?<="splits":)\d/, (d) => `${9 - +d}`),
    "the end": text.slice(0, -100),
    "no end": `${text}${lines[1]}\n`,
    "the other": Deno.readTextFileSync(two!),
    "nothing": "",
  };
  using plan = new PlanFile(sweep.cells);
  const folder = sweep.division(plan, 2);
  const read = () => {
    checkComplete(folder);
    for (const done of collected(plan, folder, EXPERIMENTS, () => {})) {
      const [content] = leave(done, resultOf(done)).files.values();
      if (typeof content === "function") content(() => {});
    }
  };
  read();
  for (const [what, bad] of Object.entries(cases)) {
    assert(bad !== text, what);
    Deno.writeTextFileSync(one!, bad);
    const error = assertThrows(read, Failure, undefined, what);
    assertMatch(
      error.message,
      /not as it was written|was changed or remov/,
      what,
    );
  }
  const out = `${base}/out`;
  const words = ["--shards", "2", "--results", out];
  const { code, err } = await sweep.do("collect", ...words);
  assertEquals([code, err.split("\n").length], [1, 2], err);
  assertThrows(() => Deno.statSync(out), Deno.errors.NotFound);
});

processTest(
  "cells that fail are named, and their shard is left",
  async (base) => {
    const sweep = new Sweep(base);
    await sweep.plan([
      { experiment: "failing", set: { how: ["range", "none"] } },
      { experiment: "paging" },
    ]);
    const { code, out, err } = await sweep.do("run", "--shards", "4");
    assertEquals([code, out], [3, ""]);
    assertMatch(
      err,
      /^Shard 1 of 4: failing \(-\): out of range \(how=range\)\nShard 2 of 4: A defect .*nonsense.*\n$/,
    );
    assertEquals(sweep.names().map((name) => name.slice(21)), [
      "3-of-4.shard",
      "4-of-4.shard",
    ]);
  },
);

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

const SLOW = { experiment: "waiting", seeds: 30 };

processTest(
  "an interrupted shard leaves nothing, a killed one is swept",
  async (base) => {
    const sweep = new Sweep(base);
    await sweep.plan(SLOW);
    const running = async () => {
      const child = start(sweep.words("run", "--jobs", "1"), { cwd: base });
      while (!isThere(sweep.shards)) { // from then on it heeds signals
        await new Promise((wake) => setTimeout(wake, 5));
      }
      await new Promise((wake) => setTimeout(wake, 200));
      return child;
    };
    for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
      const child = await running();
      child.kill(signal);
      const { code, out, err } = await end(child);
      assertEquals([code, out, err.split("\n").length], [exit, "", 2], err);
      assertEquals(sweep.names(), []);
      Deno.removeSync(sweep.shards);
    }
    const child = await running();
    child.kill("SIGKILL");
    await end(child);
    const [stale, live] = ["a", "b"].map((name) =>
      `${sweep.shards}/.x-1-of-1.shard.${name}.tmp`
    );
    Deno.writeTextFileSync(stale!, "{");
    using held = Deno.openSync(live!, { create: true, write: true });
    held.lockSync(true);
    await sweep.ok("run");
    const names = sweep.names();
    assertEquals(names.length, 2, "what a living process holds stays");
    assertEquals(names[0], ".x-1-of-1.shard.b.tmp");
  },
);
