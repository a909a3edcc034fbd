/**
 * Traces as the C replayer reads them.
 *
 * @module
 */
import { Op, type Trace } from "../../experiments/traces/trace.ts";

const LETTERS: Readonly<Record<number, string>> = {
  [Op.MALLOC]: "a",
  [Op.CALLOC]: "c",
  [Op.REALLOC]: "r",
  [Op.FREE]: "f",
  [Op.MEMALIGN]: "m",
  [Op.TRIM]: "t",
  [Op.MALLOPT]: "o",
  [Op.SBRK]: "k",
  [Op.THREAD]: "T",
  [Op.THREAD_END]: "E",
};

/** The requests of `trace` as the C replayer reads them: no marks, no touches. */
export async function plainText(trace: Trace): Promise<string> {
  const lines = ["0", "0", "0", "0"];
  for await (const { length, op, slot, size, extra } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      const letter = LETTERS[op[i]!];
      if (letter === undefined) continue;
      const words: (string | number)[] = [letter];
      const thread = op[i]! >= Op.THREAD;
      if (op[i]! <= Op.MEMALIGN || thread) words.push(slot[i]!);
      if (op[i] === Op.MEMALIGN || op[i] === Op.MALLOPT) words.push(extra[i]!);
      if (op[i] !== Op.FREE && !thread) words.push(size[i]!);
      lines.push(words.join(" "));
    }
  }
  return lines.join("\n") + "\n";
}
