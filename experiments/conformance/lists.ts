/**
 * What a heap says of its lists and slabs, beside its blocks: the census counts
 * what lies on the lists, cached blocks are those of the walk, slots are what
 * the walk shows in their place.
 *
 * @module
 */
import {
  type Allocator,
  type BlockKind,
  invariant,
} from "../../allocators/allocator.ts";
import { Slot } from "../../allocators/slab_view.ts";

/** What the walk shows where a slot has a sign. */
const KINDS: Readonly<Record<string, BlockKind>> = {
  [Slot.LIVE]: "live",
  [Slot.CACHED]: "cached",
  [Slot.FREE]: "free",
  [Slot.WAITING]: "free",
};

/** Throws InvariantError if the lists or slabs of `heap` contradict its walk. */
export function checkLists(heap: Allocator): void {
  const { census, eachCached, eachBinned, eachSlab } = heap;
  if (!eachCached && !eachBinned && !eachSlab) return;
  const kinds = new Map<number, BlockKind>();
  const starts: number[] = [];
  let cached = 0;
  heap.walk((start, _, kind) => {
    if (kind === "cached") cached++;
    if (kind === "meta" || kind === "foreign") return;
    kinds.set(start, kind);
    starts.push(start);
  });
  const listed = new Map<string, number>();
  const visit = (expected: BlockKind) => (list: string, start: number) => {
    listed.set(list, (listed.get(list) ?? 0) + 1);
    const kind = kinds.get(start);
    invariant(kind === expected, `${list}: ${start} is ${kind}`);
    if (kind === "cached") cached--;
  };
  if (eachCached) {
    eachCached.call(heap, visit("cached"));
    invariant(cached === 0, `${cached} cached blocks are on no list`);
  }
  eachBinned?.call(heap, visit("free"));
  const rows = new Map(
    census?.call(heap).map(({ list, blocks, most = blocks }) => {
      invariant(blocks <= most, `${list}: ${blocks} blocks of ${most}`);
      return [list, blocks];
    }),
  );
  for (const [list, blocks] of listed) {
    const counted = rows.get(list) ?? 0;
    invariant(counted === blocks, `${list}: ${blocks} of ${counted} are shown`);
  }
  if (eachSlab) checkSlabs(heap, starts, kinds);
}

/** Counts blocks and slots by kind, in all slabs together. */
function checkSlabs(
  heap: Allocator,
  starts: readonly number[],
  kinds: ReadonlyMap<number, BlockKind>,
): void {
  const balance: Partial<Record<BlockKind, number>> = {};
  const add = (kind: BlockKind, n: number) =>
    balance[kind] = (balance[kind] ?? 0) + n;
  const ranges: [number, number][] = [];
  heap.eachSlab!(({ of, start, bytes, count, slots }) => {
    const signs = slots();
    invariant(signs.length === count, `${of}: ${signs} has not ${count} slots`);
    ranges.push([start, start + bytes]);
    for (const sign of signs) {
      const kind = KINDS[sign];
      if (kind) add(kind, 1);
    }
  });
  ranges.sort(([a], [b]) => a - b);
  let [next, end] = [0, -1];
  for (const start of starts) {
    // A slab may lie in a slot of another one.
    while (next < ranges.length && ranges[next]![0] <= start) {
      end = Math.max(end, ranges[next++]![1]);
    }
    if (start < end) add(kinds.get(start)!, -1);
  }
  for (const [kind, n] of Object.entries(balance)) {
    invariant(n === 0, `Slabs and walk differ by ${n} ${kind} blocks`);
  }
}
