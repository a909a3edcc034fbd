/**
 * Every resident byte of a process, by what it is there for.
 *
 * A page counts as a whole: it is resident for all that lies on it. What is on
 * no block of the heap's walk is a page tail; it is looked for in the gaps
 * between the blocks, so that the sum is a check and not a definition:
 *
 *     resident = live + rounding + headers + cached + free inside + top
 *                + others' + page tails
 *
 * @module
 */
import { invariant } from "../../allocators/allocator.ts";
import type { Lists } from "../../allocators/machine/causes.ts";
import type { Scene } from "./run.ts";

/** A line of the ledger. */
export interface Entry {
  /** What the bytes are. */
  name: string;
  /** Resident bytes. */
  bytes: number;
  /** What that means. */
  meaning: string;
}

/** The resident memory of a process at an instant. */
export interface Ledger {
  /** Its entries, without those of 0 bytes; they sum to `resident`. */
  entries: readonly Entry[];
  /** Bytes resident. */
  resident: number;
  /** Bytes mapped. */
  virtual: number;
  /** Resident bytes of live objects as asked for. */
  live: number;
  /** Resident bytes that are cached or free, top included. */
  retained: number;
}

/** A run of blocks without a gap. */
interface Extent {
  start: number;
  end: number;
}

/** Adds up what is resident. O(blocks + live objects). */
export function ledgerOf({ heap, os, session }: Scene, lists: Lists): Ledger {
  const sums = { live: 0, meta: 0, foreign: 0, inside: 0, top: 0 };
  const cached = new Map<string, number>();
  const extents: Extent[] = [];
  let free = 0; // resident bytes of the last block if it is free
  const endExtent = () => {
    sums.top += free;
    free = 0;
  };
  heap.walk((start, length, kind) => {
    const last = extents.at(-1);
    if (last?.end === start) {
      sums.inside += free;
      free = 0;
      last.end += length;
    } else {
      endExtent();
      extents.push({ start, end: start + length });
    }
    const held = os.residentBytesIn(start, length);
    if (kind === "free") free = held;
    else if (kind === "cached") {
      const list = lists.get(start) ?? "";
      cached.set(list, (cached.get(list) ?? 0) + held);
    } else sums[kind] += held;
  });
  endExtent();
  let live = 0;
  session.eachLive((address, bytes) => {
    live += os.residentBytesIn(address, bytes);
  });
  const byBytes = [...cached].sort((a, b) => b[1] - a[1]);
  const entries = [
    entry("live, as asked for", live, "what the program asked for and holds"),
    entry("rounding", sums.live - live, "usable beyond what was asked for"),
    entry("headers", sums.meta, "headers and the allocator's own tables"),
    ...byBytes.map(([list, bytes]) =>
      entry(
        list ? `cached: ${list}` : "cached",
        bytes,
        "freed, kept on a list for reuse",
      )
    ),
    entry("free inside", sums.inside, "free, with something above it"),
    entry("top", sums.top, "free, at the upper end of its piece of memory"),
    entry("others'", sums.foreign, "somebody else's, between ours"),
    entry("page tails", tails(extents, os), "rest of pages, on no block"),
  ];
  const resident = os.residentBytes;
  const sum = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  invariant(sum === resident, `Ledger: ${sum} of ${resident} bytes`);
  return {
    entries: entries.filter(({ bytes }) => bytes !== 0),
    resident,
    virtual: os.mappedBytes,
    live,
    retained: byBytes.reduce((sum, [, bytes]) => sum + bytes, 0) +
      sums.inside + sums.top,
  };
}

function entry(name: string, bytes: number, meaning: string): Entry {
  return { name, bytes, meaning };
}

/** Resident bytes of the process that lie in none of `extents`. */
function tails(extents: readonly Extent[], os: Scene["os"]): number {
  const sorted = extents.toSorted((a, b) => a.start - b.start);
  let bytes = 0;
  let next = 0;
  for (const [start, end] of os.segments()) {
    let at = start;
    for (; next < sorted.length && sorted[next]!.start < end; next++) {
      const extent = sorted[next]!;
      invariant(extent.start >= at, `Block ${extent.start} overlaps another`);
      bytes += os.residentBytesIn(at, extent.start - at);
      at = extent.end;
    }
    if (at < end) bytes += os.residentBytesIn(at, end - at);
  }
  return bytes;
}
