/**
 * What free blocks add up to, by order.
 *
 * @module
 */
import type { Usage } from "../allocator.ts";

/** The fields of `Usage` that free blocks decide. */
export type FreeUsage = Pick<
  Usage,
  | "free"
  | "largestFree"
  | "freeBlocks"
  | "unavailable4k"
  | "unavailable64k"
  | "unavailable2m"
>;

/** Sums over `blocks[k]` free blocks of `bytesOf(k)` bytes, ascending in k. */
export function freeUsage(
  blocks: ArrayLike<number>,
  bytesOf: (order: number) => number,
): FreeUsage {
  const usage = {
    free: 0,
    largestFree: 0,
    freeBlocks: 0,
    unavailable4k: 0,
    unavailable64k: 0,
    unavailable2m: 0,
  };
  for (let order = 0; order < blocks.length; order++) {
    const count = blocks[order]!;
    if (count === 0) continue;
    const block = bytesOf(order);
    usage.free += count * block;
    usage.freeBlocks += count;
    usage.largestFree = block;
    if (block < 2 ** 12) usage.unavailable4k += count * block;
    if (block < 2 ** 16) usage.unavailable64k += count * block;
    if (block < 2 ** 21) usage.unavailable2m += count * block;
  }
  return usage;
}
