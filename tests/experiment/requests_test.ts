/**
 * The requests of cells, without their replay.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { readParameters } from "../../experiments/experiment/result_files.ts";
import {
  hasTrace,
  pointOf,
  traceOfCell,
} from "../../experiments/experiment/requests.ts";
import { read } from "../../experiments/measures/csv.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";
import { REPLAYED } from "../../experiments/questions/replayed.ts";
import { Op } from "../../experiments/traces/trace.ts";
import python from "../../data/traces/python.rep.gz" with { type: "bytes" };
import summary from "../golden/summary.csv" with { type: "text" };

/** Marks are rows of a trace and no operations. */
const MARKS: readonly number[] = [Op.PHASE, Op.CLIENT, Op.TIME, Op.RESIDENT];

const { names, rows } = read(summary);
const cells = rows.flatMap((row) => {
  const cell = (name: string) => row[names.indexOf(name)]!;
  const experiment = EXPERIMENTS.find(({ name }) =>
    name === cell("experiment")
  );
  if (!experiment) return [];
  return [{
    experiment,
    key: {
      experiment: cell("experiment"),
      allocator: cell("allocator"),
      parameters: pointOf(experiment, readParameters(cell("parameters"))),
      seed: Number(cell("seed")),
    },
    operations: Number(cell("operations")),
  }];
});

Deno.test("the experiments that can be shown are those that replay", async () => {
  const found: string[] = [];
  for (const experiment of EXPERIMENTS) {
    if (await hasTrace(experiment)) found.push(experiment.name);
  }
  assertEquals(REPLAYED.map(({ name }) => name).sort(), found.sort());
});

Deno.test("the trace of a cell is what the cell replayed", async (t) => {
  const data = (path: string) =>
    path.endsWith("python.rep.gz")
      ? Promise.resolve(new Blob([python]).stream())
      : Promise.reject(new RangeError(path));
  for (const { name } of REPLAYED) {
    const found = cells.find(({ experiment, operations }) =>
      experiment.name === name && operations > 0
    );
    if (!found || found.operations > 50_000) continue;
    await t.step(name, async () => {
      const { experiment, key, operations } = found;
      const trace = await traceOfCell(experiment, key, data);
      let count = 0;
      for await (const { op, length } of trace.blocks()) {
        for (let i = 0; i < length; i++) {
          if (!MARKS.includes(op[i]!)) count++;
        }
      }
      assertEquals(count, operations);
    });
  }
});

Deno.test("texts become the values that an experiment declares, else numbers", () => {
  const parameters = {
    version: { summary: "release", values: { default: ["6.1", "6.12"] } },
    size: { summary: "bytes", values: { default: [64] } },
  };
  assertEquals(
    pointOf({ parameters }, [["version", "6.1"], ["size", "128"], [
      "law",
      "1:2",
    ]]),
    { version: "6.1", size: 128, law: "1:2" },
  );
});

Deno.test("a cell without a trace says so", async () => {
  const { experiment, key } = cells.find(({ key }) =>
    key.experiment === "brk_top_pin"
  )!;
  await assertRejects(
    () => traceOfCell(experiment, key, () => Promise.reject(new Error())),
    RangeError,
    "brk_top_pin does not replay one trace",
  );
});
