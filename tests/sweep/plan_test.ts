/**
 * Plans: what they are made of, and which parts of them can be read.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Failure } from "../../experiments/runner/failure.ts";
import { PlanFile } from "../../experiments/sweep/plan_file.ts";
import {
  type Division,
  missingRanges,
  rangeOf,
  rangesText,
} from "../../experiments/sweep/shards.ts";
import { callOf, type Order } from "../../experiments/sweep/engines.ts";
import { readSpec } from "../../experiments/commands/sweep_spec.ts";
import { CATALOGUE } from "../runner/fixture.ts";
import { processTest } from "../runner/lab.ts";
import { Sweep } from "./lab.ts";

Deno.test("shards have every cell once, in order", () => {
  const division = fc.record({
    plan: fc.constant("x"),
    cells: fc.nat(100_000),
    shards: fc.integer({ min: 1, max: 3000 }),
  });
  fc.assert(fc.property(division, (division: Division) => {
    let next = 0;
    const counts = new Set<number>();
    for (let k = 1; k <= division.shards; k++) {
      const { first, count } = rangeOf(division, k);
      assertEquals(first, next);
      next += count;
      counts.add(count);
    }
    assertEquals(next, division.cells);
    assert(Math.max(...counts) - Math.min(...counts) <= 1);
  }));
});

Deno.test("what is missing, as ranges", () => {
  const some = new Map([2, 3, 7].map((k) => [k, 0]));
  assertEquals(rangesText(missingRanges(some, 9)), "1,4-6,8-9");
  assertEquals(rangesText(missingRanges(some, 3)), "1");
  assertEquals(missingRanges(new Map([[1, 0]]), 1), []);
});

processTest("any part of a plan can be read", async (base) => {
  const sweep = new Sweep(base);
  const seeds = 3000;
  await sweep.plan({ experiment: "waiting", seeds });
  using plan = new PlanFile(sweep.cells);
  assertEquals(plan.head.cells, 2 * seeds);
  const all = [...plan.cells(0, plan.head.cells)];
  assertEquals(all.map(({ cell }) => cell), all.map((_, i) => i));
  assertEquals(new Set(all.map(({ id }) => id)).size, all.length);
  assertEquals(all[seeds]!.allocator, "best_fit");
  for (const first of [0, 1, 2999, 3000, 5000, 5999]) {
    assertEquals([...plan.cells(first, 1)], [all[first]], `${first}`);
  }
  assertEquals([...plan.cells(1234, 2000)], all.slice(1234, 3234));
  assertThrows(() => [...plan.cells(5999, 2)], Failure, ":6002: expected cell");
  // A line that is gone shows, and so does a plan that was changed.
  const lines = Deno.readTextFileSync(sweep.cells).split("\n");
  const spoilt = `${base}/spoilt.jsonl`;
  Deno.writeTextFileSync(spoilt, lines.toSpliced(101, 1).join("\n"));
  using gap = new PlanFile(spoilt);
  assertEquals([...gap.cells(0, 100)].length, 100);
  assertThrows(() => [...gap.cells(50, 100)], Failure, ":102: expected cell");
  Deno.writeTextFileSync(
    spoilt,
    lines.toSpliced(0, 1, lines[0]!.replace("6000", "5000")).join("\n"),
  );
  assertThrows(() => new PlanFile(spoilt), Failure, ":1: no plan of a sweep");
});

processTest("a changed cell, input or code ends a run", async (base) => {
  const sweep = new Sweep(base);
  Deno.writeTextFileSync(`${base}/input.txt`, "four");
  await sweep.plan({ experiment: "reading" });
  const text = Deno.readTextFileSync(sweep.cells);
  const [, id] = /"id":"(\w+)"/.exec(text)!;
  Deno.writeTextFileSync(sweep.cells, text.replace('"pause":0', '"pause":1'));
  const cell = await sweep.do("run");
  assertEquals(cell.code, 1);
  assertMatch(cell.err, /cells\.jsonl:2: its id is not that of the cell/);
  Deno.writeTextFileSync(sweep.cells, text);
  Deno.writeTextFileSync(`${base}/input.txt`, "seven!!");
  const input = await sweep.do("run");
  assertEquals(input.code, 3);
  assertMatch(input.err, /input\.txt is not what the plan was made with\n$/);
  const doctor = await sweep.do("doctor");
  assertEquals(doctor.code, 1);
  assertMatch(doctor.out, /\nWRONG +inputs +input\.txt is not what the plan/);
  // Another input is another cell.
  await sweep.plan({ experiment: "reading" });
  const again = Deno.readTextFileSync(sweep.cells);
  assert(!again.includes(id!));
  const good = await sweep.ok("doctor");
  assertEquals(good.out.match(/^ok /gm)?.length, 6);
});

Deno.test("what is no spec is said in a line", () => {
  const cases: [text: string, says: RegExp][] = [
    ["{", /^spec\.json:1: expected JSON: /],
    ["[]", /^spec\.json: nothing to do$/],
    ["3", /^spec\.json: expected an object with experiment, .* is missing$/],
    ['{"experiment":"churnin"}', /^spec\.json: .*did you mean churning\?/],
    ['{"experiment":"churning","seed":1}', /allocators, set, .*, not "seed"$/],
    ['{"experiment":"churning","set":[]}', /set expects an object/],
    ['{"experiment":"churning","set":{"live":[]}}', /set\.live expects a/],
    ['{"experiment":"churning","set":{"live":["x"]}}', /expects a whole num/],
    ['{"experiment":"churning","seeds":0}', /--seeds expects a number/],
    ['{"experiment":"churning","allocators":"first"}', /first_fit/],
    ['[{"experiment":"paging"},{"experiment":"paging"}]', /: paging twice$/],
  ];
  for (const [text, says] of cases) {
    const error = assertThrows(
      () => readSpec(text, "spec.json", CATALOGUE),
      Failure,
    );
    assertMatch(error.message, says);
    assert(!error.message.includes("\n"), text);
  }
});

const ORDER: Order = {
  deno: "/opt/my deno",
  main: "/lab/experiments/main.ts",
  cwd: "/home/me",
  cells: "/data/cells.jsonl",
  plan: "0123456789abcdef0123",
  out: "/data/shards",
  shards: 9,
  missing: [[1, 3], [7, 7]],
};

Deno.test("engines are told which shards are left", () => {
  const parallel = callOf("parallel", { ...ORDER, hosts: "/h", jobs: 2 });
  assertMatch(parallel.text, /^\(seq 1 3; seq 7 7\) \| parallel --joblog /);
  assertMatch(
    parallel.text,
    /--jobs 2 --sshloginfile \/h --workdir \/home\/me/,
  );
  assertEquals(parallel.input, "1\n2\n3\n7\n");
  assertMatch(
    parallel.args.at(-1)!,
    /^'\/opt\/my deno' run .*--shard '\{\}\/9'$/,
  );
  const log = (order: Order) => {
    const { args } = callOf("parallel", order);
    return args[args.indexOf("--joblog") + 1];
  };
  assertEquals(log(ORDER), log({ ...ORDER, jobs: 3 }));
  assert(log(ORDER) !== log({ ...ORDER, missing: [[2, 3], [7, 7]] }));
  const slurm = callOf("slurm", { ...ORDER, jobs: 4 });
  assertMatch(slurm.input, /^#!\/bin\/sh\n.*\n#SBATCH --array=1-3,7%4\n/);
  assertMatch(slurm.input, /--shard "\$SLURM_ARRAY_TASK_ID\/9"\n$/);
  const local = callOf("local", ORDER);
  assertEquals([local.program, local.args.at(-1)], ["deno", "9"]);
  for (const { text } of [parallel, slurm, local]) {
    assertMatch(text, /--allow-write=\/data\/shards --allow-run=deno /);
    assert(!/parallel,|\$INIT_CWD/.test(text));
  }
});
