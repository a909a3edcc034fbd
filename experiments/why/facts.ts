/**
 * What a trace holds, before anything is replayed.
 *
 * @module
 */
import { isMark } from "../replay/replay.ts";
import { Op, type Trace } from "../traces/trace.ts";

/** Longest request that a pool serves itself. */
const POOLED = 128;

/** The end of a phase. */
export interface Mark {
  /** Its name. */
  name: string;
  /** Operations done by then. */
  op: number;
}

/** Facts about a trace. */
export interface Facts {
  /** Operations; marks are none. */
  operations: number;
  /** Marks in their order. */
  marks: readonly Mark[];
  /** Which operations occur. */
  ops: ReadonlySet<number>;
  /** Requests for memory, and those of at most 128 bytes. */
  requests: number;
  pooled: number;
}

/** Reads all of `trace` once. */
export async function factsOf(trace: Trace): Promise<Facts> {
  const counts = new Float64Array(256);
  const marks: Mark[] = [];
  let [operations, pooled] = [0, 0];
  for await (const { op, slot, size, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      const code = op[i]!;
      counts[code]!++;
      if (code === Op.PHASE) {
        marks.push({ name: trace.names[slot[i]!]!, op: operations });
      } else if (!isMark(code)) operations++;
      if (isRequest(code) && size[i]! <= POOLED) pooled++;
    }
  }
  const all: number[] = Object.values(Op);
  return {
    operations,
    marks,
    ops: new Set(all.filter((op) => counts[op]! > 0)),
    requests: all.filter(isRequest).reduce((sum, op) => sum + counts[op]!, 0),
    pooled,
  };
}

/** Whether rows of `op` ask for memory. */
export function isRequest(op: number): boolean {
  return op <= Op.REALLOC || op === Op.MEMALIGN;
}
