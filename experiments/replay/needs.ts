/**
 * Which capabilities a trace needs, found before it is replayed, so that no work
 * is done in vain.
 *
 * @module
 */
import type { Capability } from "../../allocators/capability.ts";
import { Op, type Trace } from "../traces/trace.ts";
import { Unsuitable } from "./unsuitable.ts";

/** What an operation needs, and how messages call that. */
const NEEDS: readonly [op: number, need: Capability, name: string][] = [
  [Op.MEMALIGN, "memalign", "memalign"],
  [Op.TRIM, "control", "malloc_trim"],
  [Op.MALLOPT, "control", "mallopt"],
];

/** The error about an operation `op` that the allocator does not offer. */
export function unoffered(op: number): Unsuitable {
  const name = NEEDS.find(([one]) => one === op)![2];
  return new Unsuitable(`The allocator has no ${name}`);
}

/** Those of the operations `ops` that need more than `offers`, by name. */
export function missingFor(
  ops: ReadonlySet<number>,
  offers: ReadonlySet<Capability>,
): string[] {
  return NEEDS.filter(([op, need]) => ops.has(op) && !offers.has(need))
    .map(([, , name]) => name);
}

/**
 * Throws `Unsuitable`, with file and line, at the first operation of `trace`
 * that needs more than `offers`. Reads the trace only if that may be.
 */
export async function checkOffers(
  trace: Trace,
  offers: ReadonlySet<Capability>,
): Promise<void> {
  const missing = NEEDS.filter(([, need]) => !offers.has(need));
  if (missing.length === 0) return;
  for await (const { op, line, length } of trace.blocks()) {
    const rows = op.subarray(0, length);
    const found = missing.map(([one]) => rows.indexOf(one))
      .filter((row) => row >= 0);
    if (found.length === 0) continue;
    const row = Math.min(...found);
    const { message } = unoffered(op[row]!);
    throw new Unsuitable(`${trace.name}:${line[row]}: ${message}`);
  }
}
