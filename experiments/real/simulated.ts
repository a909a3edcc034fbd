/**
 * Models beside the real allocators: the same requests, the same figures.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { memoryOf, newHeap } from "../experiment/cell.ts";
import { middle } from "../measures/statistics.ts";
import { overLive, ResidentRun } from "../replay/resident.ts";
import { parseMaps } from "../traces/maps.ts";
import type { Trace } from "../traces/trace.ts";
import type { Measured } from "./measure.ts";

/** Heaps are made with this seed. */
const SEED = 1;

/**
 * What the model `spec` makes of `trace`, payload written: resident bytes since
 * before the first operation; the footprint where no page table is below. A
 * model whose addresses are absolute runs in the address space of the first of
 * `real` that it is a model of.
 */
export async function simulate(
  spec: Spec,
  trace: Trace,
  every: number,
  real: readonly Measured[],
): Promise<Measured> {
  const memory = spaceAmong(real, spec) ?? memoryOf(spec);
  const run = new ResidentRun(newHeap(spec, SEED, memory));
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

/** The address space of the allocator among `real` that `spec` models. */
function spaceAmong(
  real: readonly Measured[],
  { entry, values }: Spec,
): PageSource | undefined {
  if (entry.places !== "absolute") return undefined;
  const one = real.find(({ version = "", linked }) =>
    version.startsWith(`${entry.name} `) &&
    (values.build ?? linked) === linked
  );
  return one?.space === undefined
    ? undefined
    : entry.process?.(values, parseMaps(one.name, one.space));
}
