/**
 * The common way to run a cell: replay a trace, or let a driver play, on one
 * heap, and sum the run up in scalars.
 *
 * The four measures of memory used over memory requested are those of M. S.
 * Johnstone and P. R. Wilson, The Memory Fragmentation Problem: Solved? (1998):
 * jw1 averaged over the samples; jw2 at the instant of most live bytes; jw3 at
 * the instant of the largest footprint (of several the one with most live
 * bytes); jw4 largest footprint over most live
 * bytes, whenever each occurred. All are ratios minus 1; jw2..jw4 are exact to
 * the operation.
 *
 * @module
 */
import type { PageSource } from "../../allocators/pages.ts";
import type { Sample } from "../measures/columns.ts";
import type { Cell, Outcome } from "./experiment.ts";
import { HeapMap } from "../measures/heap_map.ts";
import {
  type Driver,
  Player,
  replay,
  Session,
  type TouchPolicy,
} from "../replay/replay.ts";
import type { Trace } from "../traces/trace.ts";

/** How to run: see `Sampling` and `TouchPolicy`. */
export interface RunOptions {
  /** Operations between samples; 0: only phase marks and the end. */
  every?: number;
  /** How payload is written. */
  touch?: TouchPolicy;
  /** Memory below the heap; flat and its own if not given. */
  source?: PageSource;
  /** Whether the table `heap_map` shows the heap at each sample. */
  map?: boolean;
}

/** Replays `trace` on a new heap as the cell says. */
export async function replayCell(
  cell: Cell,
  trace: Trace,
  { every = 1000, touch = "none", map = false, source: below }: RunOptions = {},
): Promise<Outcome> {
  const { heap, source } = cell.heap(undefined, below);
  const session = new Session(heap, source, { touch });
  const samples: Sample[] = [];
  const looks = map ? new HeapMap() : undefined;
  const sink = (sample: Sample) => {
    samples.push(sample);
    looks?.look(session.op, heap);
  };
  await replay(trace, session, { every, sink });
  return {
    workload: trace.name,
    samples,
    ...(looks && { tables: { heap_map: looks.rows(session.op) } }),
    measures: measuresOf(session, samples),
  };
}

/** Lets `driver` play on a new heap as the cell says; one sample at the end. */
export function driveCell(
  cell: Cell,
  name: string,
  driver: Driver,
  { touch = "none" }: RunOptions = {},
): Outcome {
  const { heap, source } = cell.heap();
  const session = new Session(heap, source, { touch });
  driver(new Player(session));
  const samples = [session.sample()];
  return { workload: name, samples, measures: measuresOf(session, samples) };
}

/** The scalars that every replayed cell has. */
export function measuresOf(
  session: Session,
  samples: readonly Sample[],
): Record<string, number> {
  const last = samples.at(-1)!;
  return {
    operations: session.op,
    failures: session.failures,
    peak_requested_bytes: session.peakRequested,
    peak_footprint_bytes: session.peakFootprint,
    internal_ratio: columnMean(samples, "internal_ratio"),
    external_ratio: columnMean(samples, "external_ratio"),
    overhead_ratio: columnMean(samples, "overhead_ratio"),
    retained_ratio: columnMean(samples, "retained_ratio"),
    jw1_ratio: overRequested(samples),
    jw2_ratio: over(session.footprintAtPeakRequested, session.peakRequested),
    jw3_ratio: over(session.peakFootprint, session.requestedAtPeak),
    jw4_ratio: over(session.peakFootprint, session.peakRequested),
    splits: last.splits,
    coalesces: last.coalesces,
    search_steps: last.search_steps,
    system_calls: last.system_calls ?? 0,
    page_faults: last.page_faults ?? 0,
  };
}

/** Mean of a column over `samples`. */
export function columnMean<K extends string>(
  samples: readonly Readonly<Record<K, number>>[],
  column: K,
): number {
  let sum = 0;
  for (const sample of samples) sum += sample[column];
  return samples.length > 0 ? sum / samples.length : 0;
}

function over(held: number, requested: number): number {
  return requested > 0 ? held / requested - 1 : 0;
}

function overRequested(samples: readonly Sample[]): number {
  let sum = 0;
  let n = 0;
  for (const { footprint_bytes, requested_bytes } of samples) {
    if (requested_bytes === 0) continue;
    sum += over(footprint_bytes, requested_bytes);
    n++;
  }
  return n > 0 ? sum / n : 0;
}
