/**
 * What a heap answers, request by request, as text: the form in which the
 * answers of a real allocator can be recorded too.
 *
 *     <op> H <offset> <usable>   in the heap: hexadecimal offset from its start
 *     <op> M <offset> <usable>   in a mapping: hexadecimal offset in its page
 *     <op> 0                     NULL
 *     <op> -                     no request for memory
 *
 * Operations count from 0; marks of phases and clients do not count.
 *
 * @module
 */
import {
  type Address,
  type Allocator,
  NULL,
} from "../../allocators/allocator.ts";
import { PAGE } from "../../allocators/pages.ts";
import { runRows, type Session } from "./replay.ts";
import { Op, type Trace } from "./trace.ts";

/** Characters of a piece of text. */
const PIECE = 2 ** 16;

/** Whether an operation answers with an address. */
const ANSWERS: readonly number[] = [
  Op.MALLOC,
  Op.CALLOC,
  Op.REALLOC,
  Op.MEMALIGN,
];

/**
 * Replays `trace` in `session` on `heap`, whose memory begins at `start`, and
 * yields the lines in pieces of some length.
 */
export async function* addressLines(
  trace: Trace,
  session: Session,
  heap: Allocator,
  start: Address,
): AsyncGenerator<string> {
  let text = "";
  let count = 0;
  for await (const block of trace.blocks()) {
    for (let i = 0; i < block.length; i++) {
      const op = block.op[i]!;
      runRows(trace, session, block, i, i + 1);
      if (op === Op.PHASE || op === Op.CLIENT) continue;
      text += ANSWERS.includes(op)
        ? answer(count, session.addressOf(block.slot[i]!), heap, start)
        : `${count} -\n`;
      count++;
      if (text.length < PIECE) continue;
      yield text;
      text = "";
    }
  }
  yield text;
}

function answer(
  op: number,
  address: Address,
  heap: Allocator,
  start: Address,
): string {
  if (address === NULL) return `${op} 0\n`;
  const usable = heap.usableSize(address);
  return heap.where?.(address) === "mapping"
    ? `${op} M ${(address % PAGE).toString(16)} ${usable}\n`
    : `${op} H ${(address - start).toString(16)} ${usable}\n`;
}
