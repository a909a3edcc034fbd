/**
 * Traces that are read once and kept in memory, to be replayed many times.
 *
 * @module
 */
import type { Block, Trace } from "./trace.ts";

/** A trace in memory. */
export interface WholeTrace extends Trace {
  /** Rows of all blocks. */
  readonly length: number;
  blocks(): readonly Block[];
}

/**
 * All of `trace`; undefined if it has more than `most` rows. `shared`: in
 * memory that workers can share.
 */
export async function whole(
  trace: Trace,
  most: number,
  shared = false,
): Promise<WholeTrace | undefined> {
  const blocks: Block[] = [];
  let length = 0;
  for await (const block of trace.blocks()) {
    length += block.length;
    if (length > most) return undefined;
    blocks.push(block.copy(shared));
  }
  const { name, names, sites } = trace;
  return { name, names, ...(sites && { sites }), length, blocks: () => blocks };
}
