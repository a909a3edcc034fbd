/**
 * The requests on which real allocators and models are put side by side.
 *
 * @module
 */
import { prng } from "../laws/prng.ts";
import { readRep } from "../traces/rep_reader.ts";
import type { Trace } from "../traces/trace.ts";
import { LIFETIME_CHURN, RANDOM_CHURN } from "./churn.ts";
import { MAP_NODES } from "./map_nodes.ts";
import { PROGRAMS } from "./recorded.ts";

/** Workloads as they come, drawn with seed 1. */
const MADE: Readonly<Record<string, { build: typeof MAP_NODES["build"] }>> = {
  map: MAP_NODES,
  churn: RANDOM_CHURN,
  lifetimes: LIFETIME_CHURN,
};
const SEED = 1;

/** Their names: the recorded programs, and three workloads. */
export const SIDE_BY_SIDE: readonly string[] = [
  ...PROGRAMS,
  ...Object.keys(MADE),
];

/** The recorded table of the real allocators on them, below `data/`. */
export const REAL_TABLE = "real_allocators.csv";

/** Samples of a run: where they lie decides which peak is seen. */
export const SAMPLES = 1000;

/** The requests `name`, one of {@linkcode SIDE_BY_SIDE}; `data` opens files of `data/`. */
export function sideBySide(
  name: string,
  data: (path: string) => Promise<ReadableStream<Uint8Array>>,
): Trace {
  const made = MADE[name];
  if (made) return made.build({}, prng(SEED));
  const file = `traces/${name}.rep.gz`;
  return readRep(file, () => data(file));
}
