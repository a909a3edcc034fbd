/**
 * Reading traces in tests.
 *
 * @module
 */
import { assert } from "@std/assert";
import { Op, type Trace } from "../../experiments/traces/trace.ts";

/** One row of a trace. */
export interface Request {
  /** An `Op`. */
  op: number;
  /** Slot, or the name of a phase or client. */
  slot: number | string;
  /** Bytes. */
  size: number;
}

/** Operations whose slot is the index of a name. */
const MARKS: ReadonlySet<number> = new Set([Op.PHASE, Op.CLIENT]);

/** All rows; fails on a row that no program could ask for. */
export async function requests(trace: Trace): Promise<Request[]> {
  const rows: Request[] = [];
  const live = new Set<number>();
  for await (const block of trace.blocks()) {
    assert(block.length > 0, "no block is empty");
    for (let i = 0; i < block.length; i++) {
      const op = block.op[i]!;
      const slot = block.slot[i]!;
      const size = block.size[i]!;
      assert(Number.isSafeInteger(size) && size >= 0, `size ${size}`);
      if (op === Op.MALLOC) {
        assert(!live.has(slot), `slot ${slot} is live already`);
        live.add(slot);
      } else if (op === Op.FREE) {
        assert(live.delete(slot), `slot ${slot} is not live`);
      } else {
        assert(MARKS.has(op) || op === Op.WRITE || op === Op.TRIM, `op ${op}`);
      }
      rows.push({
        op,
        slot: MARKS.has(op) ? trace.names[slot]! : slot,
        size,
      });
    }
  }
  return rows;
}

/** Live objects and bytes, most and last, of a trace and of its phases. */
export async function census(trace: Trace): Promise<{
  mallocs: number;
  live: number;
  most: number;
  phases: Record<string, number>;
}> {
  const [phases, sizes]: [Record<string, number>, Set<number | string>] = [
    {},
    new Set(),
  ];
  let [mallocs, most] = [0, 0];
  for (const { op, slot } of await requests(trace)) {
    if (op === Op.MALLOC) {
      mallocs++;
      sizes.add(slot);
      most = Math.max(most, sizes.size);
    } else if (op === Op.FREE) sizes.delete(slot);
    else if (op === Op.PHASE) phases[slot] = sizes.size;
  }
  return { mallocs, live: sizes.size, most, phases };
}
