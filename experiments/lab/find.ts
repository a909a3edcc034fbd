/**
 * Where something is on the map of a lane: an operation, a block, a peak.
 *
 * @module
 */
import { addressAt, heightOf } from "./folds.ts";
import type { Lane } from "./lane.ts";
import type { Answer, Question, View } from "./protocol.ts";
import { blockWords } from "./states.ts";
import { blocksIn } from "./tables.ts";

/** What is looked for. */
type What = (Question & { kind: "find" })["what"];
/** Where it is. */
type Found = Omit<Answer & { kind: "found" }, "kind" | "ticket">;

/** Where `what` is first; without an operation where nothing is. */
export function find(lane: Lane, what: What): Found {
  const { rectangles, folds, end } = lane;
  if ("op" in what) return { op: Math.min(what.op, end), words: "" };
  if ("peak" in what) {
    const op = what.peak === "live" ? lane.livePeakOp : lane.peakOp;
    return { op, words: `most ${what.peak} after operation ${op}` };
  }
  if ("id" in what) {
    const i = Number(what.id);
    return Number.isInteger(i) && i >= 0 && i < rectangles.length
      ? foundBlock(lane, i)
      : { words: `There is no object ${what.id}` };
  }
  if ("address" in what) {
    const i = firstAt(lane, heightOf(folds, what.address));
    return i >= 0 ? foundBlock(lane, i) : { words: "No block ever lay there" };
  }
  const least = blocksIn(lane, what.smallestAt)
    .reduce((a, b) => area(lane, b) < area(lane, a) ? b : a, -1);
  return least < 0 ? { words: "No block lies here" } : foundBlock(lane, least);
}

function foundBlock(lane: Lane, i: number): Found {
  const { rectangles: { birth, address }, folds } = lane;
  return {
    op: birth[i]!,
    words: blockWords(lane, i)[0]!,
    address: addressAt(folds, address[i]!),
    view: around(lane, i),
  };
}

/** The first block that ever held the height `y`; -1: none. */
function firstAt({ rectangles }: Lane, y: number): number {
  for (let i = 0; i < rectangles.length; i++) {
    const low = rectangles.address[i]!;
    if (low <= y && y < low + Math.max(1, rectangles.bytes[i]!)) return i;
  }
  return -1;
}

function area({ rectangles: { birth, death, bytes }, end }: Lane, i: number) {
  if (i < 0) return Infinity;
  return bytes[i]! * (Math.min(death[i]!, end + 1) - birth[i]!);
}

/** A view in which block i can be made out. */
function around({ rectangles, end }: Lane, i: number): View {
  const { birth, death, address, bytes } = rectangles;
  const life = Math.min(death[i]!, end + 1) - birth[i]!;
  const [x, y] = [8 * Math.max(1, life), 8 * Math.max(16, bytes[i]!)];
  return {
    x0: Math.max(0, birth[i]! - x / 2),
    x1: Math.min(end + 1, birth[i]! + life + x / 2),
    y0: Math.max(0, address[i]! - y / 2),
    y1: address[i]! + bytes[i]! + y / 2,
  };
}
