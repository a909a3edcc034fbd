/**
 * A replay as ltrace would have printed it, with the addresses of the simulated
 * heap. villoc draws it.
 *
 * @module
 */
import { NULL } from "../../allocators/allocator.ts";
import { Op, type Trace } from "../traces/trace.ts";
import { runRows, type Session } from "./replay.ts";

/** The lines, a piece for each block of `trace`. */
export async function* ltraceText(
  trace: Trace,
  session: Session,
): AsyncGenerator<string> {
  const address = (slot: number) => {
    const found = slot < 0 ? NULL : session.addressOf(slot);
    return found === NULL ? undefined : `0x${found.toString(16)}`;
  };
  for await (const block of trace.blocks()) {
    let text = "";
    for (let i = 0; i < block.length; i++) {
      const [op, slot] = [block.op[i]!, block.slot[i]!];
      const { size, extra } = block;
      const old = op <= Op.MEMALIGN ? address(slot) ?? "0" : "0";
      runRows(trace, session, block, i, i + 1);
      if (op === Op.FREE) text += `free(${old}) = <void>\n`;
      if (op > Op.MEMALIGN || op === Op.FREE) continue;
      const bytes = BigInt(size[i]!);
      const call = op === Op.MALLOC
        ? `malloc(${bytes})`
        : op === Op.CALLOC
        ? `calloc(1, ${bytes})`
        : op === Op.REALLOC
        ? `realloc(${old}, ${bytes})`
        : `memalign(${extra[i]}, ${bytes})`;
      text += `${call} = ${address(slot) ?? "nil"}\n`;
    }
    yield text;
  }
}
