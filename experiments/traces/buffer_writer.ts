/**
 * Traces as buffers with lifetimes, the form that lifetimes.ts describes. Time
 * is the number of requests and frees so far. A block that is reallocated is
 * two buffers; what is live at the end lives until then.
 *
 * @module
 */
import { Op, type Trace } from "./trace.ts";

/** The rows of `trace` in the order in which buffers end. */
export async function* writeBuffers(trace: Trace): AsyncGenerator<string> {
  yield "id,lower,upper,size\n";
  const born: number[] = []; // by slot: when its buffer began; -1: none
  const bytes: number[] = [];
  let [time, id] = [0, 0];
  let text = "";
  const end = (slot: number) => {
    if ((born[slot] ?? -1) < 0) return;
    text += `${id++},${born[slot]},${time},${BigInt(bytes[slot]!)}\n`;
    born[slot] = -1;
  };
  for await (const { op, slot, size, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      const s = slot[i]!;
      if (op[i]! > Op.MEMALIGN || s < 0) continue;
      const isLive = (born[s] ?? -1) >= 0;
      end(s);
      const isFree = op[i] === Op.FREE ||
        op[i] === Op.REALLOC && size[i] === 0 && isLive;
      if (!isFree) {
        born[s] = time;
        bytes[s] = size[i]!;
      }
      time++;
    }
    yield text;
    text = "";
  }
  for (let slot = 0; slot < born.length; slot++) end(slot);
  yield text;
}
