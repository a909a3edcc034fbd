/**
 * Random sizes x random lifetimes: the requests of the classical simulations.
 *
 * In `randomChurn` the victim is random, so lifetimes are geometric and the
 * number of live objects is constant. In `lifetimeChurn` time is counted in
 * requests: one object is born per tick and dies when its lifetime, drawn at
 * birth, is over. After D. E. Knuth, TAOCP vol. 1, section 2.5, and J. E.
 * Shore, Anomalous Behavior of the Fifty-Percent Rule (1977).
 *
 * @module
 */
import { whole } from "../../allocators/entry.ts";
import { type Law, parseLaw } from "../laws/distributions.ts";
import type { Prng } from "../laws/prng.ts";
import type { Trace } from "../traces/trace.ts";
import { Wheel } from "./wheel.ts";
import {
  define,
  law,
  lazyTrace,
  MOST_OBJECTS,
  type Workload,
} from "./workload.ts";

/** Fills up to `live` objects, then `steps` times frees a random one and requests another. */
export function randomChurn(
  { live, sizes, steps }: { live: number; sizes: Law; steps: number },
  draw: Prng,
): Trace {
  return lazyTrace("random_churn", function* (trace) {
    const victims = draw.fork("victims");
    const size = sizes.sampler(draw.fork("sizes"));
    const slots = new Int32Array(live);
    for (let i = 0; i < live; i++) {
      slots[i] = trace.malloc(size());
      if (trace.ready) yield;
    }
    trace.phase("fill");
    for (let step = 0; step < steps; step++) {
      const i = victims.below(live);
      trace.free(slots[i]!);
      slots[i] = trace.malloc(size());
      if (trace.ready) yield;
    }
  });
}

/** One request per tick for `ticks` ticks; each object dies after its lifetime in ticks. */
export function lifetimeChurn(
  { sizes, lifetimes, ticks }: { sizes: Law; lifetimes: Law; ticks: number },
  draw: Prng,
): Trace {
  return lazyTrace("lifetime_churn", function* (trace) {
    const size = sizes.sampler(draw.fork("sizes"));
    const lifetime = lifetimes.sampler(draw.fork("lifetimes"));
    const wheel = new Wheel(trace);
    for (let now = 0; now < ticks; now++) {
      wheel.turn(now);
      wheel.add(trace.malloc(size()), now + Math.max(1, lifetime()));
      if (trace.ready) yield;
    }
  });
}

/** {@linkcode randomChurn} as a workload. */
export const RANDOM_CHURN: Workload = define({
  name: "random_churn",
  summary: "A fixed number of live objects; a random one is replaced.",
  parameters: {
    live: whole(1000, "live objects", 1, MOST_OBJECTS),
    sizes: law("uniform:1:1999", "size distribution, bytes"),
    steps: whole(100_000, "replacements"),
  },
  build: ({ live, sizes, steps }, draw) =>
    randomChurn({ live, sizes: parseLaw(sizes), steps }, draw),
});

/** {@linkcode lifetimeChurn} as a workload. */
export const LIFETIME_CHURN: Workload = define({
  name: "lifetime_churn",
  summary: "One request per tick; each object lives for a drawn time.",
  parameters: {
    sizes: law("uniform:1:1999", "size distribution, bytes"),
    lifetimes: law("exp:1000", "lifetime distribution, ticks"),
    ticks: whole(100_000, "requests", 1),
  },
  build: ({ sizes, lifetimes, ticks }, draw) =>
    lifetimeChurn({
      sizes: parseLaw(sizes),
      lifetimes: parseLaw(lifetimes),
      ticks,
    }, draw),
});
