/**
 * Births and deaths at the rates of a program: for every size a birth rate,
 * and for every object of it the same chance of dying, so that the live
 * objects are as many as the profile has, times one factor for all sizes.
 *
 * The heap begins full, in random order, as deaths do not depend on age.
 *
 * @module
 */
import type { Prng } from "../laws/prng.ts";
import { alias, tabulated } from "../laws/tables.ts";
import type { Trace } from "../traces/trace.ts";
import type { Profile } from "../traces/fleetbench.ts";
import { Wheel } from "./wheel.ts";
import { lazyTrace } from "./workload.ts";

/** Ticks that an object lives which the profile never frees. */
const IMMORTAL = 2 ** 50;

/** What is requested. */
export interface Fleet {
  /** The rates. */
  profile: Profile;
  /** Live objects, on average. */
  live: number;
  /** Births after the beginning. */
  ticks: number;
  /** Sizes above are left out: they would be mappings of their own. */
  largest: number;
}

/** `live` objects, then `ticks` births with as many deaths, on average. */
export function fleet(
  { profile, live, ticks, largest }: Fleet,
  draw: Prng,
): Trace {
  const fits = (weights: Float64Array) =>
    weights.map((w, i) => profile.sizes[i]! <= largest ? w : 0);
  const births = fits(profile.births);
  const alive = fits(profile.live);
  const sum = (weights: Float64Array) => weights.reduce((a, b) => a + b, 0);
  // Ticks that an object of a size lives on average: live/births, in units of
  // a tick, of which there are `sum(births)` per second and unit of `live`.
  const factor = live / sum(alive) * sum(births);
  const lifetimes = alive.map((n, i) =>
    births[i]! > 0 ? n / births[i]! * factor : IMMORTAL
  );
  const [born, present] = [alias(births), alias(alive)];
  return lazyTrace("fleet", function* (trace) {
    const kind = draw.fork("sizes");
    const age = draw.fork("lifetimes");
    const exponential = tabulated((u) => -Math.log1p(-u));
    const wheel = new Wheel(trace);
    const birth = (i: number, now: number) => {
      const lifetime = Math.ceil(exponential(age()) * lifetimes[i]!);
      wheel.add(trace.malloc(profile.sizes[i]!), now + Math.max(1, lifetime));
    };
    for (let n = 0; n < live; n++) {
      birth(present(kind()), -1);
      if (trace.ready) yield;
    }
    trace.phase("fill");
    for (let now = 0; now < ticks; now++) {
      wheel.turn(now);
      birth(born(kind()), now);
      if (trace.ready) yield;
    }
  });
}
