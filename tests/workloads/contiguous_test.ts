/**
 * The experiment `contiguous`: its workload is as large as the memory.
 *
 * @module
 */
import { assertAlmostEquals, assertRejects } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { contiguous } from "../../experiments/questions/pages/contiguous.ts";
import { cellOf } from "../../experiments/experiment/cell.ts";
import { Unsuitable } from "../../experiments/replay/unsuitable.ts";
import type { Outcome } from "../../experiments/experiment/experiment.ts";
import { atEndOf } from "../../experiments/measures/phases.ts";

const nothing = () => Promise.reject(new Error("there are no files"));

async function run(allocator: string): Promise<Outcome> {
  const cell = cellOf({
    experiment: "contiguous",
    allocator,
    parameters: {
      peak_percent: 80,
      fill_percent: 25,
      orders: "uniform:0:4",
      steps: 10_000,
      order: 3,
    },
    seed: 1,
  }, {
    spec: (text) => parseSpec(text, ALLOCATORS),
    open: nothing,
    data: nothing,
  });
  return await contiguous.run(cell);
}

Deno.test("contiguous fills the memory that the allocator has", async () => {
  for (
    const [allocator, mebibytes] of [
      ["buddy:pages=4096", 16],
      ["linux_buddy:pages=8192", 32],
      ["first_fit:header=0:align=4096:arena=24M", 24],
    ] as const
  ) {
    const { samples } = await run(allocator);
    for (const [phase, share] of [["churn", 0.8], ["fall", 0.25]] as const) {
      const { requested_bytes } = atEndOf(phase, samples);
      const live = requested_bytes / (mebibytes * 2 ** 20);
      assertAlmostEquals(live, share, 0.01, `${allocator}: ${phase}`);
    }
  }
});

Deno.test("contiguous leaves out what grows", async () => {
  for (const allocator of ["buddy", "glibc", "buddy:pages=1000"]) {
    await assertRejects(() => run(allocator), Unsuitable, "fixed memory");
  }
});
