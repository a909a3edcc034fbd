/**
 * Models beside the real allocators: the same requests, the same figures.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import { memoryOf, newHeap } from "../experiment/cell.ts";
import { middle } from "../measures/statistics.ts";
import { overLive, ResidentRun } from "../replay/resident.ts";
import type { Trace } from "../traces/trace.ts";
import type { Measured } from "./measure.ts";

/** Heaps are made with this seed. */
const SEED = 1;

/**
 * What the model `spec` makes of `trace`, payload written: resident bytes since
 * before the first operation; the footprint where no page table is below.
 */
export async function simulate(
  spec: Spec,
  trace: Trace,
  every: number,
): Promise<Measured> {
  const run = new ResidentRun(newHeap(spec, SEED, memoryOf(spec)));
  const curve = await run.replay(trace, every);
  const { peak, mean } = overLive(curve);
  const last = curve.at(-1)!;
  return {
    name: spec.text,
    simulated: true,
    peak: middle([peak]),
    mean: middle([mean]),
    end: last.resident,
    faults: run.isPaged ? last.faults : undefined,
    failures: run.session.failures,
    curve,
  };
}
