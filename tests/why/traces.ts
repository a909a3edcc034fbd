/**
 * Small traces whose right answers are known, and who asks about them.
 *
 * @module
 */
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { readRep } from "../../experiments/traces/rep_reader.ts";
import type { Trace } from "../../experiments/traces/trace.ts";
import { type Question, type Why, whyOf } from "../../experiments/why/why.ts";
import { Replays } from "../../experiments/why/replays.ts";
import { bytes } from "../traces/files.ts";

/** The trace in `.rep` lines. */
export function traceOf(lines: readonly string[]): Trace {
  return readRep("hand.rep", () => [bytes(lines.join("\n") + "\n")]);
}

/** What `why` says of `trace`. */
export async function why(
  trace: Trace,
  { spec = "glibc", ...others }:
    & Partial<Pick<Question, "at" | "touch">>
    & { spec?: string } = {},
): Promise<Why> {
  return await whyOf({
    trace,
    spec: parseSpec(spec, ALLOCATORS),
    at: "waste",
    touch: "all",
    replays: new Replays().replayHere(trace),
    ...others,
  });
}

/** Nodes of the map. */
export const NODES = 2000;

/**
 * A map is filled, one block is allocated on top of it, the map is cleared.
 * glibc keeps its chunks of 64 bytes: 7 in the tcache, the others in a fast bin.
 */
export const CLEARED_MAP: readonly string[] = [
  "S 1 operator new(unsigned long) (libstdc++.so) < Map::put (map.cc:12) < main (map.cc:40)",
  "S 2 cache_put (cache.c:77) < main (map.cc:44)",
  "N 0",
  ...Array.from({ length: NODES }, (_, i) => `a ${i} 48 s1`),
  "p filled",
  "N 5000",
  `a ${NODES} 24 s2`,
  "N 6000",
  ...Array.from({ length: NODES }, (_, i) => `f ${i}`),
  "p cleared",
];
