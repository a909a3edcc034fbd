/**
 * A simulated malloc beside what `place.c` printed of the real one.
 *
 * @module
 */
import { parseSpec } from "../../allocators/entry.ts";
import { PAGE } from "../../allocators/pages.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { newHeap } from "../../experiments/experiment/cell.ts";
import { isMark, runRows, Session } from "../../experiments/replay/replay.ts";
import { readMaps } from "../../experiments/traces/maps.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { type Block, Op } from "../../experiments/traces/trace.ts";

/** A run of a real malloc. */
export interface PlacedRun {
  /** Which malloc it was. */
  spec: string;
  /** What it was asked, in the `.rep` form. */
  trace: string;
  /** What it answered. */
  output: string;
}

/** Looks at the heap after an operation: `check` throws if it is not sound. */
export type Look = (op: number, check: () => void) => void;

/** Column of an S line: kilobytes of anonymous pages. */
const ANONYMOUS = 7;

/**
 * Where the simulated heap differs from a run for the first time, in words;
 * undefined: nowhere. With `ownPages` resident pages are compared, too: so many
 * of the program's own are written by its first request.
 */
export async function firstMisplaced(
  { spec: text, trace, output }: PlacedRun,
  look: Look = () => {},
  ownPages?: number,
): Promise<string | undefined> {
  const bytes = (text: string) => [new TextEncoder().encode(text)];
  const spec = parseSpec(text, ALLOCATORS);
  const found = await readMaps("run", () => bytes(output));
  const memory = spec.entry.process!(spec.values, found)!;
  const { heap, source } = newHeap(spec, 1, memory);
  const session = new Session(heap, source);
  const lines = output.split("\n");
  const real = lines.filter((line) => /^\d/.test(line));
  const pages = new Map(
    lines.filter((line) => line.startsWith("S ")).map((line) => {
      const column = line.split(" ").map(Number.parseFloat);
      return [column[1]!, column[ANONYMOUS]! * 1024 / PAGE];
    }),
  );
  const base = source.residentBytes! / PAGE - (ownPages ?? 0);
  const input = openTrace("trace", () => bytes(trace));
  for await (const block of input.blocks()) {
    for (let i = 0; i < block.length; i++) {
      if (isMark(block.op[i]!)) continue;
      runRows(input, session, block, i, i + 1);
      const { op } = session;
      const line = `${op - 1} ${answer(block, i)}`;
      if (line !== real[op - 1]) return `${real[op - 1]} is ${line} here`;
      look(op, () => heap.check());
      const want = pages.get(op);
      if (ownPages === undefined || want === undefined) continue;
      const got = source.residentBytes! / PAGE - base;
      if (got !== want - pages.get(0)!) {
        return `${want - pages.get(0)!} pages after ${op} are ${got} here`;
      }
    }
  }
  return session.op === real.length ? undefined : `${real.length} operations`;

  function answer(block: Block, i: number): string {
    const op = block.op[i]!;
    if (op === Op.FREE) return "-";
    const address = session.addressOf(block.slot[i]!);
    if (address < 0) return "0";
    return `${address.toString(16)} ${heap.usableSize(address)}`;
  }
}
