/**
 * Why a heap answered as it did, in words, by how it looked before and after.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import { FreeList } from "../../allocators/freelist/free_list.ts";
import { addressText, type Seen } from "./heap_line.ts";

/** What the sequential fits say of the hole they take. */
const TAKES: Readonly<Record<string, string>> = {
  first_fit: "the lowest that holds",
  best_fit: "the smallest that holds",
  next_fit: "the next, from the last placement on, that holds",
  worst_fit: "the largest, so it holds",
};

/** A heap around a request. */
export interface Around {
  /** Name of its entry. */
  name: string;
  heap: Allocator;
  before: readonly Seen[];
  after: readonly Seen[];
}

/** Why the block at `address` was handed out. */
export function servedBecause(around: Around, address: number): string {
  const { name, heap, before, after } = around;
  if (heap instanceof FreeList) return heap.explain();
  const way = heap.explain?.();
  const block = after.find(({ start }) => start === address);
  const same = before.find(({ start, kind }) =>
    start === address && kind === "live"
  );
  const words = same
    ? "stays where it is"
    : block
    ? placed(TAKES[name], before, block)
    : "";
  return [way, words].filter(Boolean).join("; ") || "served";
}

/** What became of the block that was at `address`. */
export function freedHow(around: Around, address: number): string {
  const { heap, before, after } = around;
  if (heap instanceof FreeList) return heap.explain();
  const old = before.find(({ start }) => start === address);
  const now = after.find((block) => holds(block, address));
  if (!old || !now) return "given back to the system";
  if (now.kind === "cached") return `kept${now.list ? ` in ${now.list}` : ""}`;
  const at = addressText(now.start);
  const below = now.start < old.start - old.header;
  const above = now.start + now.bytes > old.start + old.bytes;
  const hole = `a hole of ${now.bytes} at ${at}`;
  if (!below && !above) return hole;
  const with_ = below && above ? "below and above" : below ? "below" : "above";
  return `joined with what is free ${with_}: ${hole}`;
}

/** How `block` came out of what was free before. */
function placed(
  takes: string | undefined,
  before: readonly Seen[],
  { start, bytes, header }: Seen,
): string {
  const need = bytes + header;
  const hole = before.find((block) =>
    (block.kind === "free" || block.kind === "cached") && holds(block, start)
  );
  if (!hole) return `no hole holds ${need}: new memory`;
  const left = hole.start + hole.bytes - start - bytes;
  const skipped = start - header - hole.start;
  const rest = [
    ...(skipped > 0 ? [`${skipped} skipped below`] : []),
    left > 0 ? `split, ${left} left` : "taken whole",
  ].join(", ");
  const at = addressText(hole.start);
  if (left < 0) {
    return `the hole of ${hole.bytes} at ${at} was lengthened by new memory`;
  }
  if (takes && hole === before.at(-1)) {
    // A hole that reaches the end of a fixed arena is its wilderness.
    return `no hole holds ${need}: the wilderness of ${hole.bytes} at ${at} ` +
      `serves; ${rest}`;
  }
  if (hole.kind === "cached") {
    const list = hole.list ? ` in ${hole.list}` : "";
    return `the block of ${hole.bytes} at ${at}${list}; ${rest}`;
  }
  const why = takes ? ` is ${takes} ${need}` : "";
  return `hole of ${hole.bytes} at ${at}${why}; ${rest}`;
}

function holds({ start, bytes }: Seen, address: number): boolean {
  return start <= address && address < start + bytes;
}
