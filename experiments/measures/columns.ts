/**
 * The columns of the result files, defined once: name, type, unit, meaning.
 * Order here is order in the file.
 *
 * @module
 */

/** A column of a CSV file. */
export interface Column {
  /** snake_case, unit as suffix. */
  name: string;
  /** Frictionless type. */
  type: "string" | "integer" | "number";
  /** What a cell counts; empty where it is a name. */
  unit: string;
  /** One sentence. */
  description: string;
}

function column(
  name: string,
  type: Column["type"],
  unit: string,
  description: string,
): Column {
  return { name, type, unit, description };
}

/** What identifies a cell: the first columns of every table. */
export const KEY_COLUMNS: readonly Column[] = [
  column("experiment", "string", "", "The question asked."),
  column("allocator", "string", "", "Canonical spec of the allocator."),
  column("workload", "string", "", "Where the requests come from."),
  column("parameters", "string", "", "key=value;..., sorted by key."),
  column("seed", "integer", "", "Seed of the workload's random draws."),
];

/** A column of whole bytes. */
export function bytes(name: string, description: string): Column {
  return column(name, "integer", "byte", description);
}

/** A column of pure numbers. */
export function ratio(name: string, description: string): Column {
  return column(name, "number", "1", description);
}

/** A column that counts `unit`s. */
export function count(name: string, unit: string, description: string): Column {
  return column(name, "integer", unit, description);
}

/** One row per sample and layer. */
export const SAMPLE_COLUMNS: readonly Column[] = [
  column("layer", "string", "", "Which allocator of the stack the row views."),
  column("phase", "string", "", "The phase mark just reached, if any."),
  count("op", "operation", "Operations replayed so far."),
  bytes("clock_bytes", "Bytes requested so far, freed or not."),
  bytes("requested_bytes", "Live bytes as the client asked for them."),
  bytes("allocated_bytes", "Usable bytes of the live blocks."),
  bytes("metadata_bytes", "Headers, padding, bins, bitmaps, descriptors."),
  bytes("cached_bytes", "Freed, but held out of coalescing."),
  bytes("free_bytes", "Free, the top of the heap included."),
  bytes(
    "footprint_bytes",
    "Footprint: held from the layer below, the sum of the four.",
  ),
  bytes("side_bytes", "Outside the footprint: foreign gaps, descriptors."),
  bytes("resident_bytes", "Footprint backed by frames; empty: no page table."),
  bytes("largest_free_bytes", "The longest free block."),
  count("free_blocks", "block", "Number of free blocks."),
  count("live_blocks", "block", "Number of live objects of the client."),
  ratio("internal_ratio", "Internal fragmentation: 1 - requested/allocated."),
  ratio(
    "external_ratio",
    "External fragmentation: 1 - largest free/min(free, largest serveable " +
      "block); 0 if none is free.",
  ),
  ratio("overhead_ratio", "metadata/footprint."),
  ratio("retained_ratio", "1 - allocated/footprint."),
  ratio("unavailable_4k_ratio", "Share of free in blocks under 4 KiB."),
  ratio("unavailable_64k_ratio", "Share of free in blocks under 64 KiB."),
  ratio("unavailable_2m_ratio", "Share of free in blocks under 2 MiB."),
  count("failures", "request", "Requests refused so far."),
  count("splits", "split", "Blocks cut in two so far."),
  count("coalesces", "merge", "Free neighbours joined so far."),
  count(
    "search_steps",
    "step",
    "Blocks, bins or nodes of the simulator's index looked at so far.",
  ),
  bytes("moved_bytes", "Bytes copied by realloc or compaction so far."),
  count("system_calls", "call", "System calls so far."),
  count("page_faults", "fault", "Page faults so far."),
];

/** Scalars of a cell that was replayed, or that a driver played. */
export const MEASURE_COLUMNS: readonly Column[] = [
  count("operations", "operation", "Operations performed."),
  count("failures", "request", "Requests refused."),
  bytes("peak_requested_bytes", "Most live bytes as the client asked for."),
  bytes("peak_footprint_bytes", "Largest footprint after any operation."),
  ratio(
    "internal_ratio",
    "Internal fragmentation: mean of internal_ratio over the samples.",
  ),
  ratio(
    "external_ratio",
    "External fragmentation: mean of external_ratio over the samples.",
  ),
  ratio("overhead_ratio", "Mean of overhead_ratio over the samples."),
  ratio("retained_ratio", "Mean of retained_ratio over the samples."),
  ratio("jw1_ratio", "footprint/requested - 1, mean over the samples."),
  ratio("jw2_ratio", "footprint/requested - 1 when most was requested."),
  ratio("jw3_ratio", "footprint/requested - 1 when the footprint peaked."),
  ratio("jw4_ratio", "Largest footprint/most requested - 1."),
  count("splits", "split", "Blocks cut in two."),
  count("coalesces", "merge", "Free neighbours joined."),
  count("search_steps", "step", "Blocks, bins or nodes looked at."),
  count("system_calls", "call", "System calls."),
  count("page_faults", "fault", "Page faults."),
];

/** A row of {@linkcode SAMPLE_COLUMNS}: one layer at one instant; undefined is empty. */
export type Sample = {
  layer: string;
  phase: string;
  op: number;
  clock_bytes: number;
  requested_bytes: number;
  allocated_bytes: number;
  metadata_bytes: number;
  cached_bytes: number;
  free_bytes: number;
  footprint_bytes: number;
  side_bytes: number;
  resident_bytes: number | undefined;
  largest_free_bytes: number;
  free_blocks: number;
  live_blocks: number;
  internal_ratio: number;
  external_ratio: number;
  overhead_ratio: number;
  retained_ratio: number;
  unavailable_4k_ratio: number;
  unavailable_64k_ratio: number;
  unavailable_2m_ratio: number;
  failures: number;
  splits: number;
  coalesces: number;
  search_steps: number;
  moved_bytes: number;
  system_calls: number | undefined;
  page_faults: number | undefined;
};

/** A row of any other table. */
export type Row = Record<string, number | string | undefined>;
