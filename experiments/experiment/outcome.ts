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
  /** Whether samples go one by one: the outcome has none of them. */
  stream?: boolean;
}

/** Replays `trace` on a new heap as the cell says. */
export async function replayCell(
  cell: Cell,
  trace: Trace,
  options: RunOptions = {},
): Promise<Outcome> {
  const { every = 1000, touch = "none", map = false, source: below } = options;
  const { heap, source } = cell.heap(undefined, below);
  const session = new Session(heap, source, { touch });
  const samples: Sample[] = [];
  const sums = new SampleSums();
  const take = options.stream
    ? cell.samples(trace.name)
    : (sample: Sample) => samples.push(sample);
  const looks = map ? new HeapMap() : undefined;
  const sink = (sample: Sample) => {
    take(sample);
    sums.add(sample);
    looks?.look(session.op, heap);
  };
  await replay(trace, session, { every, sink });
  return {
    workload: trace.name,
    samples,
    ...(looks && { tables: { heap_map: looks.rows(session.op) } }),
    measures: measuresOf(session, sums),
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
  const measures = measuresOf(session, SampleSums.of(samples));
  return { workload: name, samples, measures };
}

/** The scalars that every replayed cell has. */
export function measuresOf(
  session: Session,
  sums: SampleSums,
): Record<string, number> {
  const last = sums.last!;
  return {
    operations: session.op,
    failures: session.failures,
    peak_requested_bytes: session.peakRequested,
    peak_footprint_bytes: session.peakFootprint,
    ...sums.means(),
    jw1_ratio: sums.overRequested(),
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

/** Shares of which the mean over the samples is a measure. */
const SHARES: readonly SampledShare[] = [
  "internal_ratio",
  "external_ratio",
  "overhead_ratio",
  "retained_ratio",
];

/** One of them. */
export type SampledShare =
  | "internal_ratio"
  | "external_ratio"
  | "overhead_ratio"
  | "retained_ratio";

/** What measures need to know of samples, which may be many. */
export class SampleSums {
  /** The sample that was added last. */
  last: Sample | undefined;
  #count = 0;
  readonly #sums = new Float64Array(SHARES.length);
  /** Samples with live bytes, and the sum of footprint/requested - 1. */
  #demanding = 0;
  #over = 0;

  /** Those of `samples`. */
  static of(samples: readonly Sample[]): SampleSums {
    const sums = new SampleSums();
    for (const sample of samples) sums.add(sample);
    return sums;
  }

  /** Counts a sample. */
  add(sample: Sample): void {
    const { footprint_bytes, requested_bytes } = sample;
    this.last = sample;
    this.#count++;
    SHARES.forEach((name, i) => this.#sums[i]! += sample[name]);
    if (requested_bytes === 0) return;
    this.#demanding++;
    this.#over += over(footprint_bytes, requested_bytes);
  }

  /** Means of the shares. */
  means(): Record<SampledShare, number> {
    const mean = (i: number) =>
      this.#count > 0 ? this.#sums[i]! / this.#count : 0;
    return Object.fromEntries(
      SHARES.map((name, i) => [name, mean(i)]),
    ) as Record<SampledShare, number>;
  }

  /** Mean of footprint over live bytes, minus 1. */
  overRequested(): number {
    return this.#demanding > 0 ? this.#over / this.#demanding : 0;
  }
}
