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
  column("experiment", "string", "", "Name of the experiment."),
  column(
    "allocator",
    "string",
    "",
    "Allocator: its name and options in canonical form.",
  ),
  column("workload", "string", "", "Where the requests come from."),
  column(
    "parameters",
    "string",
    "",
    "Parameters as key=value;..., sorted by key.",
  ),
  column("seed", "integer", "", "Seed of all random draws."),
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
  column("layer", "string", "", "Layer of the stack that the row describes."),
  column(
    "phase",
    "string",
    "",
    "Phase that just ended; empty between the ends of phases.",
  ),
  count("op", "operation", "Operations replayed so far."),
  bytes("clock_bytes", "Bytes requested so far, freed or not."),
  bytes("requested_bytes", "Bytes of the live objects as requested."),
  bytes("allocated_bytes", "Usable bytes of the live blocks."),
  bytes(
    "metadata_bytes",
    "Bytes of headers, padding, bins, bitmaps and descriptors.",
  ),
  bytes(
    "cached_bytes",
    "Bytes that were freed but are kept in a cache, where they cannot merge.",
  ),
  bytes("free_bytes", "Free bytes, including the top of the heap."),
  bytes(
    "footprint_bytes",
    "Footprint: bytes held from the layer below; the sum of allocated, " +
      "metadata, cached and free bytes.",
  ),
  bytes(
    "side_bytes",
    "Bytes outside the footprint: gaps of others, page descriptors.",
  ),
  bytes(
    "resident_bytes",
    "Resident memory: bytes of the footprint that page frames back; empty " +
      "without a page table.",
  ),
  bytes("largest_free_bytes", "Length of the longest free block."),
  count("free_blocks", "block", "Number of free blocks."),
  count("live_blocks", "block", "Number of live objects."),
  ratio("internal_ratio", "Internal fragmentation: 1 - requested/allocated."),
  ratio(
    "external_ratio",
    "External fragmentation: 1 - largest free block/free bytes, or over the " +
      "largest block that could ever be served if that is less; 0 if nothing " +
      "is free.",
  ),
  ratio("overhead_ratio", "Overhead: metadata/footprint."),
  ratio(
    "retained_ratio",
    "Share of the footprint that is not allocated: 1 - allocated/footprint.",
  ),
  ratio(
    "unavailable_4k_ratio",
    "Share of the free bytes that lies in blocks under 4 KiB.",
  ),
  ratio(
    "unavailable_64k_ratio",
    "Share of the free bytes that lies in blocks under 64 KiB.",
  ),
  ratio(
    "unavailable_2m_ratio",
    "Share of the free bytes that lies in blocks under 2 MiB.",
  ),
  count("failures", "request", "Requests refused so far."),
  count("splits", "split", "Blocks split so far."),
  count("coalesces", "merge", "Free blocks merged so far."),
  count(
    "search_steps",
    "step",
    "Blocks, bins and index nodes that the search looked at so far.",
  ),
  bytes("moved_bytes", "Bytes copied by realloc or compaction so far."),
  count("system_calls", "call", "System calls so far."),
  count("page_faults", "fault", "Page faults so far."),
];

/** Scalars of a cell that was replayed, or that a driver played. */
export const MEASURE_COLUMNS: readonly Column[] = [
  count("operations", "operation", "Operations performed."),
  count("failures", "request", "Requests refused."),
  bytes("peak_requested_bytes", "Most bytes of live objects as requested."),
  bytes("peak_footprint_bytes", "Largest footprint after any operation."),
  ratio(
    "internal_ratio",
    "Internal fragmentation: 1 - requested/allocated, mean over the samples.",
  ),
  ratio(
    "external_ratio",
    "External fragmentation: free bytes outside the largest free block over " +
      "all, mean over the samples.",
  ),
  ratio(
    "overhead_ratio",
    "Overhead: metadata/footprint, mean over the samples.",
  ),
  ratio(
    "retained_ratio",
    "Share of the footprint that is not allocated, mean over the samples.",
  ),
  ratio(
    "jw1_ratio",
    "Waste: mean of footprint/requested - 1 over the samples.",
  ),
  ratio(
    "jw2_ratio",
    "Waste: footprint/requested - 1 when most bytes were live.",
  ),
  ratio(
    "jw3_ratio",
    "Waste: footprint/requested - 1 when the footprint was largest.",
  ),
  ratio("jw4_ratio", "Waste: largest footprint/most live bytes - 1."),
  count("splits", "split", "Blocks split."),
  count("coalesces", "merge", "Free blocks merged."),
  count(
    "search_steps",
    "step",
    "Blocks, bins and index nodes that the search looked at.",
  ),
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
