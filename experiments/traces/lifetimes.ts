/**
 * Buffers with fixed lifetimes, as compilers of machine learning place them.
 *
 * The form is that of google/minimalloc (Apache-2.0), rows of
 * `id,lower,upper,size` after a line of names: a buffer of `size` bytes is
 * live from `lower` to `upper`. Played online: events in order of time, frees
 * before allocations at equal time, else in the order of the file.
 *
 * @module
 */
import type { Open } from "./lines.ts";
import { unexpected } from "./lines.ts";
import { textRows } from "./rows.ts";

/** A row, its numbers as groups. */
export const BUFFER_ROW = /^[^,]*,(\d{1,15}),(\d{1,15}),(\d{1,15})$/;

/** A row, for messages. */
export const BUFFER = "`id,lower,upper,size`";

/** A buffer. */
export interface Buffer {
  /** When it is allocated. */
  lower: number;
  /** When it is freed. */
  upper: number;
  /** Bytes. */
  size: number;
}

/** Reads the buffers of a file; `SyntaxError` with file and line. */
export async function readBuffers(
  name: string,
  open: Open,
): Promise<Buffer[]> {
  const buffers: Buffer[] = [];
  for await (
    const { line, fields } of textRows(name, open, BUFFER_ROW, BUFFER)
  ) {
    const [lower, upper, size] = fields.map(Number) as [number, number, number];
    if (lower >= upper) {
      throw unexpected(name, line, "lower < upper", `${fields}`);
    }
    buffers.push({ lower, upper, size });
  }
  return buffers;
}

/** The capacity that a file's name tells, `A.1048576.csv`; undefined if it tells none. */
export function capacityIn(path: string): number | undefined {
  const digits = /\.(\d+)\.csv(\.gz)?$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A buffer is born or dies. */
export interface Event {
  /** Its number in the file, from 0. */
  buffer: number;
  /** Whether it is born. */
  birth: boolean;
}

/** What happens to `buffers`, in order. */
export function eventsOf(buffers: readonly Buffer[]): Event[] {
  return buffers.flatMap(({ lower, upper }, buffer) => [
    { time: lower, birth: true, buffer },
    { time: upper, birth: false, buffer },
  ]).sort((a, b) =>
    a.time - b.time || Number(a.birth) - Number(b.birth) || a.buffer - b.buffer
  );
}

/** Most bytes of `buffers` that are live at once. */
export function mostLive(buffers: readonly Buffer[]): number {
  let [live, most] = [0, 0];
  for (const { buffer, birth } of eventsOf(buffers)) {
    live += birth ? buffers[buffer]!.size : -buffers[buffer]!.size;
    most = Math.max(most, live);
  }
  return most;
}
