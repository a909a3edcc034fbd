/**
 * Facts about the requests of a trace, read from all of its blocks.
 *
 * @module
 */
import { Op, type Trace } from "./trace.ts";

/** Requests for memory in `trace`. */
export async function requestsIn(trace: Trace): Promise<number> {
  let sum = 0;
  for await (const { op, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) if (op[i]! <= Op.REALLOC) sum++;
  }
  return sum;
}

/** Bytes of the longest request in `trace`, at least 1. */
export async function longestIn(trace: Trace): Promise<number> {
  let longest = 1;
  for await (const { op, size, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      if (op[i]! <= Op.MEMALIGN) longest = Math.max(longest, size[i]!);
    }
  }
  return longest;
}
