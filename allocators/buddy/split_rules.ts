/**
 * Buddy systems whose halves differ: the lengths of blocks, and what a block
 * of each splits into.
 *
 * @module
 */

/** Entry k of every array belongs to order k; lengths ascend. */
export interface SplitRules {
  /** Pages of a block. */
  readonly pages: Float64Array;
  /** Order of the low part of a split block. */
  readonly low: Int8Array;
  /** Order of the high part, not longer than the low one. */
  readonly high: Int8Array;
}

/**
 * Lengths 1, 2, 3, 5, 8, ... up to `most` pages: each splits into the two
 * before it. After D. S. Hirschberg, A Class of Dynamic Memory Allocation
 * Algorithms (1973).
 */
export function fibonacciRules(most: number): SplitRules {
  const pages = [1];
  for (let next = 2; next <= most; next = pages.at(-1)! + (pages.at(-2) ?? 1)) {
    pages.push(next);
  }
  return {
    pages: Float64Array.from(pages),
    low: Int8Array.from(pages, (_, k) => k - 1),
    high: Int8Array.from(pages, (_, k) => Math.max(0, k - 2)),
  };
}

/**
 * Lengths 1, 2, 3, 4, 6, 8, 12, ... up to `most` pages: 2^k splits into three
 * quarters and one, 3 * 2^k into two thirds and one. After K. K. Shen and J.
 * L. Peterson, A Weighted Buddy Method for Dynamic Storage Allocation (1974).
 */
export function weightedRules(most: number): SplitRules {
  const pages = [1];
  for (let power = 2; power <= most; power *= 2) {
    pages.push(power);
    if (power * 1.5 <= most) pages.push(power * 1.5);
  }
  // order of a block of n pages
  const order = (n: number) => pages.indexOf(n);
  const low = pages.map((n, k) => n === 2 ? 0 : k - 1);
  return {
    pages: Float64Array.from(pages),
    low: Int8Array.from(low),
    high: Int8Array.from(pages, (n, k) => order(n - (pages[low[k]!] ?? 0))),
  };
}
