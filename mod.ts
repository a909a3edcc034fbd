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
export * from "./experiments/measures/columns.ts";
export {
  type Check,
  CONFORMANCE,
  type MakeHeap,
} from "./experiments/conformance/conformance.ts";
export {
  type Draw,
  type Law,
  parseLaw,
} from "./experiments/laws/distributions.ts";
export * from "./experiments/experiment/experiment.ts";
export type { ByteChunks } from "./experiments/traces/decompress.ts";
export type { Format } from "./experiments/traces/format.ts";
export { FORMATS } from "./experiments/traces/formats.ts";
export type {
  LineParser,
  Names,
  Open,
  ReadOptions,
} from "./experiments/traces/lines.ts";
export * from "./experiments/measures/metrics.ts";
export * from "./experiments/experiment/outcome.ts";
export { type Prng, prng } from "./experiments/laws/prng.ts";
export { readRep } from "./experiments/traces/rep_reader.ts";
export { writeRep } from "./experiments/traces/rep_writer.ts";
export * from "./experiments/replay/replay.ts";
export { TaggedMemory } from "./experiments/conformance/tagged_memory.ts";
export * from "./experiments/traces/trace.ts";
export {
  type OpenedTrace,
  openTrace,
} from "./experiments/traces/open_trace.ts";
export { WORKLOADS } from "./experiments/workloads/mod.ts";
export type { Workload } from "./experiments/workloads/workload.ts";
