/**
 * Models beside the real allocators: the same requests, the same figures.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import { memoryOf, newHeap } from "../experiment/cell.ts";
import type { Sample } from "../measures/columns.ts";
import { middle } from "../measures/statistics.ts";
import { replay, Session } from "../replay/replay.ts";
import type { Trace } from "../traces/trace.ts";
import { type Measured, ratiosOf } from "./measure.ts";

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
  const { heap, source } = newHeap(spec, SEED, memoryOf(spec));
  const session = new Session(heap, source, { touch: "all" });
  const samples: Sample[] = [session.sample()];
  const sink = (sample: Sample) => samples.push(sample);
  await replay(trace, session, { every, sink });
  const held = ({ resident_bytes, footprint_bytes }: Sample) =>
    resident_bytes ?? footprint_bytes;
  const start = held(samples[0]!);
  const curve = samples.map((sample) => ({
    op: sample.op,
    live: sample.requested_bytes,
    resident: held(sample) - start,
    faults: (sample.page_faults ?? 0) - (samples[0]!.page_faults ?? 0),
  }));
  const { peak, mean } = ratiosOf(curve);
  const last = curve.at(-1)!;
  return {
    name: spec.text,
    simulated: true,
    peak: middle([peak]),
    mean: middle([mean]),
    end: last.resident,
    faults: samples[0]!.resident_bytes === undefined ? undefined : last.faults,
    failures: session.failures,
    curve,
  };
}
