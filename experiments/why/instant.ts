/**
 * The instant at which a heap is looked at.
 *
 * @module
 */
import { unknownName } from "../../allocators/names.ts";
import type { Spec } from "../../allocators/entry.ts";
import type { TouchPolicy } from "../replay/replay.ts";
import type { Trace } from "../traces/trace.ts";
import type { Curve } from "./curve.ts";
import type { Facts } from "./facts.ts";
import { play, sceneOf, Stops } from "./run.ts";

/** Instants that have to be found. */
const FOUND = ["waste", "peak"];

/** An instant. */
export interface Instant {
  /** Operations done. */
  op: number;
  /** What it is, in words. */
  words: string;
}

/**
 * What `at` means: a number of operations, the name of a mark (the last of that
 * name), `end`; undefined for `waste` and `peak`, which a replay finds. A mark
 * comes first. Throws `RangeError` for anything else.
 */
export function instantOf(
  at: string,
  { operations, marks }: Facts,
): Instant | undefined {
  const mark = marks.findLast(({ name, op }) => name === at && op > 0);
  if (mark) return { op: mark.op, words: `at the mark ${at}` };
  if (FOUND.includes(at)) return undefined;
  if (at === "end") return { op: operations, words: "at the end" };
  const op = /^\d{1,15}$/.test(at) ? Number(at) : NaN;
  if (op >= 1 && op <= operations) {
    return { op, words: op === operations ? "at the end" : "as asked for" };
  }
  if (!Number.isNaN(op)) {
    throw new RangeError(
      `--at ${at}: the trace has operations 1..${operations}`,
    );
  }
  const known = [...new Set(marks.map(({ name }) => name)), "end", ...FOUND];
  throw new RangeError(
    unknownName(`instant "${at}" (a number of operations, a mark)`, at, known),
  );
}

/** The stop at which most resident memory was not in use. */
export function wasteOf(
  { live, resident }: Curve,
  stops: readonly number[],
): Instant {
  let most = 0;
  for (let i = 1; i < stops.length; i++) {
    if (resident[i]! - live[i]! >= resident[most]! - live[most]!) most = i;
  }
  const last = most === stops.length - 1;
  return {
    op: stops[most]!,
    words: `${
      last ? "the end, and " : ""
    }when most resident memory was not in use`,
  };
}

/** The operation after which most memory had been resident at once. */
export async function peakOf(
  trace: Trace,
  spec: Spec,
  touch: TouchPolicy,
  { peak, peakStop }: Curve,
  stops: readonly number[],
): Promise<Instant> {
  const { os, session } = sceneOf(spec, touch);
  const first = (stops[peakStop - 1] ?? 0) + 1;
  const near = Array.from(
    { length: stops[peakStop]! - first + 1 },
    (_, i) => first + i,
  );
  let op = stops[peakStop]!;
  await play(
    trace,
    session,
    new Stops(near, () => {
      if (os.peakResidentBytes < peak) return;
      op = session.op;
      return true;
    }),
  );
  return { op, words: "in which most memory was resident" };
}
