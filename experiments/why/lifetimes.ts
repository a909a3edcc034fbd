/**
 * How long objects live, for some of the groups that they fall into.
 *
 * @module
 */
import { isMark } from "../replay/replay.ts";
import { Op, type Trace } from "../traces/trace.ts";
import { isRequest } from "./facts.ts";

/** Lifetimes below this are counted exactly, others within 1 in so many. */
const EXACT = 64;
const STEPS = 32;
const BUCKETS = EXACT + 47 * STEPS;

/** Lifetimes of the objects of a group, in operations. */
export class Lifetimes {
  /** Objects allocated, and those freed. */
  born = 0;
  freed = 0;
  readonly #counts = new Float64Array(BUCKETS);

  /** An object was freed `operations` >= 1 after its allocation. */
  add(operations: number): void {
    this.freed++;
    this.#counts[bucketOf(operations)]!++;
  }

  /**
   * The median, where an object that is never freed outlives all others;
   * Infinity if it is one of those.
   */
  get median(): number {
    let left = (this.born + 1) / 2;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.#counts[bucket]!;
      if (left <= 0) return valueOf(bucket);
    }
    return Infinity;
  }
}

/** How to group objects: by their site and size; -1: in no group. */
export type GroupOf = (site: number, size: number) => number;

/** The lifetimes of `groups` groups in all of `trace`. */
export async function lifetimesOf(
  trace: Trace,
  groups: number,
  groupOf: GroupOf,
): Promise<Lifetimes[]> {
  const all = Array.from({ length: groups }, () => new Lifetimes());
  // By slot: operation of the birth, 0 without an object; its group.
  const birth: number[] = [];
  const group: number[] = [];
  let now = 0;
  const end = (slot: number) => {
    if (birth[slot]) all[group[slot]!]?.add(now - birth[slot]);
    birth[slot] = 0;
  };
  for await (const { op, slot, size, site, length } of trace.blocks()) {
    for (let i = 0; i < length; i++) {
      const code = op[i]!;
      if (isMark(code)) continue;
      now++;
      const s = slot[i]!;
      if (code === Op.FREE || code === Op.REALLOC) { if (s >= 0) end(s); }
      if (!isRequest(code) || code === Op.REALLOC && size[i] === 0) continue;
      birth[s] = now;
      group[s] = groupOf(site[i]!, size[i]!);
      const lifetimes = all[group[s]!];
      if (lifetimes) lifetimes.born++;
    }
  }
  return all;
}

function bucketOf(value: number): number {
  if (value < EXACT) return value;
  const octave = Math.floor(Math.log2(value));
  const step = Math.floor((value / 2 ** octave - 1) * STEPS);
  return Math.min(BUCKETS - 1, EXACT + (octave - 6) * STEPS + step);
}

/** The least value of a bucket. */
function valueOf(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const octave = 6 + Math.floor((bucket - EXACT) / STEPS);
  return Math.round(
    2 ** octave * (1 + (bucket - EXACT) % STEPS / STEPS),
  );
}
