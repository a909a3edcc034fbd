/**
 * The worst case of segregated storage: phases of ever larger requests, with
 * nothing live between them. Memory that does not change its size class is of
 * no use to the next phase.
 *
 * @module
 */
import { choice, powerOfTwo, whole } from "../../allocators/entry.ts";
import { type Trace, TraceBuilder } from "../traces/trace.ts";
import { define, MOST_OBJECTS, type Workload } from "./workload.ts";

/** What is requested. */
export interface Doubling {
  /** Most live bytes. */
  live: number;
  /** Size of the last phase, a power of two. */
  largest: number;
  /** 1, 2, 4, ... bytes, or 1, 2, 3, 5, 9, ...: just too long for a class. */
  sizes: "powers" | "just_above";
}

/** In each phase as many objects of one size as `live` allows, then none. */
export function doubling({ live, largest, sizes }: Doubling): Trace {
  const trace = new TraceBuilder();
  for (let power = 1; power <= largest; power *= 2) {
    const size = sizeOf(power, sizes);
    const slots: number[] = [];
    while ((slots.length + 1) * size <= live) slots.push(trace.malloc(size));
    for (const slot of slots) trace.free(slot);
    trace.phase(`size ${size}`);
  }
  return trace.build("doubling");
}

/**
 * Bytes of the blocks of all phases, where a block is as long as the power of
 * two that holds its request: what size classes need that share nothing.
 */
export function doublingBound({ live, largest, sizes }: Doubling): number {
  let sum = 0;
  for (let power = 1; power <= largest; power *= 2) {
    sum += Math.floor(live / sizeOf(power, sizes)) * power;
  }
  return sum;
}

/** The request that needs a block of `power` bytes. */
function sizeOf(power: number, sizes: Doubling["sizes"]): number {
  return sizes === "powers" ? power : Math.floor(power / 2) + 1;
}

/** {@linkcode doubling} as a workload. */
export const DOUBLING: Workload = define({
  name: "doubling",
  summary: "Phases of doubled sizes, with nothing live between them.",
  parameters: {
    live: whole(4096, "most live bytes", 1, MOST_OBJECTS),
    largest: powerOfTwo(64, "size of the last phase, bytes"),
    sizes: choice(["powers", "just_above"], "2^k, or 2^(k-1) + 1 bytes"),
  },
  build: doubling,
});
