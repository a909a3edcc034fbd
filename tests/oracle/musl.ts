/**
 * The simulated musl beside what `place.c` printed of the real one.
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

/** A run of the real malloc. */
export interface MuslRun {
  /** How the program is linked. */
  build: "static" | "dyn";
  /** What it writes into its blocks. */
  fill: "none" | "all";
  /** What it asked, in the `.rep` form. */
  trace: string;
  /** What it got. */
  output: string;
}

/** Column of an S line: kilobytes of anonymous pages. */
const ANONYMOUS = 7;

/**
 * Where the simulated heap differs from a recorded run for the first time, in
 * words; undefined: nowhere. Resident pages are compared where all is written:
 * elsewhere they depend on what the kernel does at a read. `look` may check the
 * heap after every operation.
 */
export async function firstMuslDifference(
  { build, fill, trace, output }: MuslRun,
  look: (op: number, check: () => void) => void = () => {},
): Promise<string | undefined> {
  const bytes = (text: string) => [new TextEncoder().encode(text)];
  const spec = parseSpec(`musl:build=${build}:fill=${fill}`, ALLOCATORS);
  const found = await readMaps("run", () => bytes(output));
  const memory = spec.entry.process!(spec.values, found)!;
  for (const [from, to] of memory.donated ?? []) memory.touch(from, to - from);
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
  // The first request of a static program writes its own variables, too.
  const base = source.residentBytes! / PAGE - (build === "static" ? 1 : 0);
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
      if (fill === "none" || want === undefined) continue;
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
