/**
 * How real programs use memory over time: ramps, peaks, plateaus and phases,
 * with objects that die together. After P. R. Wilson, M. S. Johnstone, M.
 * Neely and D. Boles, Dynamic Storage Allocation (1995), section 2.4.
 *
 * @module
 */
import { whole } from "../../allocators/entry.ts";
import { type Law, parseLaw } from "../laws/distributions.ts";
import type { Prng } from "../laws/prng.ts";
import { type Trace, TraceBuilder } from "../traces/trace.ts";
import {
  define,
  law,
  lazyTrace,
  MOST_OBJECTS,
  type Workload,
} from "./workload.ts";

/** Sizes of objects that one phase of `phased` uses. */
const TYPES = 4;

/** What every shape is made of. */
export interface Shape {
  /** Objects: in all (ramp, plateau) or per round (peak, phased). */
  objects: number;
  /** Law of the sizes. */
  sizes: Law;
}

/** A shape that repeats. */
export interface Rounds extends Shape {
  /** How often. */
  rounds: number;
  /** Share of the objects that outlives its round. */
  kept_percent: number;
}

/** Grows steadily: every object stays, with a short-lived one beside each. */
export function ramp({ objects, sizes }: Shape, draw: Prng): Trace {
  const trace = new TraceBuilder();
  const size = sizes.sampler(draw.fork("sizes"));
  for (let i = 0; i < objects; i++) {
    const short = trace.malloc(size());
    trace.malloc(size());
    trace.free(short);
  }
  trace.phase("ramp");
  return trace.build("ramp");
}

/** Builds something up, then frees it in order, but for a few objects. */
export function peak(shape: Rounds, draw: Prng): Trace {
  return inRounds("peak", shape, 0, draw);
}

/** Peaks, each of a few sizes of its own: a pool per phase that dies together. */
export function phased(shape: Rounds, draw: Prng): Trace {
  return inRounds("phased", shape, TYPES, draw);
}

/** Rounds of `types` sizes each; 0: every object has its own. */
function inRounds(
  name: string,
  { objects, sizes, rounds, kept_percent }: Rounds,
  types: number,
  draw: Prng,
): Trace {
  return lazyTrace(name, function* (trace) {
    const size = sizes.sampler(draw.fork("sizes"));
    const typeOf = draw.fork("types");
    const luck = draw.fork("kept");
    for (let round = 1; round <= rounds; round++) {
      const few = Array.from({ length: types }, size);
      const next = types > 0 ? () => few[typeOf.below(types)]! : size;
      const slots = Array.from({ length: objects }, () => trace.malloc(next()));
      trace.phase(`peak ${round}`);
      for (const slot of slots) {
        if (luck.below(100) >= kept_percent) trace.free(slot);
      }
      trace.phase(`valley ${round}`);
      yield;
    }
  });
}

/** Builds up quickly, keeps all of it while short-lived objects come and go, then frees all. */
export function plateau({ objects, sizes }: Shape, draw: Prng): Trace {
  const trace = new TraceBuilder();
  const size = sizes.sampler(draw.fork("sizes"));
  const slots = Array.from({ length: objects }, () => trace.malloc(size()));
  trace.phase("climb");
  for (let i = 0; i < objects; i++) {
    const [a, b] = [trace.malloc(size()), trace.malloc(size())];
    trace.free(a);
    trace.free(b);
  }
  trace.phase("plateau");
  for (const slot of slots) trace.free(slot);
  trace.phase("descent");
  return trace.build("plateau");
}

const shape = {
  objects: whole(10_000, "objects: in all, or per round", 1, MOST_OBJECTS),
  sizes: law("lognormal:4:1", "size distribution, bytes"),
};
const rounds = {
  ...shape,
  rounds: whole(10, "how often", 1, 10_000),
  kept_percent: whole(5, "share that outlives its round, percent", 0, 100),
};

/** {@linkcode ramp} as a workload. */
export const RAMP: Workload = define({
  name: "ramp",
  summary: "Live memory only grows, amid short-lived objects.",
  parameters: shape,
  build: ({ sizes, ...rest }, draw) =>
    ramp({ ...rest, sizes: parseLaw(sizes) }, draw),
});

/** {@linkcode peak} as a workload. */
export const PEAK: Workload = define({
  name: "peak",
  summary: "Something is built up and freed, again and again.",
  parameters: rounds,
  build: ({ sizes, ...rest }, draw) =>
    peak({ ...rest, sizes: parseLaw(sizes) }, draw),
});

/** {@linkcode plateau} as a workload. */
export const PLATEAU: Workload = define({
  name: "plateau",
  summary: "Built up once, kept amid short-lived objects, then freed.",
  parameters: shape,
  build: ({ sizes, ...rest }, draw) =>
    plateau({ ...rest, sizes: parseLaw(sizes) }, draw),
});

/** {@linkcode phased} as a workload. */
export const PHASED: Workload = define({
  name: "phased",
  summary: "Every phase has a few sizes of its own and dies together.",
  parameters: rounds,
  build: ({ sizes, ...rest }, draw) =>
    phased({ ...rest, sizes: parseLaw(sizes) }, draw),
});
