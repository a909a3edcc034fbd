/**
 * The experiments about containers at their smallest scale: every claim that
 * this scale can decide holds.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type AllocatorEntry, parseSpec } from "../../../allocators/entry.ts";
import { firstFit } from "../../../allocators/freelist/first_fit.ts";
import { tlsf } from "../../../allocators/freelist/tlsf.ts";
import { glibc } from "../../../allocators/glibc/entry.ts";
import { poolOver } from "../../../allocators/stl/entry.ts";
import { containers } from "../../../experiments/questions/containers/containers.ts";
import { cellOf } from "../../../experiments/experiment/cell.ts";
import type {
  Experiment,
  Finished,
  Value,
} from "../../../experiments/experiment/experiment.ts";
import { judge } from "../../../experiments/experiment/verdict.ts";
import { mapClear } from "../../../experiments/questions/containers/map_clear.ts";
import { mapString } from "../../../experiments/questions/containers/map_string.ts";
import { poolRetention } from "../../../experiments/questions/containers/pool_retention.ts";

const heaps: readonly AllocatorEntry[] = [glibc, firstFit, tlsf];
const entries = [...heaps, poolOver(heaps)];
const unused = () => Promise.reject(new Error("no files here"));

type Parameters = Record<string, Value>;

/** Every combination of the parameters' values at the quick scale. */
function grid({ parameters }: Experiment): Parameters[] {
  let rows: Parameters[] = [{}];
  for (const [name, { values }] of Object.entries(parameters)) {
    const choices = values.quick ?? values.default;
    rows = rows.flatMap((row) => choices.map((v) => ({ ...row, [name]: v })));
  }
  return rows;
}

for (const experiment of [mapClear, containers, mapString, poolRetention]) {
  Deno.test(`${experiment.name}: its claims hold`, async () => {
    const finished: Finished[] = [];
    for (const allocator of experiment.allocators) {
      for (const parameters of grid(experiment)) {
        const key = {
          experiment: experiment.name,
          allocator,
          parameters,
          seed: 1,
        };
        const cell = cellOf(key, {
          spec: (text) => parseSpec(text, entries),
          open: unused,
          data: unused,
        });
        const { measures } = await experiment.run(cell);
        for (const [name, value] of Object.entries(measures)) {
          assert(Number.isFinite(value), `${allocator}: ${name} is ${value}`);
        }
        finished.push({ ...key, measures });
      }
    }
    const judgements = judge(experiment, finished);
    const open = judgements.filter(({ asExpected }) =>
      asExpected === undefined
    );
    const failed = judgements.filter(({ asExpected }) => asExpected === false);
    assertEquals(failed.map(({ claim }) => claim.id), []);
    const needsMore = experiment === poolRetention
      ? ["stl-allocator.calls"]
      : [];
    assertEquals(open.map(({ claim }) => claim.id), needsMore);
  });
}
