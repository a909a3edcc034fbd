/**
 * A trace without some of its objects: what the heap would look like if they
 * lay elsewhere, in a pool or a mapping of their own.
 *
 * @module
 */
import { isMark } from "../replay/replay.ts";
import { type Block, Op, type Trace } from "../traces/trace.ts";
import { isRequest } from "./facts.ts";

/**
 * `trace` in which the requests with the numbers `births`, from 1 on, ask for
 * nothing, and nothing happens to their objects. Operations keep their numbers.
 */
export function without(trace: Trace, births: readonly number[]): Trace {
  const all = new Set(births);
  return {
    name: trace.name,
    names: trace.names,
    async *blocks() {
      const absent = new Set<number>(); // slots whose object lies elsewhere
      let op = 0;
      for await (const block of trace.blocks()) {
        const copy = block.copy();
        for (let i = 0; i < copy.length; i++) {
          if (isMark(copy.op[i]!)) continue;
          if (all.has(++op)) remove(copy, i, absent);
          else if (isOf(copy, i, absent)) vanish(copy, i, absent);
        }
        yield copy;
      }
    },
  };
}

/** Row `i` asks for an object that lies elsewhere; what it held is freed. */
function remove(block: Block, i: number, absent: Set<number>): void {
  const slot = block.slot[i]!;
  const resized = block.op[i] === Op.REALLOC && !absent.has(slot);
  absent.add(slot);
  block.op[i] = Op.FREE;
  if (!resized) block.slot[i] = -1;
}

/** Whether row `i` is about an object that lies elsewhere. */
function isOf(block: Block, i: number, absent: ReadonlySet<number>): boolean {
  const op = block.op[i]!;
  const about = isRequest(op) || op === Op.FREE || op === Op.WRITE ||
    op === Op.READ;
  return about && absent.has(block.slot[i]!);
}

/** Row `i` does nothing here. */
function vanish(block: Block, i: number, absent: Set<number>): void {
  const op = block.op[i]!;
  const frees = op === Op.FREE || op === Op.REALLOC && block.size[i] === 0;
  if (frees) absent.delete(block.slot[i]!);
  block.op[i] = Op.FREE;
  block.slot[i] = -1;
}
