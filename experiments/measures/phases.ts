/**
 * What the samples say about the phases of a trace.
 *
 * @module
 */
import type { Sample } from "./columns.ts";

/** The sample taken where the phase `name` first ended; `RangeError` if there is none. */
export function atEndOf(name: string, samples: readonly Sample[]): Sample {
  const found = samples.find(({ phase }) => phase === name);
  if (found) return found;
  throw new RangeError(`No phase "${name}" in the samples`);
}

/** What a column gained between two samples. */
export function gain<K extends string>(
  column: K,
  from: Readonly<Record<K, number>>,
  to: Readonly<Record<K, number>>,
): number {
  return to[column] - from[column];
}

/**
 * Share of the bytes requested between two samples that memory held before
 * could serve: what was refused or made the heap grow does not count.
 */
export function reusedRatio(from: Sample, to: Sample): number {
  const served = gain("requested_bytes", from, to);
  const grown = gain("footprint_bytes", from, to);
  return Math.max(0, served - grown) / gain("clock_bytes", from, to);
}
