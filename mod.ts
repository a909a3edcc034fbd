/**
 * Fraglab: simulated allocators, workloads and measures of fragmentation.
 *
 * Every allocator of {@linkcode ALLOCATORS} is made from a spec and driven by
 * a {@linkcode Trace}; a {@linkcode Session} plays the program that uses it.
 *
 * ```ts
 * import { ALLOCATORS, FlatSource, parseSpec } from "@fraglab/fraglab";
 * import { replay, Session, TraceBuilder } from "@fraglab/fraglab";
 *
 * const trace = new TraceBuilder();
 * const slots = Array.from({ length: 1000 }, () => trace.malloc(48));
 * for (let i = 0; i < 1000; i += 2) trace.free(slots[i]!);
 *
 * const { entry, values } = parseSpec("first_fit", ALLOCATORS);
 * const source = new FlatSource();
 * const heap = entry.create(values, { source, draw: () => 0.5 });
 * const session = new Session(heap, source);
 * await replay(trace.build("every other"), session, {
 *   every: 250,
 *   sink: (s) => console.log(s.op, s.footprint_bytes, s.external_ratio),
 * });
 * ```
 *
 * @module
 */
export * from "./allocators/mod.ts";
export * from "./experiments/harness/columns.ts";
export {
  type Check,
  CONFORMANCE,
  type MakeHeap,
} from "./experiments/harness/conformance.ts";
export {
  type Draw,
  type Law,
  parseLaw,
} from "./experiments/harness/distributions.ts";
export * from "./experiments/harness/experiment.ts";
export type { ByteChunks } from "./experiments/harness/gunzip.ts";
export type { Open, ReadOptions } from "./experiments/harness/lines.ts";
export * from "./experiments/harness/metrics.ts";
export * from "./experiments/harness/outcome.ts";
export { type Prng, prng } from "./experiments/harness/prng.ts";
export { readRep } from "./experiments/harness/rep_reader.ts";
export { writeRep } from "./experiments/harness/rep_writer.ts";
export * from "./experiments/harness/replay.ts";
export { TaggedMemory } from "./experiments/harness/tagged_memory.ts";
export * from "./experiments/harness/trace.ts";
export { openTrace } from "./experiments/importers/open_trace.ts";
export { WORKLOADS } from "./experiments/workloads/mod.ts";
export type { Workload } from "./experiments/workloads/workload.ts";
