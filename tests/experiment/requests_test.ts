/**
 * The requests of cells, without their replay.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { readParameters } from "../../experiments/experiment/result_files.ts";
import {
  hasTrace,
  pointOf,
  traceOfCell,
} from "../../experiments/experiment/requests.ts";
import { read } from "../../experiments/measures/csv.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";
import { Op } from "../../experiments/traces/trace.ts";
import python from "../../data/traces/python.rep.gz" with { type: "bytes" };
import summary from "../golden/summary.csv" with { type: "text" };

/** Experiments whose cells play, or compute without requests. */
const PLAYED: string[] = [];
for (const experiment of EXPERIMENTS) {
  if (!await hasTrace(experiment)) PLAYED.push(experiment.name);
}

/** Marks are rows of a trace and no operations. */
const MARKS: readonly number[] = [Op.PHASE, Op.CLIENT, Op.TIME, Op.RESIDENT];

const { names, rows } = read(summary);
const cells = rows.map((row) => {
  const cell = (name: string) => row[names.indexOf(name)]!;
  return {
    experiment: EXPERIMENTS.find(({ name }) => name === cell("experiment")),
    key: {
      experiment: cell("experiment"),
      allocator: cell("allocator"),
      parameters: pointOf(readParameters(cell("parameters"))),
      seed: Number(cell("seed")),
    },
    workload: cell("workload"),
    operations: Number(cell("operations")),
  };
});

Deno.test("adversaries and calculations have no trace, replays have", () => {
  for (
    const name of ["robson", "best_fit_killer", "heap_game", "size_classes"]
  ) assert(PLAYED.includes(name), name);
  for (const name of ["map_churn", "recorded_programs", "fifty_percent"]) {
    assert(!PLAYED.includes(name), name);
  }
});

Deno.test("the trace of a cell is what the cell replayed", async (t) => {
  const data = (path: string) =>
    path.endsWith("python.rep.gz")
      ? Promise.resolve(new Blob([python]).stream())
      : Promise.reject(new RangeError(path));
  for (const { name } of EXPERIMENTS) {
    const found = cells.find(({ experiment, operations }) =>
      experiment?.name === name && operations > 0
    );
    if (!found || PLAYED.includes(name) || !(found.operations < 50_000)) {
      continue;
    }
    await t.step(name, async () => {
      const { experiment, key, operations } = found;
      const trace = await traceOfCell(experiment!, key, data);
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

Deno.test("a cell without a trace says so", async () => {
  const { experiment, key } = cells.find(({ key }) =>
    key.experiment === "robson"
  )!;
  await assertRejects(
    () => traceOfCell(experiment!, key, () => Promise.reject(new Error())),
    RangeError,
    "robson plays against the allocator",
  );
});
