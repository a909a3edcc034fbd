import { assertEquals } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { whole } from "../../experiments/traces/whole.ts";
import { Replays } from "../../experiments/why/replays.ts";
import { CLEARED_MAP, traceOf } from "./traces.ts";

// Without permission to read, no worker finds its module.
const permissions = { read: false };

Deno.test(
  "jobs of a worker that fails are done without it",
  { permissions },
  async () => {
    const trace = (await whole(traceOf(CLEARED_MAP), 10_000, true))!;
    using lanes = new Replays(2);
    const replays = lanes.replayEverywhere(trace);
    const replay = { stops: [1000, 4001], touch: "all" } as const;
    const specs = ["glibc", "best_fit", "tlsf", "dlmalloc", "buddy", "glibc"]
      .filter((name) => ALLOCATORS.some((entry) => entry.name === name))
      .map((text) => parseSpec(text, ALLOCATORS));
    const later = specs.map((spec) => replays.later(spec, replay));
    assertEquals((await later[0]!).live.length, 2); // the workers have failed
    await replays.finish();
    for (const [i, spec] of specs.entries()) {
      assertEquals(await later[i], await replays.now(spec, replay), spec.text);
    }
  },
);
