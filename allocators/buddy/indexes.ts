/**
 * How fragmented free memory is, from the number of free blocks per order.
 *
 * The first three are the kernel's own, in its integer arithmetic (Linux 6.12,
 * mm/vmstat.c); all take `blocks[k]`, the free blocks of order k, and the
 * `order` of the request in question.
 *
 * @module
 */

/** Free blocks per order. */
export type FreeBlocks = ArrayLike<number>;

/** Free pages, free blocks, and blocks of `order` that could be had. */
function sums(
  blocks: FreeBlocks,
  order: number,
): { pages: number; count: number; suitable: number } {
  let pages = 0;
  let count = 0;
  let suitable = 0;
  for (let k = 0; k < blocks.length; k++) {
    const n = blocks[k]!;
    pages += n * 2 ** k;
    count += n;
    if (k >= order) suitable += n * 2 ** (k - order);
  }
  return { pages, count, suitable };
}

/**
 * Thousandths of free memory that cannot serve `order`: 0 all of it can, 1000
 * none (or none is free).
 */
export function unusableFreeIndex(blocks: FreeBlocks, order: number): number {
  const { pages, suitable } = sums(blocks, order);
  if (pages === 0) return 1000;
  return Math.trunc((pages - suitable * 2 ** order) * 1000 / pages);
}

/**
 * Why `order` cannot be served, in thousandths: toward 0 memory is short,
 * toward 1000 it is fragmented; -1000: it can be served. Other values below 0
 * occur where memory is very short; 0 also if nothing is free.
 */
export function fragmentationIndex(blocks: FreeBlocks, order: number): number {
  const { pages, count, suitable } = sums(blocks, order);
  if (count === 0) return 0;
  if (suitable > 0) return -1000;
  const requests = Math.trunc(pages * 1000 / 2 ** order);
  return 1000 - Math.trunc((1000 + requests) / count);
}

/** Percent of free memory that cannot serve `order`; 0 if none is free. */
export function extfragForOrder(blocks: FreeBlocks, order: number): number {
  const { pages, suitable } = sums(blocks, order);
  if (pages === 0) return 0;
  return Math.trunc((pages - suitable * 2 ** order) * 100 / pages);
}

/** Share of free memory that can serve `order`, in [0, 1]; 0 if none is free. */
export function availability(blocks: FreeBlocks, order: number): number {
  const { pages, suitable } = sums(blocks, order);
  return pages > 0 ? suitable * 2 ** order / pages : 0;
}

/**
 * Sawicki's index 1 - sqrt(sum f^2) / sum f over the lengths f of the free
 * blocks, in [0, 1): 0 if all free memory is one block, or none is free.
 */
export function sawicki(blocks: FreeBlocks): number {
  let pages = 0;
  let squares = 0;
  for (let k = 0; k < blocks.length; k++) {
    pages += blocks[k]! * 2 ** k;
    squares += blocks[k]! * 4 ** k;
  }
  return pages > 0 ? 1 - Math.sqrt(squares) / pages : 0;
}
